package io.secateur.cli;

import io.secateur.study.Plan;
import io.secateur.study.RunListener;
import java.io.PrintWriter;
import java.util.Set;
import java.util.stream.Stream;

/** Shows on standard error how a run gets on. */
abstract sealed class Progress implements RunListener, AutoCloseable
    permits BarProgress, LineProgress, QuietProgress {
  private boolean planned;

  /** Returns a bar on a terminal, lines elsewhere, and nothing where quiet is asked for. */
  static Progress of(PrintWriter err, boolean quiet, boolean verbose, int workers) {
    if (quiet) {
      return new QuietProgress(err);
    }
    return Terminal.isThere()
        ? new BarProgress(err, verbose, workers)
        : new LineProgress(err, verbose);
  }

  @Override
  public void planned(Plan plan, Set<String> done) {
    planned = true;
  }

  /** Returns whether the study could be read and planned. */
  final boolean isPlanned() {
    return planned;
  }

  /** Returns a piece of work as one reads it: {@code imp seed 2 round 3 prune}. */
  static String name(Piece piece) {
    return "%s seed %d%s %s"
        .formatted(
            piece.arm(),
            piece.seed(),
            piece.round() == 0 ? "" : " round " + piece.round(),
            piece.what());
  }

  /**
   * Returns whether to print a line that a step says, whoever asks: of epochs, of what was made
   * smaller, or a warning.
   */
  static boolean isForAll(String line) {
    return Stream.of("epoch ", "warning", "stopped after ", "kept epoch ", "compacted: ", "left: ")
        .anyMatch(line::startsWith);
  }

  /** Returns what of a plan is done already, as one says it. */
  static String opening(Plan plan, Set<String> done) {
    int arms = plan.study().arms().size();
    int seeds = plan.study().seeds().size();
    return "%s: %d steps (%s, %s)%s"
        .formatted(
            plan.study().name(),
            plan.nodes().size(),
            Layout.counted(arms, "arm"),
            Layout.counted(seeds, "seed"),
            done.isEmpty() ? "" : ", " + done.size() + " of them done already");
  }

  @Override
  public void close() {}
}
