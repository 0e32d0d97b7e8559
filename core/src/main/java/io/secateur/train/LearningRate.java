package io.secateur.train;

import java.util.List;
import java.util.Optional;

/**
 * The factor of an optimiser's steps, over a training. Epochs are counted from 0 here; all but
 * {@link WarmUp} change from epoch to epoch only.
 */
public sealed interface LearningRate {

  /** Returns the plain number of a study file, {@code learning-rate: 0.001}: always that. */
  static LearningRate of(double rate) {
    return new Constant(rate);
  }

  /** Returns the rate of the step that is taken at a moment. */
  double at(Moment moment);

  /**
   * Where a training stands.
   *
   * @param step optimiser steps done before
   * @param perEpoch steps of an epoch
   * @param total steps of the whole training
   */
  record Moment(long step, long perEpoch, long total) {
    /** Returns the epochs that are over. */
    public int epoch() {
      return Math.toIntExact(step / perEpoch);
    }

    /** Returns the epochs of the whole training; the last may be short. */
    public int epochs() {
      return Math.toIntExact((total + perEpoch - 1) / perEpoch);
    }

    /** Returns another moment of the same training. */
    Moment at(long other) {
      return new Moment(other, perEpoch, total);
    }
  }

  /** The same rate throughout. */
  record Constant(double rate) implements LearningRate {
    public Constant {
      checked("a learning rate", rate);
    }

    @Override
    public double at(Moment moment) {
      return rate;
    }
  }

  /**
   * A rate that is multiplied by a factor every few epochs, as PyTorch's StepLR: {@code initial ×
   * factor^⌊epoch / every⌋}.
   *
   * @param every epochs between two steps
   */
  record Step(double initial, int every, double factor) implements LearningRate {
    public Step {
      checkedInitial(initial);
      checked("the factor of a learning rate", factor);
      if (every < 1) {
        throw new IllegalArgumentException(
            "a learning rate steps every 1 or more epochs, was " + every);
      }
    }

    @Override
    public double at(Moment moment) {
      int times = moment.epoch() / every;
      return initial * StrictMath.pow(factor, times);
    }
  }

  /** A rate that is multiplied by a factor every epoch, as PyTorch's ExponentialLR. */
  record Exponential(double initial, double factor) implements LearningRate {
    public Exponential {
      checkedInitial(initial);
      checked("the factor of a learning rate", factor);
    }

    @Override
    public double at(Moment moment) {
      return initial * StrictMath.pow(factor, moment.epoch());
    }
  }

  /**
   * A rate that is multiplied by a factor at the beginning of some epochs, as PyTorch's
   * MultiStepLR.
   *
   * @param at epochs that are over by then, ascending
   */
  record MultiStep(double initial, List<Integer> at, double factor) implements LearningRate {
    public MultiStep {
      at = List.copyOf(at);
      checkedInitial(initial);
      checked("the factor of a learning rate", factor);
      for (int i = 0; i < at.size(); i++) {
        if (at.get(i) < 1 || (i > 0 && at.get(i) <= at.get(i - 1))) {
          throw new IllegalArgumentException(
              "the epochs at which a learning rate steps are ascending and at least 1, were " + at);
        }
      }
    }

    @Override
    public double at(Moment moment) {
      long times = at.stream().filter(epoch -> epoch <= moment.epoch()).count();
      return initial * StrictMath.pow(factor, (double) times);
    }
  }

  /**
   * Half a cosine from the initial rate down, as PyTorch's CosineAnnealingLR: {@code minimum +
   * (initial − minimum)(1 + cos(π · epoch / epochs)) / 2}; afterwards the minimum, where PyTorch's
   * rises again.
   *
   * @param minimum what it goes down to; 0 when absent
   * @param epochs how long that takes; the whole training when absent
   */
  record Cosine(double initial, Optional<Double> minimum, Optional<Integer> epochs)
      implements LearningRate {
    public Cosine {
      checkedInitial(initial);
      double low = minimum.orElse(0.0);
      if (!(low >= 0 && low <= initial)) {
        throw new IllegalArgumentException(
            "the minimum of a learning rate must be from 0 to its initial %s, was %s"
                .formatted(initial, low));
      }
      if (epochs.isPresent() && epochs.get() < 1) {
        throw new IllegalArgumentException("a cosine takes 1 or more epochs, was " + epochs.get());
      }
    }

    @Override
    public double at(Moment moment) {
      int whole = epochs.orElse(moment.epochs());
      double low = minimum.orElse(0.0);
      double progress = Math.min(1.0, (double) moment.epoch() / whole);
      return low + (initial - low) * (1 + StrictMath.cos(Math.PI * progress)) / 2;
    }
  }

  /**
   * Rises evenly, step by step, to what another rate is at its end, and is that rate from then on.
   * The other's epochs are those of the training: it is not shifted.
   *
   * @param steps how many optimiser steps it rises
   * @param epochs or how many epochs; one of the two
   * @param from the rate of the first step; 0 when absent
   * @param then the rate that it leads to
   */
  record WarmUp(
      Optional<Long> steps, Optional<Integer> epochs, Optional<Double> from, LearningRate then)
      implements LearningRate {
    public WarmUp {
      if (steps.isPresent() == epochs.isPresent()) {
        throw new IllegalArgumentException(
            "a warm-up takes steps or epochs, one of the two: warm-up: {epochs: 5, then: 0.1}");
      }
      long length = steps.orElseGet(() -> (long) epochs.orElse(0));
      if (length < 1) {
        throw new IllegalArgumentException(
            "a warm-up takes 1 or more steps or epochs, was " + length);
      }
      double first = from.orElse(0.0);
      if (!(first >= 0 && first < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "a warm-up starts from a rate of at least 0, was " + first);
      }
    }

    @Override
    public double at(Moment moment) {
      long length = steps.orElseGet(() -> epochs.orElse(0) * moment.perEpoch());
      if (moment.step() >= length) {
        return then.at(moment);
      }
      double first = from.orElse(0.0);
      return first + (then.at(moment.at(length)) - first) * moment.step() / length;
    }
  }

  private static void checkedInitial(double initial) {
    checked("the initial learning rate", initial);
  }

  private static void checked(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " must be above 0 and finite, was " + value);
    }
  }
}
