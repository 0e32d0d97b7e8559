package io.secateur.cli;

import io.secateur.report.Summary;
import java.io.PrintWriter;

/** Prints how a run ended: the main table, what it shows, and where the report is. */
final class Ending {
  private Ending() {}

  /**
   * Prints it.
   *
   * @param quiet leaves out all but the table and the report's path
   */
  static void print(Summary summary, PrintWriter out, boolean quiet) {
    out.println(summary.table(Terminal.width()).stripTrailing());
    if (!quiet) {
      out.println();
      summary
          .sentences()
          .forEach(line -> Layout.wrapped(line, "", Layout.WIDTH).forEach(out::println));
      summary.notes().forEach(line -> Layout.wrapped(line, "", Layout.WIDTH).forEach(out::println));
      out.println();
    }
    out.println("report: " + summary.page());
    out.flush();
  }
}
