package io.secateur.builtin;

/** What all schedules that rise from an initial sparsity to a target refuse and guarantee. */
final class Ramp {
  private Ramp() {}

  /** Returns a legal initial sparsity. */
  static double initial(double initial) {
    if (!(initial >= 0 && initial <= 1)) {
      throw new IllegalArgumentException("initial must be from 0 to 1, was " + initial);
    }
    return initial;
  }

  /** Refuses progress and targets out of range, and a step down. */
  static void check(String schedule, double initial, double progress, double target) {
    if (!(progress >= 0 && progress <= 1)) {
      throw new IllegalArgumentException("progress must be from 0 to 1, was " + progress);
    }
    if (!(target >= 0 && target <= 1)) {
      throw new IllegalArgumentException("a target must be from 0 to 1, was " + target);
    }
    if (initial > target) {
      throw new IllegalArgumentException(
          "schedule %s cannot step down from initial %s to a target of %s; lower initial"
              .formatted(schedule, initial, target));
    }
  }

  /** Returns a sparsity between its ends whatever the rounding, and exactly at the target at 1. */
  static double within(double sparsity, double initial, double progress, double target) {
    return progress == 1 ? target : Math.max(initial, Math.min(target, sparsity));
  }
}
