package io.secateur.methods.magnitude;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Uniform random scores: the control that every criterion has to beat. */
public record RandomScores() implements ScoringMethod {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public String description() {
    return """
        Scores at random, uniform from 0 to 1, from the seed of the replicate and the weight.
        What it is for: the control that shows what a criterion is worth.""";
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(weight.seed());
    float[] scores = new float[Math.toIntExact(weight.matrix().size())];
    for (int i = 0; i < scores.length; i++) {
      // Lowest scores count, and floats are densest near 0: few ties.
      scores[i] = (float) random.nextDouble();
    }
    return weight.matrix().getManager().create(scores, weight.matrix().getShape());
  }
}
