package io.secateur.study;

import com.google.inject.Inject;
import io.secateur.model.Checkpoint;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.DidYouMean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the checkpoints of runs: {@code RUN#arm/seed/round}. */
public final class Runs {
  /** Runs wherever they lie. */
  @Inject
  public Runs() {}

  /** Returns whether a text names a checkpoint of a run rather than a path. */
  public static boolean isReference(String text) {
    return text.indexOf('#') > 0 && !Files.exists(Path.of(text));
  }

  /**
   * Returns all checkpoints of a run in the order of its arms.
   *
   * @param run a run's folder
   */
  public List<CheckpointRef> checkpoints(Path run) {
    return all(run);
  }

  private static List<CheckpointRef> all(Path run) {
    return RunFile.lines(run.resolve("checkpoints.jsonl"), CheckpointRef.class);
  }

  /**
   * Returns the checkpoint that a reference names: {@code RUN#arm/seed/round}, the last one of that
   * round; {@code RUN#arm/seed}, the last one of all; {@code RUN#arm/seed/label}.
   */
  public CheckpointRef resolve(String reference) {
    return find(reference);
  }

  static CheckpointRef find(String reference) {
    int hash = reference.lastIndexOf('#');
    if (hash < 1) {
      throw new StudyException(
          "expected RUN#arm/seed/round, such as runs/quickstart#imp/1/3, got '%s'"
              .formatted(reference));
    }
    List<CheckpointRef> all =
        all(Path.of(reference.substring(0, hash))).stream()
            .filter(each -> each.branch().isEmpty())
            .toList();
    String name = reference.substring(hash + 1);
    Optional<CheckpointRef> found =
        all.stream().filter(each -> names(each, name)).reduce((first, second) -> second);
    return found.orElseThrow(
        () -> {
          List<String> names = all.stream().map(CheckpointRef::name).distinct().toList();
          return new StudyException(
              "the run has no checkpoint '%s'.%s %s"
                  .formatted(
                      name,
                      DidYouMean.among(name, names),
                      names.isEmpty()
                          ? "It has none."
                          : "It has "
                              + names.get(0)
                              + " to "
                              + names.get(names.size() - 1)
                              + "; 'checkpoints' lists them"));
        });
  }

  /** Returns the folder of the run that a reference names. */
  static Path folder(String reference) {
    return Path.of(reference.substring(0, reference.lastIndexOf('#')));
  }

  private static boolean names(CheckpointRef each, String name) {
    String replicate = each.arm() + "/" + each.seed();
    return name.equals(each.name())
        || name.equals(replicate)
        || (!each.label().isEmpty() && name.equals(replicate + "/" + each.label()));
  }

  /**
   * Returns the study that a run ran, with the changes that were made to it then.
   *
   * @param run a run's folder
   */
  public Study study(Path run, Catalogs catalogs) {
    RunInfo info = info(run);
    return StudyFile.parse(
        run.resolve("study.yaml").toString(), info.text(), info.overrides(), catalogs);
  }

  /** Returns what a run says about itself. */
  static RunInfo info(Path run) {
    return RunFile.read(run.resolve("run.json"), RunInfo.class);
  }

  /**
   * Returns the folder of a run's finished steps: where its checkpoints are said to lie, or {@code
   * store} in its own folder.
   *
   * @param run a run's folder
   */
  public Path store(Path run) {
    if (!Files.exists(run.resolve("checkpoints.jsonl"))
        && Files.isDirectory(run.resolve("store"))) {
      return run.resolve("store");
    }
    Path store =
        run.resolve(
            checkpoints(run).stream().map(CheckpointRef::store).findFirst().orElse("store"));
    if (!Files.isDirectory(store)) {
      throw new StudyException(
          "the checkpoints of %s lie in %s, which is not there".formatted(run, store));
    }
    return store;
  }

  /**
   * Returns the keys of all steps that a run uses, each with the first place that it serves, {@code
   * imp/1/3}, as far as the run's results say; empty where they do not.
   *
   * @param run the folder of a run that has ended
   */
  public Map<String, String> uses(Path run) {
    Map<String, String> uses = new LinkedHashMap<>();
    RunInfo info = info(run);
    Measured files = new Measured(run, info, this);
    files.keys().forEach(key -> uses.put(key, ""));
    for (CheckpointRef ref : checkpoints(run)) {
      uses.replace(ref.key(), "", ref.name());
    }
    files.rows().forEach(row -> uses.replace(row.key(), "", row.place()));
    return uses;
  }

  /** Reads the checkpoint that a reference names. */
  public Checkpoint read(String reference) throws IOException {
    CheckpointRef found = resolve(reference);
    Path run = Path.of(reference.substring(0, reference.lastIndexOf('#')));
    Path store = run.resolve(found.store());
    if (!Files.isDirectory(store)) {
      throw new StudyException(
          "the checkpoints of %s lie in %s, which is not there".formatted(run, store));
    }
    try {
      return Store.reading(store).checkpoint(found.key());
    } catch (DamagedStepException e) {
      throw new StudyException(
          "the checkpoint %s is damaged (%s); running the study again mends it"
              .formatted(reference, e.getMessage()),
          e);
    }
  }
}
