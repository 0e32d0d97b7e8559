package io.secateur.study;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an arm stands in rounds that may stop, as the steps of these rounds hand it on from manifest
 * to manifest. No checkpoint knows of it.
 *
 * @param before the metric before the first round
 * @param factor what the fractions that go are multiplied with, 1 at first
 * @param halved how often they were halved
 * @param undone the last round that was undone; 0 for none
 * @param ended whether the rounds are over
 * @param until the last of the rounds that this is about
 * @param passed whether the step did nothing, as its round is undone or the rounds are over: it
 *     gave the checkpoint that it got, which is neither measured nor shown
 */
record RoundState(
    double before,
    double factor,
    int halved,
    int undone,
    boolean ended,
    int until,
    boolean passed) {

  static RoundState start(double before, int until) {
    return new RoundState(before, 1, 0, 0, false, until, false);
  }

  /** Returns what a step hands on of what it got: nothing once the rounds lie behind it. */
  static Optional<RoundState> after(@Nullable RoundState got, int round) {
    if (got == null || round == 0 || round > got.until) {
      return Optional.empty();
    }
    boolean passes = got.ended || got.undone == round;
    return Optional.of(
        new RoundState(
            got.before, got.factor, got.halved, got.undone, got.ended, got.until, passes));
  }

  /** Returns this after a round that did not hold. */
  RoundState without(int round, int halvings) {
    boolean ends = halved >= halvings;
    return new RoundState(
        before, ends ? factor : factor / 2, ends ? halved : halved + 1, round, ends, until, false);
  }
}
