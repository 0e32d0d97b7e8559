package io.secateur.train;

/** The factor of an optimiser's steps, epoch by epoch. */
public sealed interface LearningRate {

  /** Returns the plain number of a study file, {@code learning-rate: 0.001}: always that. */
  static LearningRate of(double rate) {
    return new Constant(rate);
  }

  /** Returns the rate of an epoch, counted from 0. */
  double at(int epoch);

  /** The same rate throughout. */
  record Constant(double rate) implements LearningRate {
    public Constant {
      checked("a learning rate", rate);
    }

    @Override
    public double at(int epoch) {
      return rate;
    }
  }

  /**
   * A rate that is multiplied by a factor every few epochs, as PyTorch's StepLR: {@code initial ×
   * factor^⌊epoch / every⌋}.
   *
   * @param every epochs between two steps
   */
  record Step(double initial, int every, double factor) implements LearningRate {
    public Step {
      checked("the initial learning rate", initial);
      checked("the factor of a learning rate", factor);
      if (every < 1) {
        throw new IllegalArgumentException(
            "a learning rate steps every 1 or more epochs, was " + every);
      }
    }

    @Override
    public double at(int epoch) {
      int times = epoch / every;
      return initial * StrictMath.pow(factor, times);
    }
  }

  private static void checked(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " must be above 0 and finite, was " + value);
    }
  }
}
