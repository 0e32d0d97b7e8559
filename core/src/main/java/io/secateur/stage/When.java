package io.secateur.stage;

import java.util.Optional;

/** A moment of a training, before its length in steps is known. */
public sealed interface When {

  /** Returns the plain number of a study file: a fraction of the training. */
  static When of(double fraction) {
    return new Fraction(fraction);
  }

  /** Returns the optimiser steps done by then. */
  long step(long perEpoch, long total);

  /** Returns which fraction of a training this is, where that is known whatever its length. */
  default Optional<Double> fraction() {
    return Optional.empty();
  }

  /** A part of the training: 0 before its first step, 1 after its last. */
  record Fraction(double of) implements When {
    public Fraction {
      if (!(of >= 0 && of <= 1)) {
        throw new IllegalArgumentException(
            "a plain number is a fraction of the training, from 0 to 1, was %s; write {step: 200}"
                    .formatted(of)
                + " or {epoch: 3} for what they mean");
      }
    }

    @Override
    public long step(long perEpoch, long total) {
      return (long) Math.rint(of * total);
    }

    @Override
    public Optional<Double> fraction() {
      return Optional.of(of);
    }
  }

  /** After some optimiser steps. */
  record Step(long steps) implements When {
    public Step {
      refuseNegative("step", steps);
    }

    @Override
    public long step(long perEpoch, long total) {
      return steps;
    }

    @Override
    public Optional<Double> fraction() {
      return steps == 0 ? Optional.of(0.0) : Optional.empty();
    }
  }

  /** At the end of an epoch, counted from 1; 0 before the first. */
  record Epoch(int epochs) implements When {
    public Epoch {
      refuseNegative("epoch", epochs);
    }

    @Override
    public long step(long perEpoch, long total) {
      return epochs * perEpoch;
    }

    @Override
    public Optional<Double> fraction() {
      return epochs == 0 ? Optional.of(0.0) : Optional.empty();
    }
  }

  private static void refuseNegative(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "the %s of a moment in a training is at least 0, was %d".formatted(what, value));
    }
  }
}
