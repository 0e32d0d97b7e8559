package io.secateur.train;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The arithmetic of an optimiser, written twice: over plain arrays, and in the engine for devices
 * whose memory Java cannot see.
 */
sealed interface Rule permits SgdRule, AdamRule, AdadeltaRule, RmspropRule {

  /**
   * Added to a slot's number and taken away again. Numbers of cells whose gradients have become 0
   * shrink from step to step until they are subnormal, with which processors compute many times
   * slower; this rounds them to multiples of 2⁻¹¹⁴, and no weight can tell.
   */
  float FLOOR = 0x1p-90f;

  /** Returns the arithmetic of an optimiser. */
  static Rule of(Optimizer optimizer) {
    if (optimizer instanceof Optimizer.Adam adam) {
      return new AdamRule(adam);
    }
    if (optimizer instanceof Optimizer.Adamw adamw) {
      return new AdamRule(adamw);
    }
    if (optimizer instanceof Optimizer.Adadelta adadelta) {
      return new AdadeltaRule(adadelta);
    }
    return optimizer instanceof Optimizer.Rmsprop rmsprop
        ? new RmspropRule(rmsprop)
        : new SgdRule((Optimizer.Sgd) optimizer);
  }

  /** Returns what it remembers per weight, by name; all start at 0. */
  List<String> slots();

  /**
   * Moves some weights.
   *
   * @param slots in the order of {@link #slots}, each at least as long as {@code length}
   * @param step optimiser steps done, this one included
   */
  void update(
      float[] weights, float[] gradients, float[][] slots, int length, double rate, long step);

  /**
   * Moves a weight in place, and its slots.
   *
   * @param weight without gradient tracking
   */
  void update(NDArray weight, NDArray gradient, List<NDArray> slots, double rate, long step);
}
