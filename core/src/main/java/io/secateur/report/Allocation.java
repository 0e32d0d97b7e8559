package io.secateur.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How many weights each layer loses so that all lose a given number together and the sum of their
 * losses is least.
 *
 * <p>A layer's loss is known at some counts, and a straight line between them. Where two layers lie
 * between such knots, shifting weights from one to the other changes the sum evenly, so shifting
 * one way until one of them meets a knot does no harm: some optimum has all layers but one at
 * knots. The sums over knots are kept by count, the best of each; the one layer makes up the rest.
 * So the result is exact while there is a place for each count, and else the best of counts so far
 * apart.
 *
 * @param counts per layer, in order; together exactly what was asked
 * @param loss the sum
 */
record Allocation(List<Long> counts, double loss) {
  private static final int MOST_PLACES = 1 << 15;
  private static final int LEAST_PLACES = 1 << 10;
  private static final double MOST_WORK = 4e8;

  Allocation {
    counts = List.copyOf(counts);
  }

  /** What a layer loses when so many of its weights go. */
  static final class Curve {
    private final long[] counts;
    private final double[] losses;

    /**
     * A curve.
     *
     * @param counts knots from 0 on, rising
     * @param losses at them: 0 or more, never falling
     */
    Curve(long[] counts, double[] losses) {
      if (counts.length != losses.length || counts.length == 0 || counts[0] != 0) {
        throw new IllegalArgumentException("a curve starts at a count of 0, with a loss for each");
      }
      for (int i = 1; i < counts.length; i++) {
        if (counts[i] <= counts[i - 1] || losses[i] < losses[i - 1]) {
          throw new IllegalArgumentException("counts must rise, and losses must not fall");
        }
      }
      this.counts = counts.clone();
      this.losses = losses.clone();
    }

    long most() {
      return counts[counts.length - 1];
    }

    /** Returns the knot at or before a count. */
    int knot(long count) {
      int found = Arrays.binarySearch(counts, count);
      return found >= 0 ? found : -found - 2;
    }

    double loss(long count) {
      int below = knot(count);
      if (counts[below] == count) {
        return losses[below];
      }
      double part = (double) (count - counts[below]) / (counts[below + 1] - counts[below]);
      return losses[below] + part * (losses[below + 1] - losses[below]);
    }
  }

  /** Returns the best way to lose {@code target} weights; nothing when all knots end before it. */
  static Optional<Allocation> of(List<Curve> layers, long target) {
    long most = layers.stream().mapToLong(Curve::most).sum();
    if (target < 0 || target > most) {
      return Optional.empty();
    }
    Allocation best = cut(layers, most - target);
    int free = -1;
    for (int layer = 0; layer < layers.size(); layer++) {
      Table table = new Table(layers, layer, target, false);
      if (table.loss() < best.loss()) {
        free = layer;
        best = new Allocation(List.of(), table.loss());
      }
    }
    return Optional.of(free < 0 ? best : new Table(layers, free, target, true).allocation());
  }

  /** All that can go, less what saves most for each weight given back: always possible. */
  private static Allocation cut(List<Curve> layers, long excess) {
    long[] counts = layers.stream().mapToLong(Curve::most).toArray();
    long left = excess;
    while (left > 0) {
      int steepest = -1;
      double slope = -1;
      for (int i = 0; i < counts.length; i++) {
        Curve curve = layers.get(i);
        if (counts[i] > 0) {
          long below = curve.counts[curve.knot(counts[i] - 1)];
          double own = (curve.loss(counts[i]) - curve.loss(below)) / (counts[i] - below);
          if (own > slope) {
            slope = own;
            steepest = i;
          }
        }
      }
      Curve curve = layers.get(steepest);
      long back = Math.min(left, counts[steepest] - curve.counts[curve.knot(counts[steepest] - 1)]);
      counts[steepest] -= back;
      left -= back;
    }
    return of(layers, counts);
  }

  private static Allocation of(List<Curve> layers, long[] counts) {
    double loss = 0;
    List<Long> list = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      loss += layers.get(i).loss(counts[i]);
      list.add(counts[i]);
    }
    return new Allocation(list, loss);
  }

  /** The best sums over knots of all layers but one, by how many weights they take. */
  private static final class Table {
    private final List<Curve> layers;
    private final int free;
    private final long target;
    private final int places;
    private final short[][] chosen;
    private final int[][] from;
    private double[] losses;
    private long[] counts;
    private int end = -1;
    private double best = Double.POSITIVE_INFINITY;

    Table(List<Curve> layers, int free, long target, boolean remember) {
      this.layers = layers;
      this.free = free;
      this.target = target;
      int knots = layers.stream().mapToInt(curve -> curve.counts.length).max().orElse(1);
      double work = (double) layers.size() * layers.size() * knots;
      int most = (int) Math.max(LEAST_PLACES, Math.min(MOST_PLACES, MOST_WORK / work));
      places = (int) Math.min(target + 1, most);
      int kept = remember ? layers.size() : 0;
      chosen = new short[kept][places];
      from = new int[kept][places];
      losses = new double[places];
      counts = new long[places];
      Arrays.fill(losses, Double.POSITIVE_INFINITY);
      losses[0] = 0;
      for (int layer = 0; layer < layers.size(); layer++) {
        if (layer != free) {
          add(layer, remember);
        }
      }
      Curve rest = layers.get(free);
      for (int at = 0; at < places; at++) {
        long missing = target - counts[at];
        if (losses[at] < Double.POSITIVE_INFINITY && missing <= rest.most()) {
          double loss = losses[at] + rest.loss(missing);
          if (loss < best) {
            best = loss;
            end = at;
          }
        }
      }
    }

    double loss() {
      return best;
    }

    private int place(long count) {
      return target < places ? (int) count : (int) (count * ((double) (places - 1) / target));
    }

    private void add(int layer, boolean remember) {
      Curve curve = layers.get(layer);
      double[] next = new double[places];
      long[] taken = new long[places];
      Arrays.fill(next, Double.POSITIVE_INFINITY);
      for (int at = 0; at < places; at++) {
        int knots = losses[at] < Double.POSITIVE_INFINITY ? curve.knot(target - counts[at]) + 1 : 0;
        for (int knot = 0; knot < knots; knot++) {
          long count = counts[at] + curve.counts[knot];
          int to = place(count);
          double loss = losses[at] + curve.losses[knot];
          if (loss < next[to] || (loss == next[to] && count > taken[to])) {
            next[to] = loss;
            taken[to] = count;
            if (remember) {
              chosen[layer][to] = (short) knot;
              from[layer][to] = at;
            }
          }
        }
      }
      losses = next;
      counts = taken;
    }

    Allocation allocation() {
      long[] result = new long[layers.size()];
      result[free] = target - counts[end];
      int at = end;
      for (int layer = layers.size() - 1; layer >= 0; layer--) {
        if (layer != free) {
          result[layer] = layers.get(layer).counts[chosen[layer][at]];
          at = from[layer][at];
        }
      }
      return Allocation.of(layers, result);
    }
  }
}
