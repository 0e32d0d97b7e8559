package io.secateur.sparsity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One budget of any size, possibly over several weights. Keys are counted by their leading 16 bits,
 * then those that share the cut's leading bits by the next 16, until the cut's key and the number
 * of its equals in every lane are known; a last pass prunes. Memory does not grow with the budget.
 */
final class Pool {
  private static final int DIGIT = Cut.DIGIT;
  static final int DIGITS = 1 << DIGIT;

  /** Some units of one weight, from {@code first} on, before {@code end}. */
  record Span(Units units, long first, long end) {
    long size() {
      return end - first;
    }
  }

  /** The spans of one thread, and its counts. */
  private static final class Lane {
    final List<Span> spans = new ArrayList<>();
    long[] counts = {};
    Chunk chunk = new Chunk(0);
    long equals;

    /** Makes what passes by digits need. */
    void prepare() {
      if (counts.length == 0) {
        counts = new long[DIGITS];
        chunk = new Chunk(Chunk.UNITS);
      }
    }
  }

  private final List<Lane> lanes;
  private final int digits;
  private final Quota quota;

  private Pool(List<Span> spans, Quota quota) {
    this.lanes = lanes(spans);
    this.digits = spans.get(0).units().digits();
    this.quota = quota;
  }

  /** Prunes of all these units together as many as the quota says. */
  static void prune(List<Span> spans, Quota quota) {
    new Pool(spans, quota).prune(spans);
  }

  private static List<Lane> lanes(List<Span> spans) {
    long size = spans.stream().mapToLong(Span::size).sum();
    int lanes = Lanes.worth(size);
    List<Lane> result = new ArrayList<>();
    result.add(new Lane());
    long taken = 0;
    for (Span span : spans) {
      long first = span.first();
      while (first < span.end()) {
        long room = Math.max(0, Lanes.end(result.size() - 1, lanes, size) - taken);
        // Words belong to one lane: a span is divided where a word ends.
        long end = Math.min((first + room + Bits.WORD - 1) & -Bits.WORD, span.end());
        if (end > first) {
          result.get(result.size() - 1).spans.add(new Span(span.units(), first, end));
        }
        taken += Math.max(0, end - first);
        first = Math.max(first, end);
        if (first < span.end()) {
          result.add(new Lane());
        }
      }
    }
    return result;
  }

  private void prune(List<Span> spans) {
    long size = spans.stream().mapToLong(Span::size).sum();
    if (!quota.limited() && Bracket.suits(spans, size)) {
      long remaining =
          spans.stream().mapToLong(span -> span.units().remaining(span.first(), span.end())).sum();
      long more = quota.amount().more(size, remaining);
      List<List<Span>> shares = lanes.stream().map(lane -> lane.spans).toList();
      if (more > 0 && more < remaining) {
        Sample sample = Sample.of(shares, size);
        if (Bracket.prune(sample, shares, remaining, more)
            || Ties.prune(sample, shares, remaining, more)) {
          quota.more(size, remaining);
          return;
        }
      }
    }
    // The first pass is made whatever the amount, for it finds every score that is NaN.
    Lanes.each(lanes, lane -> count(lane, 0, 0));
    long remaining = size - totals(lanes)[DIGITS - 1];
    long more = quota.more(size, remaining);
    if (quota.limited()) {
      double limit = quota.amount().limit();
      apply(Cut.through(spans.get(0).units().keyAtMost(limit)));
    } else if (more == remaining) {
      apply(Cut.ALL);
    } else if (more > 0) {
      apply(cut(more));
    }
  }

  private Cut cut(long rank) {
    Cut cut =
        Cut.ofRank(
            rank,
            digits,
            totals(lanes),
            (level, known) -> {
              Lanes.each(lanes, lane -> count(lane, level, known));
              return totals(lanes);
            });
    int last = Cut.digit(cut.key(), digits - 1);
    for (Lane lane : lanes) {
      lane.equals = lane.counts[last];
    }
    return cut;
  }

  /**
   * Returns how many remaining units of one weight have each next digit, of those whose leading
   * digits are known; the last digit of the first level also has those that are pruned.
   */
  static long[] counts(Units units, int level, long known) {
    List<Lane> lanes = lanes(List.of(new Span(units, 0, units.size)));
    Lanes.each(lanes, lane -> count(lane, level, known));
    return totals(lanes);
  }

  /**
   * Prunes of one weight what a cut says.
   *
   * @param equals how many with the cut's own key go at most
   * @return how many of these are left to go
   */
  static long prune(Units units, Cut cut, long equals) {
    Lane lane = new Lane();
    lane.spans.add(new Span(units, 0, units.size));
    lane.equals = equals;
    return apply(lane, cut.key()).equals;
  }

  private static long[] totals(List<Lane> lanes) {
    if (lanes.size() == 1) {
      return lanes.get(0).counts;
    }
    long[] totals = new long[DIGITS];
    for (Lane lane : lanes) {
      for (int digit = 0; digit < DIGITS; digit++) {
        totals[digit] += lane.counts[digit];
      }
    }
    return totals;
  }

  /** Counts, by their next digit, the keys whose leading digits are known. */
  private static Lane count(Lane lane, int level, long known) {
    lane.prepare();
    long[] counts = lane.counts;
    Arrays.fill(counts, 0);
    int shift = Long.SIZE - DIGIT * (level + 1);
    for (Span span : lane.spans) {
      for (long first = span.first(); first < span.end(); first += Chunk.UNITS) {
        int length = (int) Math.min(Chunk.UNITS, span.end() - first);
        span.units().read(first, length, lane.chunk);
        count(lane.chunk.keys, length, counts, shift, known);
      }
    }
    return lane;
  }

  private static void count(long[] keys, int length, long[] counts, int shift, long known) {
    if (shift == Long.SIZE - DIGIT) {
      for (int i = 0; i < length; i++) {
        counts[(int) (keys[i] >>> shift) ^ (DIGITS >> 1)]++;
      }
    } else {
      for (int i = 0; i < length; i++) {
        long digits = (keys[i] ^ Long.MIN_VALUE) >>> shift;
        if (digits >>> DIGIT == known) {
          counts[(int) digits & (DIGITS - 1)]++;
        }
      }
    }
  }

  private void apply(Cut cut) {
    long left = cut.equals();
    for (Lane lane : lanes) {
      // Equals go in index order: a lane gets what those before it cannot use.
      long share = cut.equals() == Long.MAX_VALUE ? left : Math.min(left, lane.equals);
      lane.equals = share;
      left -= cut.equals() == Long.MAX_VALUE ? 0 : share;
    }
    Lanes.each(lanes, lane -> apply(lane, cut.key()));
  }

  private static Lane apply(Lane lane, long key) {
    lane.prepare();
    for (Span span : lane.spans) {
      for (long first = span.first(); first < span.end(); first += Chunk.UNITS) {
        int length = (int) Math.min(Chunk.UNITS, span.end() - first);
        span.units().read(first, length, lane.chunk);
        lane.equals = span.units().prune(first, length, lane.chunk.keys, key, lane.equals);
      }
    }
    return lane;
  }
}
