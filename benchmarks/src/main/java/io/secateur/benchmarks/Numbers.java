package io.secateur.benchmarks;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The numbers that benchmarks work on. */
public final class Numbers {
  private static final int BITS = 27;
  private static final int ALL = (1 << BITS) - 1;

  private Numbers() {}

  /**
   * Returns numbers of either sign whose magnitudes all differ, spread over 16 powers of two.
   *
   * @param first tells arrays apart: one goes on where the one before it ended
   * @param count together at most 2 to the 27th
   */
  public static float[] distinct(long first, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      // Steps that can be undone each, so that no two numbers become one.
      int mixed = (int) (first + i) * 0x9E3779B1 & ALL;
      mixed ^= mixed >>> 14;
      mixed = mixed * 0x85EBCA6B & ALL;
      mixed ^= mixed >>> 13;
      float magnitude = Float.intBitsToFloat(0x38000000 + mixed);
      numbers[i] = (mixed & 1) == 0 ? magnitude : -magnitude;
    }
    return numbers;
  }

  /** Returns numbers of 8 magnitudes: nearly all comparisons are ties. */
  public static float[] ties(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextInt(-8, 9) / 8f;
    }
    return numbers;
  }

  /** Returns numbers between -1 and 1. */
  public static float[] uniform(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextInt(-1 << 23, 1 << 23) * 0x1p-23f;
    }
    return numbers;
  }

  /** Returns the side of the four square weights that make about so many cells; 4 divides it. */
  public static int side(long cells) {
    return (int) Math.sqrt(cells / 4.0) / 4 * 4;
  }

  /** Returns a network of four square linear layers without biases, of about so many weights. */
  public static Checkpoint squares(long cells, boolean ties) {
    int side = side(cells);
    List<Layer> layers = new ArrayList<>();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      int count = side * side;
      float[] numbers = ties ? ties(i, count) : distinct((long) i * count, count);
      layers.add(new Linear("fc" + i, side, false));
      weights.put("fc" + i + ".weight", Tensor.of(new Shape(side, side), numbers));
    }
    return new Checkpoint(new Architecture(new Shape(side), layers), weights);
  }
}
