package io.secateur.cli;

import io.secateur.study.Plan;
import java.io.PrintWriter;
import java.util.Set;

/** Prints a line for every step and every epoch, for pipes and files. */
final class LineProgress extends Progress {
  /** A measurement that takes less is told to the verbose only. */
  private static final double LONG_SECONDS = 2;

  private final PrintWriter err;
  private final boolean verbose;

  LineProgress(PrintWriter err, boolean verbose) {
    this.err = err;
    this.verbose = verbose;
  }

  @Override
  public void planned(Plan plan, Set<String> done) {
    super.planned(plan, done);
    print(opening(plan, done));
  }

  @Override
  public void said(Piece piece, String line) {
    if (verbose || isForAll(line)) {
      print("%s %s: %s".formatted(number(piece), name(piece), line));
    }
  }

  @Override
  public void finished(Piece piece, double seconds) {
    boolean quick = piece.node().work() instanceof Plan.Measure && seconds < LONG_SECONDS;
    if (verbose || !quick) {
      print("%s %s  %s".formatted(number(piece), name(piece), Layout.duration(seconds)));
    }
  }

  @Override
  public void failed(Piece piece, String message) {
    print("%s %s  failed: %s".formatted(number(piece), name(piece), message));
  }

  @Override
  public void warned(String line) {
    print("warning: " + line);
  }

  private void print(String line) {
    if (!Interruption.isUnderWay()) {
      err.println(line);
      err.flush();
    }
  }

  private static String number(Piece piece) {
    int digits = Integer.toString(piece.total()).length();
    return ("[%" + digits + "d/%d]").formatted(piece.number(), piece.total());
  }
}
