package io.secateur.cli;

import io.secateur.data.Download;
import java.io.PrintWriter;

/**
 * Says how far a download is: in one line that is redrawn on a terminal, else a line each tenth.
 */
final class DownloadProgress implements Download.Watch {
  private static final String CLEARED_LINE = "\r\u001b[K";
  private static final long REDRAWN_BYTES = 1 << 18;

  private final PrintWriter err;
  private final boolean terminal;
  private long shown;
  private boolean drawn;

  DownloadProgress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  static DownloadProgress on(PrintWriter err) {
    return new DownloadProgress(err, Terminal.isThere());
  }

  @Override
  public synchronized void begins(String file, long from, long total) {
    shown = tenth(from, total);
    line(
        "%s: %s%s"
            .formatted(
                file,
                total > 0 ? Layout.bytes(total) : "of unknown size",
                from > 0 ? ", going on from " + Layout.bytes(from) : ""));
  }

  @Override
  public synchronized void progresses(String file, long done, long total) {
    if (terminal) {
      if (done - shown >= REDRAWN_BYTES || done == total || done < shown) {
        shown = done;
        err.print(CLEARED_LINE + file + ": " + state(done, total));
        err.flush();
        drawn = true;
      }
    } else if (tenth(done, total) > shown) {
      shown = tenth(done, total);
      line(file + ": " + state(done, total));
    }
  }

  @Override
  public synchronized void ends(String file, boolean before) {
    line(file + ": " + (before ? "is here already" : "whole, its checksum is right"));
  }

  /** Takes away what was drawn. */
  synchronized void undraw() {
    if (drawn) {
      err.print(CLEARED_LINE);
      err.flush();
      drawn = false;
    }
  }

  private static long tenth(long done, long total) {
    return total > 0 ? 10 * done / total : 0;
  }

  private static String state(long done, long total) {
    return total > 0
        ? "%s of %s, %d %%".formatted(Layout.bytes(done), Layout.bytes(total), 100 * done / total)
        : Layout.bytes(done);
  }

  private void line(String text) {
    undraw();
    err.println(text);
    err.flush();
  }
}
