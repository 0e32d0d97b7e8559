package io.secateur.study;

import java.nio.file.Path;
import java.time.Clock;

/** Runs a study on toys in a process of its own, which tests may kill. */
public final class ToyRun {
  private ToyRun() {}

  /** Arguments: the study file, the run's folder, the store. */
  public static void main(String[] arguments) throws Exception {
    RunOutcome outcome =
        Lab.studies(Clock.systemUTC())
            .run(
                Path.of(arguments[0]),
                new RunOptions().out(Path.of(arguments[1])).store(Path.of(arguments[2])));
    System.exit(outcome.exitCode());
  }
}
