package io.secateur.builtin;

import io.secateur.spi.Schedule;

/**
 * Much at first, while there is redundancy, less and less towards the end (Zhu and Gupta, 2017).
 *
 * @param initial the sparsity at the beginning, from 0 to 1 and at most the target
 * @param power how steep the beginning is, above 0; 1 is linear
 */
public record PolynomialSchedule(double initial, double power) implements Schedule {
  public PolynomialSchedule {
    initial = Ramp.initial(initial);
    if (!(power > 0 && power < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("power must be a number above 0, was " + power);
    }
  }

  /** The paper's cubic, from nothing pruned. */
  public PolynomialSchedule() {
    this(0, 3);
  }

  @Override
  public String name() {
    return "polynomial";
  }

  @Override
  public String description() {
    return """
        Prunes fast while there is redundancy and slowly towards the end:
        s(p) = target + (initial - target) (1 - p)^power.
        Zhu and Gupta, "To prune, or not to prune", 2017 (power 3).""";
  }

  @Override
  public double sparsity(double progress, double target) {
    Ramp.check(name(), initial, progress, target);
    double left = StrictMath.pow(1 - progress, power);
    return Ramp.within(target + (initial - target) * left, initial, progress, target);
  }
}
