package io.secateur.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * Says how far the pruning of a file is: in one line that is redrawn on a terminal, else a line
 * each quarter of a pass.
 */
final class PruneProgress implements AutoCloseable {
  private static final String CLEARED_LINE = "\r\u001b[K";
  private static final int QUARTERS = 4;

  private final PrintWriter err;
  private final Path file;
  private final boolean silent;
  private final boolean terminal;
  private String shown = "";

  PruneProgress(PrintWriter err, Path file, boolean silent, boolean terminal) {
    this.err = err;
    this.file = file;
    this.silent = silent;
    this.terminal = terminal;
  }

  static PruneProgress of(PrintWriter err, Path file, boolean silent) {
    return new PruneProgress(err, file, silent, Terminal.isThere());
  }

  /**
   * Where a pruning stands.
   *
   * @param last whether this pass decides and writes
   */
  record State(int pass, boolean last, long done, long total) {
    /** Returns it as the child writes it. */
    String text() {
      return "%d %b %d %d".formatted(pass, last, done, total);
    }

    static State of(String text) {
      String[] parts = text.split(" ", 4);
      return new State(
          Integer.parseInt(parts[0]),
          Boolean.parseBoolean(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]));
    }

    private long share(int of) {
      return total == 0 ? of : of * done / total;
    }
  }

  /** Shows what the child wrote. */
  void show(String text) {
    if (silent || text.isEmpty()) {
      return;
    }
    State state = State.of(text);
    long percent = terminal ? state.share(100) : 100 / QUARTERS * state.share(QUARTERS);
    String pass = state.last() ? "last pass" : "pass " + state.pass();
    String line = "%s: %s, %d %%".formatted(file, pass, percent);
    if (line.equals(shown)) {
      return;
    }
    shown = line;
    if (terminal) {
      err.print(CLEARED_LINE + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Takes away what was drawn. */
  @Override
  public void close() {
    if (terminal && !shown.isEmpty()) {
      err.print(CLEARED_LINE);
      err.flush();
    }
  }
}
