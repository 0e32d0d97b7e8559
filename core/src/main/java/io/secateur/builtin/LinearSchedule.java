package io.secateur.builtin;

import io.secateur.spi.Schedule;

/**
 * The same share of the weights every round.
 *
 * @param initial the sparsity at the beginning, from 0 to 1 and at most the target
 */
public record LinearSchedule(double initial) implements Schedule {
  public LinearSchedule {
    initial = Ramp.initial(initial);
  }

  /** From nothing pruned. */
  public LinearSchedule() {
    this(0);
  }

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public String description() {
    return "The same share of the weights every round: s(p) = initial + (target - initial) p.";
  }

  @Override
  public double sparsity(double progress, double target) {
    Ramp.check(name(), initial, progress, target);
    return Ramp.within(initial + (target - initial) * progress, initial, progress, target);
  }
}
