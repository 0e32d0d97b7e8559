package io.secateur.builtin;

import io.secateur.spi.Schedule;
import java.util.List;

/**
 * Steps at given points: nothing before the first, the target at the end whatever the last says.
 *
 * @param at the fractions of progress at which it steps, rising, from 0 to 1
 * @param of the fraction of the target from each of them on, never falling, from 0 to 1
 */
public record MultiStepSchedule(List<Double> at, List<Double> of) implements Schedule {
  public MultiStepSchedule {
    at = List.copyOf(at);
    of = List.copyOf(of);
    if (at.size() != of.size() || at.isEmpty()) {
      throw new IllegalArgumentException(
          "at and of go together, a fraction of the target for every step: were given %d and %d"
              .formatted(at.size(), of.size()));
    }
    for (int i = 0; i < at.size(); i++) {
      fraction("at", at.get(i));
      fraction("of", of.get(i));
      if (i > 0 && at.get(i) <= at.get(i - 1)) {
        throw new IllegalArgumentException(
            "the steps of at must come one after the other, but %s stands behind %s"
                .formatted(at.get(i), at.get(i - 1)));
      }
      if (i > 0 && of.get(i) < of.get(i - 1)) {
        throw new IllegalArgumentException(
            "a step down from %s to %s of the target: what is pruned stays pruned, so of must not"
                    .formatted(of.get(i - 1), of.get(i))
                + " fall");
      }
    }
  }

  /** 30 % of the target after a quarter, 60 % after half, all of it after three quarters. */
  public MultiStepSchedule() {
    this(List.of(0.25, 0.5, 0.75), List.of(0.3, 0.6, 1.0));
  }

  private static void fraction(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "the fractions in %s must be from 0 to 1, one was %s".formatted(what, value));
    }
  }

  @Override
  public String name() {
    return "multi-step";
  }

  @Override
  public String description() {
    return """
        Steps at given points of the way to given fractions of the target: \
        {at: [0.25, 0.5, 0.75], of: [0.3, 0.6, 1.0]}. Nothing before the first step, the whole \
        target at the end.""";
  }

  @Override
  public double sparsity(double progress, double target) {
    Ramp.check(name(), 0, progress, target);
    double reached = 0;
    for (int i = 0; i < at.size() && at.get(i) <= progress; i++) {
      reached = of.get(i);
    }
    return Ramp.within(reached * target, 0, progress, target);
  }
}
