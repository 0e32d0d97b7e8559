package io.secateur.stage;

import java.util.Set;
import java.util.TreeSet;

/** How often masks are updated while training. */
public sealed interface Frequency {

  /** Returns the plain number of a study file: every so many optimiser steps. */
  static Frequency of(double steps) {
    if (steps != Math.rint(steps) || !(Math.abs(steps) < Long.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a frequency is a whole number of optimiser steps, or epoch, was " + steps);
    }
    return new Steps((long) steps);
  }

  /** Returns the steps at which masks are updated, from one to another, both included. */
  Set<Long> between(long begin, long end, long perEpoch);

  /** Every so many optimiser steps from the beginning on. */
  record Steps(long steps) implements Frequency {
    public Steps {
      if (steps < 1) {
        throw new IllegalArgumentException(
            "a frequency is at least 1 optimiser step, was " + steps);
      }
    }

    @Override
    public Set<Long> between(long begin, long end, long perEpoch) {
      Set<Long> at = new TreeSet<>();
      for (long step = begin; step <= end; step += steps) {
        at.add(step);
      }
      return at;
    }
  }

  /** At the end of every epoch. */
  record Epoch() implements Frequency {
    @Override
    public Set<Long> between(long begin, long end, long perEpoch) {
      Set<Long> at = new TreeSet<>();
      long first = Math.max(1, (begin + perEpoch - 1) / perEpoch) * perEpoch;
      for (long step = first; step <= end; step += perEpoch) {
        at.add(step);
      }
      return at;
    }
  }
}
