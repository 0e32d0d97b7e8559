package io.secateur.methods.structured;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A uniform random score for each unit: the control of criteria on whole units. */
public record RandomStructured() implements ScoringMethod {
  @Override
  public String name() {
    return "random-structured";
  }

  @Override
  public String description() {
    return """
        Scores a unit (a filter, a channel, a feature) at random, uniform from 0 to 1, from the \
        seed of the replicate and the weights that make the unit. Goes with granularity \
        output-units, input-units or slice.
        What it is for: the control that shows what a criterion on units is worth. The method \
        'random' gives every cell a score and so, of units, the sum of many, which are nearly \
        equal where units are large, and higher where they have more cells.""";
  }

  @Override
  public boolean unitwise() {
    return true;
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(weight.seed());
    float[] scores = new float[Math.toIntExact(weight.matrix().getShape().get(0))];
    for (int unit = 0; unit < scores.length; unit++) {
      scores[unit] = (float) random.nextDouble();
    }
    return weight.matrix().getManager().create(scores, new Shape(scores.length, 1));
  }
}
