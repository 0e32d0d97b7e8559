package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.secateur.report.Allocation.Curve;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AllocationTest {

  private static Curve random(Random random) {
    int knots = 2 + random.nextInt(4);
    long[] counts = new long[knots];
    double[] losses = new double[knots];
    for (int i = 1; i < knots; i++) {
      counts[i] = counts[i - 1] + 1 + random.nextInt(5);
      losses[i] = losses[i - 1] + (random.nextInt(3) == 0 ? 0 : 10 * random.nextDouble());
    }
    return new Curve(counts, losses);
  }

  /** Tries everything. */
  private static double least(List<Curve> layers, int from, long target) {
    if (from == layers.size()) {
      return target == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double least = Double.POSITIVE_INFINITY;
    for (long count = 0; count <= Math.min(target, layers.get(from).most()); count++) {
      double rest = least(layers, from + 1, target - count);
      least = Math.min(least, layers.get(from).loss(count) + rest);
    }
    return least;
  }

  @Test
  void isAsGoodAsTryingEverything() {
    long seed = 20;
    Random random = new Random(seed);
    for (int trial = 0; trial < 300; trial++) {
      List<Curve> layers = new ArrayList<>();
      int many = 1 + random.nextInt(4);
      for (int i = 0; i < many; i++) {
        layers.add(random(random));
      }
      long most = layers.stream().mapToLong(Curve::most).sum();
      for (long target = 0; target <= most; target++) {
        Allocation found = Allocation.of(layers, target).orElseThrow();

        assertThat(found.counts().stream().mapToLong(Long::longValue).sum())
            .as("seed %d, trial %d, target %d", seed, trial, target)
            .isEqualTo(target);
        double sum = 0;
        for (int i = 0; i < many; i++) {
          sum += layers.get(i).loss(found.counts().get(i));
        }
        assertThat(found.loss())
            .as("seed %d, trial %d, target %d", seed, trial, target)
            .isCloseTo(least(layers, 0, target), within(1e-9))
            .isCloseTo(sum, within(1e-9));
      }
    }
  }

  /**
   * Beyond a place per count, the number still is met exactly, and no worse than by an even cut.
   */
  @Test
  void meetsLargeTargetsExactly() {
    Random random = new Random(3);
    List<Curve> layers = new ArrayList<>();
    for (int layer = 0; layer < 12; layer++) {
      long[] counts = new long[10];
      double[] losses = new double[10];
      for (int i = 1; i < 10; i++) {
        counts[i] = counts[i - 1] + 1 + random.nextInt(10_000_000);
        losses[i] = losses[i - 1] + random.nextDouble() * (layer + 1);
      }
      layers.add(new Curve(counts, losses));
    }
    long most = layers.stream().mapToLong(Curve::most).sum();
    for (double share : new double[] {0.01, 0.3, 0.5, 0.77, 0.999}) {
      long target = (long) (share * most);
      Allocation found = Allocation.of(layers, target).orElseThrow();
      double even =
          layers.stream().mapToDouble(curve -> curve.loss((long) (share * curve.most()))).sum();

      assertThat(found.counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(target);
      assertThat(found.loss()).isLessThan(even + 1e-9);
    }
  }

  @Test
  void refusesMoreThanWasSwept() {
    Curve curve = new Curve(new long[] {0, 9}, new double[] {0, 1});

    assertThat(Allocation.of(List.of(curve, curve), 18)).isPresent();
    assertThat(Allocation.of(List.of(curve, curve), 19)).isEmpty();
    assertThat(Allocation.of(List.of(curve), -1)).isEmpty();
  }
}
