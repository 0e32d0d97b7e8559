package io.secateur.cli;

import com.google.inject.Injector;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.DidYouMean;
import io.secateur.plugin.Settings;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.ModelSource;
import io.secateur.spi.TrainingStage;
import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import io.secateur.study.Runs;
import io.secateur.study.Studies;
import io.secateur.study.Study;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The model that a sensitivity analysis starts from, in the words of a study file.
 *
 * @param name the study's
 * @param before what is done to the model first
 * @param folder of the run
 * @param store of the steps that are there already, if there is one
 * @param told what is analysed, in one line
 */
record SensitivitySubject(
    String name,
    List<Long> seeds,
    int threads,
    String data,
    String model,
    Architecture architecture,
    List<LabelledStep> before,
    Path folder,
    Optional<Path> store,
    String told) {
  private static final String DENSE = "dense";
  private static final String START = "start";

  /** Reads studies and checkpoints. */
  record Reader(Injector injector, SensitivityOptions options, ModelOptions model) {

    SensitivitySubject read(String subject) throws IOException {
      if (options.threads().orElse(1) < 1) {
        throw CommandException.badInput(
            "--threads: at least 1, was " + options.threads().orElse(0));
      }
      if (options.workers() < 1) {
        throw CommandException.badInput("--workers: at least 1, was " + options.workers());
      }
      boolean checkpoint =
          Runs.isReference(subject)
              || Files.isDirectory(Path.of(subject))
              || subject.endsWith(".safetensors");
      return checkpoint ? ofCheckpoint(subject) : ofStudy(subject);
    }

    private SensitivitySubject ofStudy(String subject) {
      Path file = ShippedStudies.standard().resolve(subject);
      RunOptions reading =
          new RunOptions(
              Optional.empty(),
              Optional.empty(),
              options.sets(),
              options.seeds(),
              1,
              Optional.empty(),
              RunOptions.STEP_LIMIT,
              RunListener.SILENT);
      Study study = injector.getInstance(Studies.class).read(file, reading);
      List<LabelledStep> before = before(study);
      ModelSource model = model(study);
      boolean untrained = before.isEmpty() && fingerprint(model).isEmpty();
      if (untrained) {
        throw CommandException.badInput(
            "%s: at its start the model is untrained; label the stage that trains it and name that"
                    .formatted(subject)
                + " with --at");
      }
      String name = study.name() + "-sensitivity";
      Path own = Path.of("runs", study.name(), "store");
      return new SensitivitySubject(
          name,
          study.seeds(),
          options.threads().orElse(study.threads()),
          Settings.written(study.data()),
          Settings.written(model),
          model.architecture(study.data().task()),
          before,
          options.out().orElse(Path.of("runs", name)),
          options.store().or(() -> Optional.of(own).filter(Files::isDirectory)),
          before.isEmpty()
              ? "the model of %s as it is opened".formatted(subject)
              : "the model of %s at '%s'"
                  .formatted(subject, before.get(before.size() - 1).label()));
    }

    private static String fingerprint(ModelSource model) {
      try {
        return model.fingerprint();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    /** Returns the model of the arm asked for, or the one of all arms. */
    private ModelSource model(Study study) {
      List<Study.Arm> asked =
          study.arms().stream()
              .filter(arm -> options.arm().map(arm.name()::equals).orElse(true))
              .toList();
      if (asked.stream().map(Study.Arm::model).distinct().count() > 1) {
        throw CommandException.badInput(
            "the arms differ in their model: name one with --arm: "
                + String.join(", ", asked.stream().map(Study.Arm::name).toList()));
      }
      return asked.get(0).model();
    }

    private List<LabelledStep> before(Study study) {
      List<Study.Arm> arms = study.arms();
      List<String> names = arms.stream().map(Study.Arm::name).toList();
      if (options.arm().isPresent()) {
        String asked = options.arm().get();
        Study.Arm arm =
            arms.stream()
                .filter(each -> each.name().equals(asked))
                .findFirst()
                .orElseThrow(
                    () ->
                        CommandException.badInput(
                            "--arm %s: the study has no such arm.%s It has: %s"
                                .formatted(
                                    asked,
                                    DidYouMean.among(asked, names),
                                    String.join(", ", names))));
        return before(arm);
      }
      List<LabelledStep> first = before(arms.get(0));
      for (Study.Arm arm : arms) {
        if (!before(arm).equals(first)) {
          throw CommandException.badInput(
              "the arms differ in how they come to the model: name one with --arm: "
                  + String.join(", ", names));
        }
      }
      return first;
    }

    private List<LabelledStep> before(Study.Arm arm) {
      List<LabelledStep> pipeline = arm.pipeline();
      String asked = options.at().orElse(DENSE);
      if (options.at().isPresent() && asked.equals(START)) {
        return List.of();
      }
      List<String> labels = new ArrayList<>();
      for (int i = 0; i < pipeline.size(); i++) {
        if (pipeline.get(i).label().equals(asked)) {
          return pipeline.subList(0, i + 1);
        }
        labels.add(pipeline.get(i).label());
      }
      labels.removeIf(String::isEmpty);
      labels.add(START);
      if (options.at().isPresent()) {
        throw CommandException.badInput(
            "--at %s: the pipeline has no such label.%s It has: %s"
                .formatted(asked, DidYouMean.among(asked, labels), String.join(", ", labels)));
      }
      int trained = 0;
      while (trained < pipeline.size() && pipeline.get(trained).step() instanceof TrainingStage) {
        trained++;
      }
      List<LabelledStep> first = new ArrayList<>(pipeline.subList(0, trained));
      if (trained > 0 && first.get(trained - 1).label().isEmpty()) {
        first.set(trained - 1, new LabelledStep(first.get(trained - 1).step(), DENSE));
      }
      return first;
    }

    private SensitivitySubject ofCheckpoint(String subject) throws IOException {
      refuse("--at", options.at().isPresent(), subject);
      refuse("--arm", options.arm().isPresent(), subject);
      refuse("--set", !options.sets().isEmpty(), subject);
      Runs runs = injector.getInstance(Runs.class);
      Catalogs catalogs = injector.getInstance(Catalogs.class);
      Checkpoint checkpoint = new Subject.Reader(runs, catalogs, model).checkpoint(subject);
      Optional<Study> study =
          Runs.isReference(subject)
              ? Optional.of(
                  runs.study(Path.of(subject.substring(0, subject.lastIndexOf('#'))), catalogs))
              : Optional.empty();
      String data =
          options
              .dataset()
              .map(text -> Bound.plugin(text, DatasetSource.class, catalogs, "--set-data"))
              .or(() -> study.map(Study::data))
              .map(Settings::written)
              .orElseThrow(
                  () ->
                      CommandException.badInput(
                          subject
                              + ": a file does not say on which data; name a data set, as in"
                              + " --set-data digits"));
      String name = name(subject, study) + "-sensitivity";
      Path folder = options.out().orElse(Path.of("runs", name));
      return new SensitivitySubject(
          name,
          seeds(),
          options
              .threads()
              .or(() -> study.map(Study::threads))
              .orElseGet(() -> Runtime.getRuntime().availableProcessors()),
          data,
          model(subject, checkpoint, study.isPresent(), folder),
          checkpoint.architecture(),
          List.of(),
          folder,
          options.store(),
          subject + " as it is");
    }

    private static void refuse(String option, boolean given, String subject) {
      if (given) {
        throw CommandException.badInput(
            "%s belongs to a study, and %s is a checkpoint".formatted(option, subject));
      }
    }

    private List<Long> seeds() {
      String list = options.seeds().orElse("1");
      if (!list.matches("[0-9]{1,18}(,[0-9]{1,18})*")) {
        throw CommandException.badInput(
            "--seeds %s: for a checkpoint, seeds are written 1,2,3".formatted(list));
      }
      return List.of(list.split(",", -1)).stream().map(Long::parseLong).distinct().toList();
    }

    private static String name(String subject, Optional<Study> study) {
      String place = study.isPresent() ? subject.substring(subject.lastIndexOf('#') + 1) : "";
      String named =
          study
              .map(known -> known.name() + "-" + place)
              .orElse(String.valueOf(Path.of(subject).getFileName()).replace(".safetensors", ""));
      String plain = named.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
      return plain.isEmpty() ? "checkpoint" : plain;
    }

    /** A run's checkpoint lies in a store, by its key: it is written out to be a model. */
    private String model(String subject, Checkpoint checkpoint, boolean stored, Path folder)
        throws IOException {
      Path path = Path.of(subject);
      if (stored) {
        path = folder.resolve("checkpoint");
        if (!Files.exists(path)) {
          Files.createDirectories(folder);
          CheckpointFiles.write(checkpoint, path);
        } else if (!CheckpointFiles.read(path).equals(checkpoint)) {
          throw CommandException.badInput(
              "%s holds another checkpoint; give this analysis a folder of its own with --out"
                  .formatted(path));
        }
      } else if (model.model().isPresent() && Files.isRegularFile(path)) {
        return "{pretrained: {model: %s, file: %s}}"
            .formatted(model.model().get(), Settings.written(subject));
      }
      return "{checkpoint: {path: %s}}".formatted(Settings.written(path.toString()));
    }
  }
}
