package io.secateur.cli;

import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A study and what may be changed about it when it is planned or run. */
final class StudyOptions {
  @Parameters(
      paramLabel = "STUDY",
      description = "A study file, or the name of one that 'secateur studies' lists.")
  private String study = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the run: results and report. Default: runs/<study>.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = {
        "Folder of finished steps; studies that share one share the steps that they have in"
            + " common. Default: store/ in the run's folder."
      })
  private Optional<Path> store = Optional.empty();

  @Mixin private SetupOptions setup = new SetupOptions();

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = {
        "Changes a value of the study: threads=1, pipeline.0.train.epochs=1. May be given"
            + " several times; the report lists the changes."
      })
  private List<String> sets = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "LIST",
      description = "Seeds instead of the study's: 1,2,3 or 1..5.")
  private Optional<String> seeds = Optional.empty();

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "Processes that run steps, each with the study's threads. Their number changes no result;"
            + " what is timed runs alone. Default: ${DEFAULT-VALUE}."
      })
  private int workers = 1;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "Heap of each worker process: 512m, 8g. Default: a quarter of the machine's memory.")
  private Optional<String> memory = Optional.empty();

  /** Returns the study's file. */
  Path file() {
    return ShippedStudies.standard().resolve(study);
  }

  SetupOptions setup() {
    return setup;
  }

  int workers() {
    return workers;
  }

  RunOptions options(RunListener listener) {
    return new RunOptions(
        out, store, sets, seeds, workers, memory, RunOptions.STEP_LIMIT, listener);
  }
}
