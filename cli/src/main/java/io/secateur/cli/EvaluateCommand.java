package io.secateur.cli;

import com.google.inject.Injector;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Settings;
import io.secateur.study.Runs;
import io.secateur.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur evaluate}. */
@Command(
    name = "evaluate",
    header = "Measures a checkpoint on a data set's test split.",
    description = {
      "In a process of its own. A run's checkpoint is measured on the run's data set unless another"
          + " is named."
    },
    footer = {
      "",
      "Examples:",
      "  secateur evaluate 'runs/quickstart#imp/1/3'",
      "  secateur evaluate model.safetensors --model lenet-300-100 --set-data mnist",
      "  secateur evaluate 'runs/quickstart#imp/1/3' --measure accuracy,latency"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "CHECKPOINT",
      description = "A folder, a safetensors file, or RUN#arm/seed/round.")
  private String checkpoint = "";

  @Option(
      names = "--set-data",
      paramLabel = "DATASET",
      description = {
        "The data set, as in a study file: mnist, or '{mnist: {crop: 20}}'. Default: the run's."
      })
  private Optional<String> dataset = Optional.empty();

  @Option(
      names = "--measure",
      paramLabel = "METRIC",
      split = ",",
      description = "Metrics, joined by commas. Default: those of predictions, and sparsity.")
  private List<String> metrics = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine. Default: the run's, or all processors.")
  private Optional<Integer> threads = Optional.empty();

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private SetupOptions setup = new SetupOptions();

  @Override
  public Integer call() throws IOException {
    if (!checkpoint.contains("#") && !Files.exists(Path.of(checkpoint))) {
      throw Subject.absent(checkpoint);
    }
    Optional<Study> study = study();
    String data =
        dataset
            .or(() -> study.map(known -> Settings.written(known.data())))
            .orElseThrow(
                () ->
                    CommandException.badInput(
                        checkpoint
                            + ": a file does not say on which data; name a data set, as in"
                            + " --set-data digits"));
    int processors = Runtime.getRuntime().availableProcessors();
    EvaluateQuestion question =
        new EvaluateQuestion(
            checkpoint,
            model,
            data,
            metrics,
            threads.orElseGet(() -> study.map(Study::threads).orElse(processors)),
            setup.setup());
    if (question.threads() < 1) {
      throw CommandException.badInput("--threads: at least 1, was " + question.threads());
    }
    Map<String, String> answer =
        ChildJvm.answer(
            "io.secateur.cli.EvaluateChild", question.asMap(), question.threads(), "evaluates");
    print(answer, data);
    return 0;
  }

  /**
   * The study of the run that a reference names; its files are read before a process is started.
   */
  private Optional<Study> study() {
    if (!Runs.isReference(checkpoint)) {
      return Optional.empty();
    }
    Injector injector = setup.injector();
    Runs runs = injector.getInstance(Runs.class);
    runs.resolve(checkpoint);
    Path run = Path.of(checkpoint.substring(0, checkpoint.lastIndexOf('#')));
    return dataset.isPresent()
        ? Optional.empty()
        : Optional.of(runs.study(run, injector.getInstance(Catalogs.class)));
  }

  private void print(Map<String, String> answer, String data) {
    List<List<String>> rows = new ArrayList<>();
    answer.forEach(
        (name, value) -> {
          String[] parts = value.split(" ", 2);
          double number = Double.parseDouble(parts[0]);
          rows.add(List.of(name.substring(name.indexOf(' ') + 1), Layout.number(number), parts[1]));
        });
    spec.commandLine().getOut().println(checkpoint + " on the test split of " + data);
    spec.commandLine().getOut().println();
    spec.commandLine().getOut().println(Layout.table(List.of("measured", "value>", "unit"), rows));
  }
}
