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
    String table = summary.table(Terminal.width()).stripTrailing();
    // A heading alone means that nothing was measured, as the sentences say.
    boolean empty = table.endsWith("-");
    if (!empty) {
      out.println(table);
    }
    if (!quiet) {
      if (!empty) {
        out.println();
      }
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
