package io.secateur.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Times whole processes of the installed command line, and asks processes for what they measure.
 */
final class Commands {
  private final Path launcher;

  Commands(Path launcher) {
    this.launcher = launcher;
  }

  /** Returns the seconds of several starts; one before these makes caches. */
  List<Double> seconds(String argument, int starts) throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    for (int start = 0; start <= starts; start++) {
      long before = System.nanoTime();
      Process process =
          new ProcessBuilder(launcher.toString(), argument)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("%s %s ended with code %d".formatted(launcher, argument, code));
      }
      if (start > 0) {
        seconds.add((System.nanoTime() - before) / 1e9);
      }
    }
    return seconds;
  }
}
