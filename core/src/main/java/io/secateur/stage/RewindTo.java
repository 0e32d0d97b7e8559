package io.secateur.stage;

import io.secateur.spi.Point;
import java.util.Optional;

/** What a rewind takes a pruned model back to. */
public sealed interface RewindTo {

  /** Returns the plain word of a study file: {@code init} or {@code learning-rate}. */
  static RewindTo of(String word) {
    return switch (word) {
      case "init" -> new Init();
      case "learning-rate" -> new LearningRate();
      default ->
          throw new IllegalArgumentException(
              "a rewind goes to init, learning-rate, {label: NAME}, {epoch: N}, {step: N} or {round:"
                  + " N}, not "
                  + word);
    };
  }

  /** Returns the moment whose checkpoint it takes; none when the weights stay as they are. */
  Optional<Point> point();

  /** Returns whether training goes on from there, instead of starting again. */
  default boolean resumes() {
    return false;
  }

  /** The parameters before any training; training starts again. */
  record Init() implements RewindTo {
    @Override
    public Optional<Point> point() {
      return Optional.of(new Point.Init());
    }
  }

  /** The end of the stage that carries a label; training starts again. */
  record Label(String name) implements RewindTo {
    public Label {
      if (name.isBlank()) {
        throw new IllegalArgumentException("a rewind to a label needs the label's name");
      }
    }

    @Override
    public Optional<Point> point() {
      return Optional.of(new Point.Label(name));
    }
  }

  /**
   * After some epochs of the first training; training goes on there, at its end it starts again.
   */
  record Epoch(int epochs) implements RewindTo {
    public Epoch {
      refuseNegative("epoch", epochs);
    }

    @Override
    public Optional<Point> point() {
      return Optional.of(new Point.Epoch(epochs));
    }

    @Override
    public boolean resumes() {
      return true;
    }
  }

  /** After some steps of the first training; training goes on there, at its end it starts again. */
  record Step(long steps) implements RewindTo {
    public Step {
      refuseNegative("step", steps);
    }

    @Override
    public Optional<Point> point() {
      return Optional.of(new Point.Step(steps));
    }

    @Override
    public boolean resumes() {
      return true;
    }
  }

  /**
   * The end of an earlier round of the rounds that the rewind stands in, 0 being the checkpoint
   * before the first; training starts again.
   */
  record Round(int rounds) implements RewindTo {
    public Round {
      refuseNegative("round", rounds);
    }

    @Override
    public Optional<Point> point() {
      return Optional.of(new Point.Round(rounds));
    }
  }

  /**
   * Only the learning rate: weights stay as they are, training starts again (Renda et al., 2020).
   */
  record LearningRate() implements RewindTo {
    @Override
    public Optional<Point> point() {
      return Optional.empty();
    }
  }

  private static void refuseNegative(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "the " + what + " to rewind to is at least 0, was " + value);
    }
  }
}
