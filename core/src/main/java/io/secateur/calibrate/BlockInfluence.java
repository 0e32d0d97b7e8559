package io.secateur.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much residual blocks change what goes through them (Men et al., 2024): 1 − the mean cosine
 * between a block's input and the sum that it gives. Of sequences every position is a vector, of
 * images and rows of numbers every example.
 */
public final class BlockInfluence {
  private BlockInfluence() {}

  /**
   * Returns the influence of blocks, in the order asked: 0 where a block changes nothing but the
   * length, 2 at most.
   *
   * @param blocks names of layers that branch
   * @param examples those to draw from
   * @param manager on the device to compute on; owns nothing afterwards
   */
  public static Map<String, Double> of(
      Checkpoint model,
      Collection<String> blocks,
      Calibration calibration,
      Examples examples,
      long seed,
      NDManager manager) {
    Map<String, Cosines> cosines = new LinkedHashMap<>();
    blocks.forEach(name -> cosines.put(name, new Cosines()));
    try (NDManager own = manager.newSubManager()) {
      NetworkBlock block = model.block(own);
      block.tap(new Listener(cosines));
      int[] sample = Sample.of(examples.size(), calibration.examples(), seed);
      for (int first = 0; first < sample.length; first += calibration.batch()) {
        int end = Math.min(sample.length, first + calibration.batch());
        try (NDScope scope = new NDScope();
            NDManager computed = own.newSubManager()) {
          scope.suppressNotUsedWarning();
          int[] indices = Arrays.copyOfRange(sample, first, end);
          block.forward(examples.batch(indices, computed).inputs(), false);
        }
      }
    }
    Map<String, Double> influence = new LinkedHashMap<>();
    cosines.forEach((name, each) -> influence.put(name, 1 - each.sum / each.count));
    return influence;
  }

  private static final class Cosines {
    double sum;
    long count;

    void add(NDArray input, NDArray output) {
      long rows = input.getShape().get(0);
      // (batch, positions, features), or an image or row as one.
      if (input.getShape().dimension() == 3) {
        rows *= input.getShape().get(1);
      }
      NDArray before = input.reshape(rows, -1);
      NDArray after = output.reshape(rows, -1);
      float[] dots = sums(before.mul(after));
      float[] befores = sums(before.square());
      float[] afters = sums(after.square());
      for (int row = 0; row < rows; row++) {
        double lengths = Math.sqrt(befores[row]) * Math.sqrt(afters[row]);
        // What is 0 before and after has not changed.
        boolean nothing = befores[row] == 0 && afters[row] == 0;
        sum += nothing ? 1 : lengths == 0 ? 0 : dots[row] / lengths;
      }
      count += rows;
    }

    private static float[] sums(NDArray products) {
      return products.sum(new int[] {1}).toFloatArray();
    }
  }

  private record Listener(Map<String, Cosines> cosines) implements NetworkBlock.Tap {
    @Override
    public void input(String layer, NDArray input) {
      // Blocks alone are looked at.
    }

    @Override
    public void joined(String layer, NDArray input, NDArray output) {
      Cosines of = cosines.get(layer);
      if (of != null) {
        of.add(input, output);
      }
    }
  }
}
