package io.secateur.builtin;

import io.secateur.spi.Schedule;

/** All at once: the whole target as soon as there is any progress. */
public record OneShotSchedule() implements Schedule {
  @Override
  public String name() {
    return "one-shot";
  }

  @Override
  public String description() {
    return "The whole target from the first round on: s(p) = target for p > 0.";
  }

  @Override
  public double sparsity(double progress, double target) {
    Ramp.check("one-shot", 0, progress, target);
    return progress > 0 ? target : 0;
  }
}
