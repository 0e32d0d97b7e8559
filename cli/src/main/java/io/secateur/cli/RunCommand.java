package io.secateur.cli;

import com.google.inject.Injector;
import io.secateur.plugin.Catalogs;
import io.secateur.report.Report;
import io.secateur.report.Summary;
import io.secateur.report.TensorBoard;
import io.secateur.spi.Plugin;
import io.secateur.study.LoadedClasses;
import io.secateur.study.RunInfo;
import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import io.secateur.study.RunOutcome;
import io.secateur.study.Studies;
import io.secateur.study.Study;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code secateur run}. */
@Command(
    name = "run",
    header = "Runs a study, and writes its report.",
    description = {
      "What is finished already is not run again: an interrupted run continues when the same"
          + " command is given again, and a changed study runs only what the change touches."
    },
    footer = {
      "",
      "Examples:",
      "  secateur run quickstart",
      "  secateur run study.yaml --seeds 1..5 --set pipeline.0.train.epochs=4",
      "  secateur run study.yaml --workers 4 --set threads=1"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StudyOptions study = new StudyOptions();

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the final table and errors only.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Also print every measurement, and per layer what every prune took away.")
  private boolean verbose;

  @Option(
      names = "--check-plugins",
      description = {
        "Before anything else, try the plugins of jars that the study names by the rules of their"
            + " kinds, and run nothing when one breaks them."
      })
  private boolean checkPlugins;

  @Option(
      names = "--step-limit",
      paramLabel = "TIME",
      converter = Silence.class,
      defaultValue = "1h",
      description = {
        "How long a step may give no sign of life, as a plugin that hangs does: 90s, 10m, 2h, or"
            + " off. Lines, progress and looks at examples are signs. Then the step has failed and"
            + " the study goes on. Default: ${DEFAULT-VALUE}."
      })
  private Duration stepLimit = RunOptions.STEP_LIMIT;

  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description =
          "When the run ends, also writes its numbers and weights as events for TensorBoard:"
              + " DIR/arm/seed-1/events.out.tfevents.*. Those of the run that are there are"
              + " replaced.")
  private Optional<Path> events = Optional.empty();

  @Override
  public Integer call() throws IOException {
    if (quiet && verbose) {
      throw new ParameterException(spec.commandLine(), "-q and -v exclude each other");
    }
    if (verbose) {
      // Read by logback.xml, when the first logger is made.
      System.setProperty("secateur.log", "INFO");
    }
    events.ifPresent(TensorBoard::check);
    Path file = study.file();
    PrintWriter err = spec.commandLine().getErr();
    if (checkPlugins) {
      refuseUnruly(file);
    }
    RunOutcome outcome = run(file, err);
    Summary summary = report(outcome.folder());
    Ending.print(summary, spec.commandLine().getOut(), quiet);
    if (events.isPresent()) {
      Ending.events(outcome.folder(), events.get(), spec.commandLine().getOut());
    }
    failures(outcome.info().failures(), quiet, err);
    if (outcome.exitCode() == 0) {
      LoadedClasses.keep();
    }
    return outcome.exitCode();
  }

  /** Checks the plugins of jars that a study names. */
  private void refuseUnruly(Path file) throws IOException {
    Injector injector = study.setup().injector();
    Study read = injector.getInstance(Studies.class).read(file, study.options(RunListener.SILENT));
    PluginCheck check =
        new PluginCheck(
            injector.getInstance(Catalogs.class),
            study.setup().pluginFolders(),
            study.setup().data());
    List<String> violations = new ArrayList<>();
    for (Plugin plugin : check.of(read)) {
      violations.addAll(check.check(plugin).violations());
    }
    if (!violations.isEmpty()) {
      throw CommandException.badInput(String.join("\n", violations));
    }
  }

  /** Writes the report; that it cannot be written is no fault of what was typed. */
  private static Summary report(Path folder) {
    try {
      return Report.write(folder);
    } catch (UncheckedIOException e) {
      throw CommandException.failed(
          String.join("\n", Errors.lines(e))
              + "; the run is finished and kept: 'report "
              + folder
              + "' writes its report",
          e);
    }
  }

  /** Says what did not finish; without -q the lines before the table say why. */
  static void failures(List<RunInfo.Failure> failures, boolean quiet, PrintWriter err) {
    if (quiet) {
      for (RunInfo.Failure failure : failures) {
        Errors.say(
            err,
            "%s seed %d, round %d, %s: %s"
                .formatted(
                    failure.arm(),
                    failure.seed(),
                    failure.round(),
                    failure.stage(),
                    failure.message()));
      }
    } else if (!failures.isEmpty()) {
      Errors.say(
          err,
          Layout.counted(failures.size(), "run")
              + " of an arm and a seed did not finish, see above");
    }
  }

  private RunOutcome run(Path file, PrintWriter err) throws IOException {
    Studies studies = study.setup().injector().getInstance(Studies.class);
    Progress progress = Progress.of(err, quiet, verbose, study.workers());
    return run(
        studies,
        file,
        study.options(progress).stepLimit(stepLimit),
        progress,
        err,
        Main.typed(spec));
  }

  /**
   * Runs a study; what goes wrong once there is a plan is a failure while running.
   *
   * @param again what goes on with the run when it was interrupted
   */
  static RunOutcome run(
      Studies studies,
      Path file,
      RunOptions options,
      Progress progress,
      PrintWriter err,
      String again)
      throws IOException {
    Interruption interruption = Interruption.announced(err, progress, again);
    try {
      return studies.run(file, options);
    } catch (RuntimeException | IOException e) {
      // Once there is a plan, the input was right.
      if (progress.isPlanned()) {
        throw CommandException.failed(String.join("\n", Errors.lines(e)), e);
      }
      throw e;
    } finally {
      progress.close();
      interruption.close();
    }
  }
}
