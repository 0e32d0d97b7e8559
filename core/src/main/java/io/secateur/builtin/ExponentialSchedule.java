package io.secateur.builtin;

import io.secateur.spi.Schedule;

/**
 * The same fraction of the remaining weights every round, as iterative magnitude pruning does.
 *
 * @param initial the sparsity at the beginning, from 0 to below 1 and at most the target
 */
public record ExponentialSchedule(double initial) implements Schedule {
  public ExponentialSchedule {
    initial = Ramp.initial(initial);
    if (initial == 1) {
      throw new IllegalArgumentException("initial must be below 1 here, was 1.0");
    }
  }

  /** From nothing pruned. */
  public ExponentialSchedule() {
    this(0);
  }

  @Override
  public String name() {
    return "exponential";
  }

  @Override
  public String description() {
    return """
        The same fraction of the remaining weights every round:
        s(p) = 1 - (1 - initial) ((1 - target) / (1 - initial))^p.""";
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also for a target of 1, which no fraction below all reaches
   */
  @Override
  public double sparsity(double progress, double target) {
    Ramp.check(name(), initial, progress, target);
    if (target == 1) {
      throw new IllegalArgumentException(
          "an exponential schedule never reaches a target of 1, as it prunes a fraction of what"
              + " remains; ask for less than 1, or use linear or polynomial");
    }
    double kept = (1 - initial) * StrictMath.pow((1 - target) / (1 - initial), progress);
    return Ramp.within(1 - kept, initial, progress, target);
  }
}
