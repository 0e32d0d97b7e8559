package io.secateur.builtin;

import io.secateur.spi.Schedule;

/**
 * Slow at both ends and fast between: half a wave of a cosine.
 *
 * @param initial the sparsity at the beginning, from 0 to 1 and at most the target
 */
public record CosineSchedule(double initial) implements Schedule {
  public CosineSchedule {
    initial = Ramp.initial(initial);
  }

  /** From nothing pruned. */
  public CosineSchedule() {
    this(0);
  }

  @Override
  public String name() {
    return "cosine";
  }

  @Override
  public String description() {
    return """
        Prunes slowly at both ends and fast between:
        s(p) = target + (initial - target) (1 + cos(pi p)) / 2.""";
  }

  @Override
  public double sparsity(double progress, double target) {
    Ramp.check(name(), initial, progress, target);
    double left = (1 + StrictMath.cos(StrictMath.PI * progress)) / 2;
    return Ramp.within(target + (initial - target) * left, initial, progress, target);
  }
}
