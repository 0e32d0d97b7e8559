package io.secateur.cli;

import io.secateur.report.Report;
import io.secateur.report.Summary;
import io.secateur.report.TensorBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur report}. */
@Command(
    name = "report",
    header = "Writes a run's tables, figures and report.html again.",
    description = {"From the results in the run's folder; nothing is run or measured."},
    footer = {
      "",
      "Examples:",
      "  secateur report runs/quickstart",
      "  secateur report runs/quickstart --tensorboard events"
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The folder of a run.")
  private Path folder = Path.of("");

  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description =
          "Also writes the run's numbers and weights as events for TensorBoard:"
              + " DIR/arm/seed-1/events.out.tfevents.*. Those of the run that are there are"
              + " replaced.")
  private Optional<Path> events = Optional.empty();

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(folder.resolve("run.json"))) {
      throw CommandException.badInput(
          folder + ": is no folder of a finished run: it has no run.json");
    }
    events.ifPresent(TensorBoard::check);
    Summary summary = Report.write(folder);
    Ending.print(summary, spec.commandLine().getOut(), false);
    if (events.isPresent()) {
      Ending.events(folder, events.get(), spec.commandLine().getOut());
    }
    return 0;
  }
}
