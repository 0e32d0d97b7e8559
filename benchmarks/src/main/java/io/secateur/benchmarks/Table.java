package io.secateur.benchmarks;

import io.secateur.benchmarks.Cost.Limit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Turns seconds into lines of Markdown. */
final class Table {
  static final String HEAD =
      """
      | group | what | must touch | time | ns each | rate | of limit | peer | ours / peer |
      | :--- | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\
      """;
  static final String MEMORY_HEAD =
      """
      | group | what | scores | extra on the heap | extra beside it | extra / scores |
      | :--- | :--- | ---: | ---: | ---: | ---: |\
      """;

  private final Map<Limit, Double> limits = new EnumMap<>(Limit.class);
  private final boolean peerless;

  /**
   * A table.
   *
   * @param peerless whether there is no peer on this machine
   */
  Table(boolean peerless) {
    this.peerless = peerless;
  }

  /** Remembers the highest rate measured as a limit of the machine. */
  void limit(Row row, List<Double> seconds) {
    limits.merge(row.cost().limit(), row.cost().rate(median(seconds)), Math::max);
  }

  /** Returns a row's line. */
  String line(Row row, List<Double> seconds, List<Double> peer) {
    double time = median(seconds);
    Limit limit = row.cost().limit();
    double rate = row.cost().rate(time);
    Double highest = limits.get(limit);
    return "| %s | %s | %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            row.group(),
            row.what(),
            row.cost().amount() == 0 ? "" : amount(row.cost()),
            time(time),
            row.items() == 0 ? "" : number(time / row.items() * 1e9),
            row.cost().amount() == 0 ? "" : number(rate) + " " + limit.unit(),
            highest == null ? "" : "%.0f %%".formatted(100 * rate / highest),
            row.peer().isEmpty() ? "" : peer(peer),
            peer.isEmpty() ? "" : number(time / median(peer)));
  }

  private String peer(List<Double> seconds) {
    if (seconds.isEmpty()) {
      return peerless ? "no torch" : "not there";
    }
    return time(median(seconds));
  }

  private static String amount(Cost cost) {
    boolean operations = cost.limit() == Limit.FLOAT32 || cost.limit() == Limit.FLOAT64;
    return operations
        ? number(cost.amount() / 1e9) + " GFLOP"
        : number(cost.amount() / 1e6) + " MB";
  }

  private static String time(double seconds) {
    return seconds < 1 ? number(seconds * 1e3) + " ms" : number(seconds) + " s";
  }

  /** Three digits that count. */
  private static String number(double value) {
    if (value >= 100) {
      return "%.0f".formatted(value);
    }
    if (value >= 10) {
      return "%.1f".formatted(value);
    }
    return value >= 1 ? "%.2f".formatted(value) : "%.3f".formatted(value);
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
