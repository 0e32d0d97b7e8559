package io.secateur.conformance;

import io.secateur.spi.Schedule;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/** What schedules keep, on a grid of targets and progress. */
final class ScheduleRules {
  private static final double[] TARGETS = {0, 0.1, 0.5, 0.8, 0.95, 1};
  private static final int STEPS = 200;

  private final Schedule schedule;

  ScheduleRules(Schedule schedule) {
    this.schedule = schedule;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("takes ordinary targets, and refuses others at once", this::takes),
        new Rule("sparsity is a number from 0 to the target", this::within),
        new Rule("sparsity never falls", this::grows),
        new Rule("sparsity ends at the target", this::ends),
        new Rule("equal progress gives equal sparsity", this::repeats));
  }

  /** Whether a target is taken at progress 0, where Prune asks first. */
  private boolean takes(double target) {
    try {
      schedule.sparsity(0, target);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void takes(Findings findings) {
    if (!takes(0.5)) {
      findings.violation("target 0.5", "it is refused", "a target of half is possible");
    }
    for (double target : TARGETS) {
      for (int step = 0; step <= STEPS && takes(target); step++) {
        try {
          at(step, target);
        } catch (RuntimeException e) {
          findings.violation(
              where((double) step / STEPS, target),
              "threw " + Rule.reason(e),
              "what is taken at progress 0 is taken later");
          return;
        }
      }
    }
  }

  private void within(Findings findings) {
    each(
        target -> {
          for (int step = 0; step <= STEPS; step++) {
            double sparsity = at(step, target);
            if (!(sparsity >= 0 && sparsity <= target)) {
              findings.violation(
                  where((double) step / STEPS, target),
                  "it gives " + sparsity,
                  "sparsity is from 0 to the target");
              return;
            }
          }
        });
  }

  private void grows(Findings findings) {
    each(
        target -> {
          double before = at(0, target);
          for (int step = 1; step <= STEPS; step++) {
            double now = at(step, target);
            if (now < before) {
              findings.violation(
                  where((double) step / STEPS, target),
                  "it gives %s after %s".formatted(now, before),
                  "what was pruned never returns, so that sparsity never falls");
              return;
            }
            before = now;
          }
        });
  }

  private void ends(Findings findings) {
    each(
        target -> {
          double end = at(STEPS, target);
          if (end != target && end <= target) {
            findings.violation(
                where(1, target), "it gives " + end, "at progress 1 it gives the target itself");
          }
        });
  }

  private void repeats(Findings findings) {
    each(
        target -> {
          for (int step = 0; step <= STEPS; step++) {
            if (Double.compare(at(step, target), at(step, target)) != 0) {
              findings.violation(
                  where((double) step / STEPS, target),
                  "it gives other numbers when asked twice",
                  "a schedule depends on nothing but its settings, progress and target");
              return;
            }
          }
        });
  }

  private double at(int step, double target) {
    return schedule.sparsity((double) step / STEPS, target);
  }

  /** Targets for which something is thrown have a rule of their own. */
  private void each(DoubleConsumer check) {
    for (double target : TARGETS) {
      if (takes(target) && IntStream.rangeClosed(0, STEPS).allMatch(step -> gives(step, target))) {
        check.accept(target);
      }
    }
  }

  private boolean gives(int step, double target) {
    try {
      at(step, target);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static String where(double progress, double target) {
    return "progress %s, target %s".formatted(progress, target);
  }
}
