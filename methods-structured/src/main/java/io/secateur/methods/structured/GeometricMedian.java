package io.secateur.methods.structured;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.stream.IntStream;

/**
 * A unit's sum of Euclidean distances to the other units of its layer: those nearest to the
 * geometric median of all go (He et al., 2019). O(n² · d) for n units of d weights.
 */
public record GeometricMedian() implements ScoringMethod {
  @Override
  public String name() {
    return "geometric-median";
  }

  @Override
  public String description() {
    return """
        Scores a unit by the sum of the Euclidean distances of its weights to those of every other \
        unit of the layer (FPGM): s = sum over j of ||w - w_j||. Units whose weights are all 0 are \
        gone already: no distance to them counts, and they score 0. Goes with granularity \
        output-units, input-units or slice.
        Why it should work: a unit close to the geometric median of its layer is close to what the \
        others can stand in for, however large its weights are.
        He et al., "Filter Pruning via Geometric Median for Deep Convolutional Neural Networks \
        Acceleration", CVPR 2019.""";
  }

  @Override
  public boolean unitwise() {
    return true;
  }

  /**
   * Differences are taken before they are squared, as doubles: |a|² + |b|² - 2ab would lose those
   * of units that are nearly equal, and units that are equal would not tie.
   */
  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    int units = Math.toIntExact(weight.matrix().getShape().get(0));
    int width = Math.toIntExact(weight.matrix().getShape().get(1));
    float[] cells = weight.matrix().toFloatArray();
    int[] present = IntStream.range(0, units).filter(unit -> !zero(cells, unit, width)).toArray();
    float[] scores = new float[units];
    IntStream.of(present)
        .parallel()
        .forEach(
            unit -> {
              double sum = 0;
              for (int other : present) {
                sum += distance(cells, unit * width, other * width, width);
              }
              scores[unit] = (float) sum;
            });
    return weight.matrix().getManager().create(scores, new Shape(units, 1));
  }

  private static boolean zero(float[] cells, int unit, int width) {
    for (int cell = unit * width; cell < (unit + 1) * width; cell++) {
      if (cells[cell] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Four sums side by side keep a processor busy where one would wait for itself. */
  private static double distance(float[] cells, int a, int b, int width) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 3 < width; i += 4) {
      double one = (double) cells[a + i] - cells[b + i];
      double two = (double) cells[a + i + 1] - cells[b + i + 1];
      double three = (double) cells[a + i + 2] - cells[b + i + 2];
      double four = (double) cells[a + i + 3] - cells[b + i + 3];
      first += one * one;
      second += two * two;
      third += three * three;
      fourth += four * four;
    }
    for (; i < width; i++) {
      double one = (double) cells[a + i] - cells[b + i];
      first += one * one;
    }
    return Math.sqrt(first + second + (third + fourth));
  }
}
