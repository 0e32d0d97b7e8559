package io.secateur.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** Runs commands in this process and catches what they print. */
final class Cli {
  private Cli() {}

  /** What a command gave. */
  record Result(int exitCode, String out, String err) {}

  /** The root of the sources. */
  static Path root() {
    return Path.of(System.getProperty("secateur.root", ".."));
  }

  static Result run(String... arguments) {
    // As the launch script says; shipped studies lie there.
    System.setProperty("secateur.home", root().toString());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Result(exitCode, out.toString(), err.toString());
  }
}
