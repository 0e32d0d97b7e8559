package io.secateur.study;

import io.secateur.study.Plan.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the rest of a plan will take: time from how long steps of the same kind took before in this
 * store, disk from the number of parameters. Workers divide the time, but for what is timed, which
 * runs alone, and what follows from each other.
 */
final class Estimate {
  private final double seconds;
  private final long unknown;
  private final long bytes;

  private Estimate(double seconds, long unknown, long bytes) {
    this.seconds = seconds;
    this.unknown = unknown;
    this.bytes = bytes;
  }

  /**
   * Estimates.
   *
   * @param done the keys that need not be run
   * @param parameters of the model as opened, all of which a checkpoint may hold anew
   * @param workers among which the steps are divided
   */
  static Estimate of(
      Plan plan, Set<String> done, Collection<Manifest> before, long parameters, int workers) {
    Map<String, Double> usual =
        before.stream()
            .collect(
                Collectors.groupingBy(
                    manifest -> kind(manifest.provenance()),
                    Collectors.averagingDouble(manifest -> manifest.made().seconds())));
    List<Node> left = plan.nodes().stream().filter(node -> !done.contains(node.key())).toList();
    Map<String, Double> ends = new HashMap<>();
    double longest = 0;
    double divided = 0;
    double alone = 0;
    long unknown = 0;
    for (Node node : left) {
      Double known = usual.get(kind(node.provenance()));
      unknown += known == null ? 1 : 0;
      double seconds = known == null ? 0 : known;
      if (node.isTimed()) {
        alone += seconds;
      } else {
        double start =
            node.needs().stream().mapToDouble(need -> ends.getOrDefault(need, 0.0)).max().orElse(0);
        ends.put(node.key(), start + seconds);
        longest = Math.max(longest, start + seconds);
        divided += seconds;
      }
    }
    long checkpoints = left.stream().filter(node -> !(node.work() instanceof Plan.Measure)).count();
    return new Estimate(
        alone + Math.max(longest, divided / workers),
        unknown,
        checkpoints * parameters * Float.BYTES);
  }

  /** What is run, without what it starts from: the settings, and where a training is cut. */
  static String kind(String provenance) {
    return provenance
        .lines()
        .filter(
            line ->
                line.startsWith("model ")
                    || line.startsWith("stage ")
                    || line.startsWith("metric ")
                    || line.startsWith("until "))
        .collect(Collectors.joining("\n"));
  }

  String time() {
    if (unknown > 0 && seconds == 0) {
      return "unknown until one has run";
    }
    String known = "about " + duration(seconds);
    return unknown == 0
        ? known
        : known + ", and " + unknown + " steps of a kind that has not run here yet";
  }

  String disk() {
    return "at most " + size(bytes);
  }

  static String duration(double seconds) {
    if (seconds < 90) {
      return Math.round(seconds) + " s";
    }
    long minutes = Math.round(seconds / 60);
    return minutes < 90 ? minutes + " min" : "%d h %02d min".formatted(minutes / 60, minutes % 60);
  }

  static String size(long bytes) {
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
