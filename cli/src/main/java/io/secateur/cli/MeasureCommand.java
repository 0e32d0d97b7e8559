package io.secateur.cli;

import io.secateur.report.Report;
import io.secateur.report.Summary;
import io.secateur.study.CheckpointRef;
import io.secateur.study.Retiming;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur measure}. */
@Command(
    name = "measure",
    header = "Times a run's checkpoints again, on this machine.",
    description = {
      "Takes those of the study's metrics that belong to a machine, such as latency and memory,"
          + " wherever the study measured, and trains nothing: the run's folder with its store is"
          + " all it needs. In rounds through all checkpoints, so that a change of the machine's"
          + " speed meets all alike; the median of the rounds counts.",
      "",
      "Timings go to RUN/timings, a file for each machine, device and number of threads, and the"
          + " report is written again: those of the run's own machine and threads in place of the"
          + " run's, any other in a table of their own."
    },
    footer = {
      "",
      "Examples:",
      "  secateur measure runs/quickstart",
      "  secateur measure runs/quickstart --metric latency --threads 4"
    })
final class MeasureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", description = "The folder of a finished run.")
  private Path run = Path.of("");

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      split = ",",
      description = "Metrics of the study, joined by commas. Default: all that time something.")
  private List<String> metrics = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine. Default: the study's.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each checkpoint is measured. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Mixin private SetupOptions setup = new SetupOptions();

  @Override
  public Integer call() throws IOException {
    Retiming.Options options = new Retiming.Options(metrics, threads, rounds);
    PrintWriter err = spec.commandLine().getErr();
    Path file =
        setup
            .injector()
            .getInstance(Retiming.class)
            .time(run, options, (number, total, place) -> timed(err, number, total, place));
    Summary summary = Report.write(run);
    PrintWriter out = spec.commandLine().getOut();
    out.println("timings: " + file);
    out.println("report: " + summary.page());
    out.flush();
    return 0;
  }

  private static void timed(PrintWriter err, int number, int total, CheckpointRef place) {
    int digits = Integer.toString(total).length();
    err.println(
        ("[%" + digits + "d/%d] %s seed %d%s %s")
            .formatted(
                number,
                total,
                place.arm(),
                place.seed(),
                place.round() == 0 ? "" : " round " + place.round(),
                place.stage()));
    err.flush();
  }
}
