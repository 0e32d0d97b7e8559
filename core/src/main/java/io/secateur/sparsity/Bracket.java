package io.secateur.sparsity;

import io.secateur.sparsity.Pool.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The quick way through one large budget of floats: a sample says between which two scores its cut
 * lies, one pass decides all units but the few between these, and the cut is found among those.
 * What goes is exactly what {@link Pool} prunes; where the sample misleads, or many units lie
 * between because they are equal, nothing has happened and {@link Pool} does the work.
 */
final class Bracket {
  /** Smaller budgets are done before a sample would pay. */
  private static final long LEAST = 1 << 17;

  /** The sample: so many runs of scores, each a line of a cache long. */
  private static final int RUNS = 1 << 12;

  private static final int RUN = 16;
  private static final int LEAST_SAMPLE = 1 << 10;

  /** The part of a budget that may lie between, at most; beyond it another pass is the cheaper. */
  private static final int PART = 10;

  private final List<List<Span>> shares;
  private final long size;
  private final long remaining;

  /**
   * @param shares what each thread passes over, in index order
   * @param remaining how many of these units are not pruned yet
   */
  private Bracket(List<List<Span>> shares, long size, long remaining) {
    this.shares = shares;
    this.size = size;
    this.remaining = remaining;
  }

  /** Returns whether a budget of these units is worth it. */
  static boolean suits(List<Span> spans, long size) {
    return size >= LEAST && spans.stream().allMatch(span -> span.units() instanceof FloatUnits);
  }

  /**
   * Prunes the lowest of these units.
   *
   * @param more how many go, from 1 to one less than remain
   * @return false when nothing was pruned: another way must be taken
   */
  static boolean prune(List<List<Span>> shares, long size, long remaining, long more) {
    return new Bracket(shares, size, remaining).prune(more);
  }

  private boolean prune(long more) {
    int[] sample = sample();
    if (sample.length < LEAST_SAMPLE) {
      return false;
    }
    double place = (double) more / remaining * sample.length;
    double margin = Math.max(0.015 * sample.length, 2 * Math.sqrt(sample.length));
    int lowest = place < margin ? Integer.MIN_VALUE : sample[(int) (place - margin)];
    int highest =
        place + margin >= sample.length ? Ints.PRUNED - 1 : sample[(int) (place + margin)];
    List<Part> parts = Lanes.each(shares, share -> new Part(share, lowest, highest).decide());
    long lower = parts.stream().mapToLong(part -> part.lower).sum();
    long between = parts.stream().mapToLong(part -> part.count).sum();
    if (parts.stream().anyMatch(part -> part.gaveUp) || more < lower || more > lower + between) {
      Lanes.each(parts, Part::undo);
      return false;
    }
    if (more > lower) {
      cut(parts, more - lower, lowest);
    }
    return true;
  }

  /**
   * Returns the sorted keys of some units that remain, from all over the budget; none when one of
   * their scores is NaN.
   */
  private int[] sample() {
    int[] sample = new int[RUNS * RUN];
    Ints ints = new Ints(RUN);
    int found = 0;
    long before = 0;
    int run = 0;
    for (List<Span> share : shares) {
      for (Span span : share) {
        FloatUnits units = (FloatUnits) span.units();
        for (; run < RUNS && place(run) < before + span.size(); run++) {
          long first = Math.min(span.first() + place(run) - before, span.end() - 1);
          int length = (int) Math.min(RUN, span.end() - first);
          if (!units.read(first, length, ints)) {
            return new int[0];
          }
          for (int i = 0; i < length; i++) {
            sample[found] = ints.keys[i];
            found += ints.keys[i] == Ints.PRUNED ? 0 : 1;
          }
        }
        before += span.size();
      }
    }
    int[] taken = Arrays.copyOf(sample, found);
    Arrays.parallelSort(taken);
    return taken;
  }

  private long place(int run) {
    return (size - RUN) / (RUNS - 1) * run;
  }

  /** Prunes the lowest of the units between, of equals the first in index order. */
  private static void cut(List<Part> parts, long rank, int lowest) {
    long wanted = rank;
    long known = 0;
    long[] counts = new long[Pool.DIGITS];
    for (int shift = 2 * Cut.DIGIT; shift > 0; shift -= Cut.DIGIT) {
      Arrays.fill(counts, 0);
      for (Part part : parts) {
        for (int i = 0; i < part.count; i++) {
          long above = (long) part.keys[i] - lowest;
          if (above >>> shift == known) {
            counts[(int) (above >>> (shift - Cut.DIGIT)) & (Pool.DIGITS - 1)]++;
          }
        }
      }
      int digit = 0;
      while (counts[digit] < wanted) {
        wanted -= counts[digit];
        digit++;
      }
      known = (known << Cut.DIGIT) | digit;
    }
    int key = (int) (known + lowest);
    long left = wanted;
    for (Part part : parts) {
      left = part.prune(key, left);
    }
  }

  /** What one thread has decided. */
  private final class Part {
    final List<Span> spans;
    final long lowest;
    final long above;

    /** By span, one bit per unit: it lies between. */
    final List<long[]> between = new ArrayList<>();

    /** The keys of those between, in index order. */
    int[] keys;

    int count;
    long lower;
    boolean gaveUp;

    Part(List<Span> spans, int lowest, int highest) {
      this.spans = spans;
      this.lowest = lowest;
      this.above = highest + 1L;
      long expected = remaining / shares.size() / PART / 2;
      this.keys = new int[Math.toIntExact(Math.min(1 << 28, Math.max(Bits.WORD, expected)))];
    }

    Part decide() {
      Ints ints = new Ints(Chunk.UNITS);
      for (Span span : spans) {
        FloatUnits units = (FloatUnits) span.units();
        long[] aside = new long[(int) (((span.end() - 1) >>> 6) - (span.first() >>> 6)) + 1];
        between.add(aside);
        for (long first = span.first(); first < span.end(); first += Chunk.UNITS) {
          int length = (int) Math.min(Chunk.UNITS, span.end() - first);
          gaveUp |= !units.read(first, length, ints);
          if (gaveUp) {
            return this;
          }
          decide(units, first, length, ints, aside, (int) (span.first() >>> 6));
        }
      }
      return this;
    }

    private void decide(
        FloatUnits units, long first, int length, Ints ints, long[] aside, int firstWord) {
      for (int i = 0; i < length; ) {
        int shift = (int) (first + i) & 63;
        int word = (int) ((first + i) >>> 6);
        int end = i + Math.min(Bits.WORD - shift, length - i);
        long low = ints.below(i, end, lowest) << shift;
        long open = (ints.below(i, end, above) << shift) & ~low;
        units.kept()[word] &= ~low;
        lower += Long.bitCount(low);
        if (open != 0) {
          aside[word - firstWord] |= open;
          keep(open, ints.keys, i - shift);
        }
        i = end;
      }
    }

    private void keep(long open, int[] read, int base) {
      int more = Long.bitCount(open);
      if ((long) count + more > remaining / shares.size() / PART) {
        gaveUp = true;
        return;
      }
      if (count + more > keys.length) {
        keys = Arrays.copyOf(keys, keys.length + keys.length / 2 + Bits.WORD);
      }
      for (long rest = open; rest != 0; rest &= rest - 1) {
        keys[count++] = read[base + Long.numberOfTrailingZeros(rest)];
      }
    }

    /** Decides those between: lower keys go, and of this key as many as are left to go. */
    long prune(int key, long equals) {
      long left = equals;
      int next = 0;
      for (int i = 0; i < spans.size(); i++) {
        long[] aside = between.get(i);
        int firstWord = (int) (spans.get(i).first() >>> 6);
        long[] kept = spans.get(i).units().kept();
        for (int word = 0; word < aside.length; word++) {
          long lost = 0;
          for (long rest = aside[word]; rest != 0; rest &= rest - 1) {
            int own = keys[next++];
            boolean same = own == key && left > 0;
            left -= same ? 1 : 0;
            lost |= same || own < key ? Long.lowestOneBit(rest) : 0;
          }
          kept[firstWord + word] &= ~lost;
        }
      }
      return left;
    }

    Part undo() {
      for (Span span : spans) {
        span.units().restore(span.first(), span.end());
      }
      return this;
    }
  }
}
