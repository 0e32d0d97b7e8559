package io.secateur.study;

import io.secateur.plugin.Binder;
import io.secateur.plugin.Faults;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the seeds of a study: {@code [1, 2, 3]}, {@code 1..5}, or one number. */
final class Seeding {
  private static final Pattern RANGE = Pattern.compile("(-?\\d{1,18})\\s*\\.\\.\\s*(-?\\d{1,18})");
  private static final int MOST = 10_000;

  private Seeding() {}

  static List<Long> read(Node node, Binder binder, Faults faults) {
    List<Long> seeds;
    if (node instanceof ScalarNode scalar) {
      Matcher range = RANGE.matcher(scalar.getValue());
      if (range.matches()) {
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        if (last < first || last - first >= MOST) {
          faults.add(
              node,
              "a range of seeds goes up and holds at most %d of them, was %s"
                  .formatted(MOST, scalar.getValue()));
          return List.of();
        }
        seeds = LongStream.rangeClosed(first, last).boxed().toList();
      } else {
        seeds = binder.bind(node, Long.class).map(List::of).orElse(List.of());
      }
    } else {
      int before = faults.size();
      seeds = binder.bindList(node, Long.class).orElse(List.of());
      if (seeds.isEmpty() && faults.size() == before) {
        faults.add(node, "expected at least one seed");
      }
    }
    if (new HashSet<>(seeds).size() < seeds.size()) {
      faults.add(node, "a seed is given twice; each is one replicate");
    }
    return seeds;
  }

  /** Returns the override that {@code --seeds} means: {@code 1,2,3} or {@code 1..5}. */
  static String override(String written) {
    String seeds = written.strip();
    return "seeds=" + (seeds.contains(",") && !seeds.startsWith("[") ? "[" + seeds + "]" : seeds);
  }
}
