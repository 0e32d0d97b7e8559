package io.secateur.study;

import java.nio.file.Path;

/**
 * How a run ended.
 *
 * @param folder the run's folder, with its results
 */
public record RunOutcome(Path folder, Plan plan, RunInfo info) {
  /** Returns whether every arm finished for every seed. */
  public boolean complete() {
    return info.failures().isEmpty();
  }

  /** Returns the exit status of the process: 0, or 1 when something failed. */
  public int exitCode() {
    return complete() ? 0 : 1;
  }
}
