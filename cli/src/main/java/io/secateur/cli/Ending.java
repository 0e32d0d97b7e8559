package io.secateur.cli;

import io.secateur.report.Summary;
import io.secateur.report.TensorBoard;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

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
      summary
          .closing()
          .forEach(line -> Layout.wrapped(line, "", Layout.WIDTH).forEach(out::println));
    }
    out.println("report: " + summary.page());
    out.flush();
  }

  /** Writes events for TensorBoard, and prints where they are. */
  static void events(Path run, Path folder, PrintWriter out) throws IOException {
    TensorBoard.Written written = TensorBoard.write(run, folder);
    written.notes().forEach(out::println);
    out.println(
        "tensorboard: %s, %s".formatted(folder, Layout.counted(written.files().size(), "file")));
    out.flush();
  }
}
