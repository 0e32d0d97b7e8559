package io.secateur.cli;

import java.io.PrintWriter;

/** Shows warnings only. */
final class QuietProgress extends Progress {
  private final PrintWriter err;

  QuietProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void warned(String line) {
    if (!Interruption.isUnderWay()) {
      Errors.say(err, "warning: " + line);
    }
  }
}
