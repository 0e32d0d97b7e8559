package io.secateur.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** From where a sensitivity analysis starts, and how it is run. */
final class SensitivityOptions {
  @Option(
      names = "--at",
      paramLabel = "LABEL",
      description = {
        "Of a study: the label at which the model is taken, or 'start' for the model as opened."
            + " Default: dense, else after the trainings that the pipeline begins with."
      })
  private Optional<String> at = Optional.empty();

  @Option(
      names = "--arm",
      paramLabel = "NAME",
      description = "Of a study whose arms differ before that: the arm.")
  private Optional<String> arm = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Of a study: changes a value, as in 'run'. May be given several times.")
  private List<String> sets = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "LIST",
      description = "Seeds: 1,2,3 or 1..5. Default: the study's; 1 for a checkpoint.")
  private Optional<String> seeds = Optional.empty();

  @Option(
      names = "--set-data",
      paramLabel = "DATASET",
      description = "Of a checkpoint: the data set, as in a study file. Default: the run's.")
  private Optional<String> dataset = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine. Default: the study's, or all processors.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the run. Default: runs/<study>-sensitivity.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "Folder of finished steps. Default: the study's own, else store/ in --out.")
  private Optional<Path> store = Optional.empty();

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Processes that run steps. Default: ${DEFAULT-VALUE}.")
  private int workers = 1;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the table and errors only.")
  private boolean quiet;

  Optional<String> at() {
    return at;
  }

  Optional<String> arm() {
    return arm;
  }

  List<String> sets() {
    return sets;
  }

  Optional<String> seeds() {
    return seeds;
  }

  Optional<String> dataset() {
    return dataset;
  }

  Optional<Integer> threads() {
    return threads;
  }

  Optional<Path> out() {
    return out;
  }

  Optional<Path> store() {
    return store;
  }

  int workers() {
    return workers;
  }

  boolean quiet() {
    return quiet;
  }
}
