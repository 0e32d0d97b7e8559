package io.secateur.conformance;

import io.secateur.sparsity.Form;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A weight that methods are tried on. */
// Nobody writes to the cells, and cases are not compared.
@SuppressWarnings("ArrayRecordComponent")
record WeightCase(String name, Form form, float[] cells) {

  /** Returns those of every shape and content that a method must be ready for. */
  static List<WeightCase> all() {
    Form linear = Form.matrix(6, 8);
    float[] constant = new float[24];
    Arrays.fill(constant, 0.5f);
    float[] single = new float[24];
    single[7] = 0.25f;
    return List.of(
        new WeightCase("a linear layer of 6 x 8", linear, random(48, 1, 1)),
        new WeightCase("a convolution of 4 x 3 x 3 x 3", new Form(4, 3, 3, 3), random(108, 2, 1)),
        new WeightCase("a single row of 8", Form.matrix(1, 8), random(8, 3, 1)),
        new WeightCase("a single column of 8", Form.matrix(8, 1), random(8, 4, 1)),
        new WeightCase("4 x 6 cells that are all 0.5", Form.matrix(4, 6), constant),
        new WeightCase("4 x 6 cells that are all 0 but one", Form.matrix(4, 6), single),
        new WeightCase("6 x 8 cells around a million", linear, random(48, 5, 1e6f)));
  }

  static float[] random(int size, long seed, float scale) {
    RandomGenerator random = generator(seed);
    float[] cells = new float[size];
    for (int i = 0; i < size; i++) {
      cells[i] = (float) random.nextGaussian() * scale;
    }
    return cells;
  }

  static RandomGenerator generator(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
