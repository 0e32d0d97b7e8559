package io.secateur.spi;

/** A moment of a pipeline whose checkpoint a later stage may name. */
public sealed interface Point {
  /** The parameters before any training. */
  record Init() implements Point {}

  /** The end of the stage that carries a label. */
  record Label(String name) implements Point {}

  /**
   * The end of a round of the rounds that the asking stage stands in; 0 is the checkpoint before
   * the first.
   */
  record Round(int round) implements Point {
    public Round {
      if (round < 0) {
        throw new IllegalArgumentException("a round to go back to is at least 0, was " + round);
      }
    }
  }

  /** After {@code epochs} epochs of the first training before the stage that asks. */
  record Epoch(int epochs) implements Point {
    public Epoch {
      if (epochs < 0) {
        throw new IllegalArgumentException("an epoch to go back to is at least 0, was " + epochs);
      }
    }
  }

  /** After {@code steps} optimiser steps of the first training before the stage that asks. */
  record Step(long steps) implements Point {
    public Step {
      if (steps < 0) {
        throw new IllegalArgumentException("a step to go back to is at least 0, was " + steps);
      }
    }
  }
}
