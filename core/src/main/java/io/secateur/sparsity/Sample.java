package io.secateur.sparsity;

import io.secateur.sparsity.Pool.Span;
import java.util.Arrays;
import java.util.List;

/** The sorted keys of some units that remain, from all over a large budget of floats. */
final class Sample {
  /** So many runs of scores, few, for where scores are made the whole row is. */
  private static final int MOST_RUNS = 1 << 10;

  private static final int LEAST_RUNS = 1 << 7;
  private static final int UNITS_PER_RUN = 1 << 12;
  private static final int RUN = 32;
  private static final int LEAST = 1 << 9;

  private final int[] keys;

  private Sample(int[] keys) {
    this.keys = keys;
  }

  /** Returns a sample, of no keys when one of the scores is NaN. */
  static Sample of(List<List<Span>> shares, long size) {
    int runs = (int) Math.max(LEAST_RUNS, Math.min(size / UNITS_PER_RUN, MOST_RUNS));
    long distance = (size - RUN) / (runs - 1);
    int[] sample = new int[runs * RUN];
    Ints ints = new Ints();
    int found = 0;
    long before = 0;
    int run = 0;
    for (List<Span> share : shares) {
      for (Span span : share) {
        FloatUnits units = (FloatUnits) span.units();
        for (; run < runs && distance * run < before + span.size(); run++) {
          long first = Math.min(span.first() + distance * run - before, span.end() - 1);
          int length = (int) Math.min(RUN, span.end() - first);
          if (!units.read(first, length, ints)) {
            return new Sample(new int[0]);
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
    Arrays.sort(taken);
    return new Sample(taken);
  }

  /** Returns whether too few units remain where the sample was taken to say anything. */
  boolean small() {
    return keys.length < LEAST;
  }

  /** Returns a key that a cut is hardly below. */
  int lowest(double part) {
    double place = part * keys.length - margin();
    return place < 0 ? Integer.MIN_VALUE : keys[(int) place];
  }

  /** Returns a key that a cut is hardly above. */
  int highest(double part) {
    double place = part * keys.length + margin();
    return place >= keys.length ? Ints.PRUNED - 1 : keys[(int) place];
  }

  private double margin() {
    return Math.max(0.02 * keys.length, 2 * Math.sqrt(keys.length));
  }

  /** Returns which part of all units seems to lie in a band. */
  double within(int lowest, int highest) {
    return (double) (place(highest + 1) - place(lowest)) / keys.length;
  }

  /** Returns the key that is met most often in a band that some are in. */
  int commonest(int lowest, int highest) {
    int commonest = keys[place(lowest)];
    int most = 0;
    int end = place(highest + 1);
    for (int i = place(lowest); i < end; ) {
      int next = place(keys[i] + 1);
      if (next - i > most) {
        most = next - i;
        commonest = keys[i];
      }
      i = next;
    }
    return commonest;
  }

  /** Returns how many keys are lower. */
  private int place(int key) {
    int low = 0;
    int high = keys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
