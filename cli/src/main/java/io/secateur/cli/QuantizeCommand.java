package io.secateur.cli;

import com.google.inject.Injector;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.WholeFiles;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Settings;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Metric;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import io.secateur.study.RunOptions;
import io.secateur.study.RunOutcome;
import io.secateur.study.Runs;
import io.secateur.study.Studies;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur quantize}. */
@Command(
    name = "quantize",
    header = "Rounds a checkpoint to integers of 8 bits, and says what that costs.",
    description = {
      "Runs the stage quantize on a checkpoint, as a study would, and measures it before and after on"
          + " the data set's test split. Prints a table of its weights, sizes and losses, and writes"
          + " the result: a checkpoint folder whose model.safetensors holds integers.",
      "",
      "Settings are those of the stage: 'describe quantize' lists them. A run's checkpoint is"
          + " calibrated and measured on the run's data set unless another is named."
    },
    footer = {
      "",
      "Examples:",
      "  secateur quantize 'runs/quickstart#imp/1/3' -o small",
      "  secateur quantize model.safetensors --model lenet-300-100 --set-data mnist",
      "      -o small",
      "  secateur quantize 'runs/quickstart#imp/1/3' --set activations=dynamic",
      "      --set rounding=gptq -o small"
    })
final class QuantizeCommand implements Callable<Integer> {
  private static final String STAGE = "quantize";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "CHECKPOINT",
      description = "A folder, a safetensors file, or RUN#arm/seed/round.")
  private String checkpoint = "";

  @Option(
      names = "--set",
      paramLabel = "SETTING=VALUE",
      description = {
        "Changes a setting of the stage, as a study file writes it: activations=none, or"
            + " 'range={percentile: 99.99}'. May be given several times."
      })
  private List<String> sets = List.of();

  @Option(
      names = "--set-data",
      paramLabel = "DATASET",
      description = {
        "The data set, as in a study file: mnist, or '{mnist: {crop: 20}}'. Default: the run's."
      })
  private Optional<String> dataset = Optional.empty();

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "OUT",
      description = "The folder to write: whole, or not at all.")
  private Path out = Path.of("");

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine. Default: all processors.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the table and errors only.")
  private boolean quiet;

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private SetupOptions setup = new SetupOptions();

  @Override
  public Integer call() throws IOException {
    checkOut();
    int lanes = threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    if (lanes < 1) {
      throw CommandException.badInput("--threads: at least 1, was " + lanes);
    }
    Injector injector = setup.injector();
    Catalogs catalogs = injector.getInstance(Catalogs.class);
    Runs runs = injector.getInstance(Runs.class);
    Stage stage = stage(catalogs);
    Checkpoint before = new Subject.Reader(runs, catalogs, model).checkpoint(checkpoint);
    stage
        .refusal(before.quantization().isPresent())
        .ifPresent(
            reason -> {
              throw CommandException.badInput(checkpoint + ": " + reason);
            });
    DatasetSource data = data(runs, catalogs);
    if (!before.architecture().input().equals(data.task().input())) {
      throw CommandException.badInput(
          "%s takes examples of %s, those of '%s' are %s"
              .formatted(
                  checkpoint, before.architecture().input(), data.name(), data.task().input()));
    }
    Path work = Files.createTempDirectory("secateur-quantize");
    try {
      CheckpointFiles.write(before, work.resolve("checkpoint"));
      Path study = work.resolve("quantize.yaml");
      List<Metric> metrics = metrics(catalogs, data.task());
      Files.writeString(study, text(stage, data, metrics, work.resolve("checkpoint"), lanes));
      return run(injector, study, work.resolve("run"), before, metrics);
    } finally {
      WholeFiles.delete(work);
    }
  }

  private void checkOut() {
    if (Files.exists(out)) {
      throw CommandException.badInput(
          "-o %s: is there already; delete it first, or choose another place".formatted(out));
    }
    Path parent = out.toAbsolutePath().normalize().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw CommandException.badInput("-o %s: there is no folder %s".formatted(out, parent));
    }
  }

  /** Returns the stage with its settings, written as a study would. */
  private Stage stage(Catalogs catalogs) {
    List<String> settings = new ArrayList<>();
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1 || equals == set.length() - 1) {
        throw CommandException.badInput(
            "--set %s: a setting is written activations=none".formatted(set));
      }
      settings.add(set.substring(0, equals) + ": " + set.substring(equals + 1));
    }
    String written =
        settings.isEmpty() ? STAGE : "{%s: {%s}}".formatted(STAGE, String.join(", ", settings));
    return Bound.plugin(written, Stage.class, catalogs, sets.isEmpty() ? "the stage" : "--set");
  }

  private DatasetSource data(Runs runs, Catalogs catalogs) {
    if (dataset.isPresent()) {
      return Bound.plugin(dataset.get(), DatasetSource.class, catalogs, "--set-data");
    }
    if (!Runs.isReference(checkpoint)) {
      throw CommandException.badInput(
          checkpoint
              + ": a file does not say on which data; name a data set, as in --set-data digits");
    }
    Path run = Path.of(checkpoint.substring(0, checkpoint.lastIndexOf('#')));
    return runs.study(run, catalogs).data();
  }

  /** Returns all metrics of predictions that suit the data: they cost one pass together. */
  private static List<Metric> metrics(Catalogs catalogs, Task task) {
    List<Metric> metrics = new ArrayList<>();
    for (Catalog.Entry<Metric.OfPredictions> entry :
        catalogs.of(Metric.OfPredictions.class).entries()) {
      Metric.OfPredictions metric = entry.defaults();
      if (metric.suits(task)) {
        metrics.add(metric);
      }
    }
    return metrics;
  }

  private String text(
      Stage stage, DatasetSource data, List<Metric> metrics, Path model, int threads) {
    return """
        # Written by: %s
        study: quantize
        seeds: [1]
        threads: %d
        data: %s
        model: {checkpoint: {path: %s}}
        pipeline:
          - %s
        measure: [%s]
        """
        .formatted(
            Main.typed(spec).replaceAll("\\s+", " "),
            threads,
            Settings.written(data),
            Settings.written(model.toString()),
            Settings.written(stage),
            String.join(", ", metrics.stream().map(Settings::written).toList()));
  }

  private int run(
      Injector injector, Path study, Path folder, Checkpoint before, List<Metric> metrics)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = Progress.of(err, quiet, false, 1);
    RunOutcome outcome =
        RunCommand.run(
            injector.getInstance(Studies.class),
            study,
            new RunOptions().out(folder).listener(progress),
            progress,
            err,
            Main.typed(spec));
    outcome.info().failures().stream()
        .findFirst()
        .ifPresent(
            failure -> {
              throw CommandException.failed(failure.message());
            });
    Checkpoint after = injector.getInstance(Runs.class).read(folder + "#default/1");
    QuantizedTables tables = new QuantizedTables(before, after);
    PrintWriter print = spec.commandLine().getOut();
    print.println(tables.weights());
    print.println();
    print.println(tables.measured(folder.resolve("results.jsonl"), metrics, folder));
    CheckpointFiles.write(after, out);
    print.println();
    print.println("written: " + out);
    print.flush();
    return 0;
  }
}
