package io.secateur.report;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time in ONNX Runtime, as its quantity's name says: {@code
 * onnx-latency/batch-64/threads-1/median}.
 *
 * @param threads of the runtime; 0 for as many as the engine has
 * @param statistic of the repetitions; throughput is examples a second
 */
record RuntimeTiming(int batch, int threads, String statistic) {
  private static final Pattern NAME =
      Pattern.compile("onnx-latency/batch-([0-9]{1,9})/threads-(all|[0-9]{1,9})/([a-z0-9]+)");

  /** Returns what a name says; nothing for the names of other quantities. */
  static Optional<RuntimeTiming> of(String quantity) {
    Matcher name = NAME.matcher(quantity);
    if (!name.matches()) {
      return Optional.empty();
    }
    String threads = name.group(2);
    return Optional.of(
        new RuntimeTiming(
            Integer.parseInt(name.group(1)),
            threads.equals("all") ? 0 : Integer.parseInt(threads),
            name.group(3)));
  }

  boolean median() {
    return statistic.equals("median");
  }

  /** Returns what was measured, in words. */
  String what() {
    return statistic.equals("throughput") ? "ONNX Runtime throughput" : "ONNX Runtime latency";
  }

  /** Returns the circumstances; of a throughput there is one statistic. */
  String words() {
    String circumstances = "batch %d, %s".formatted(batch, threadsInWords());
    return statistic.equals("throughput") ? circumstances : circumstances + ", " + statistic;
  }

  private String threadsInWords() {
    return threads == 0 ? "all threads" : Words.count(threads, "thread");
  }

  /**
   * Returns the circumstances of a median where the number of threads is known.
   *
   * @param engine threads that the engine has
   */
  String words(int engine) {
    return "batch %d, %s".formatted(batch, Words.count(threads == 0 ? engine : threads, "thread"));
  }
}
