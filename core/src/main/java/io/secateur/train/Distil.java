package io.secateur.train;

import io.secateur.spi.Point;

/**
 * Knowledge distillation (Hinton et al., 2015): an earlier model of the pipeline teaches. The loss
 * is weight · T² · KL(teacher ‖ student), of outputs divided by the temperature T before softmax,
 * plus (1 − weight) · the training's own; for numbers weight · the squared distance to the
 * teacher's outputs, where the temperature plays no part.
 *
 * @param from the label of the stage whose model teaches, or {@code init} for the model that the
 *     pipeline starts with
 * @param temperature above 0; high ones show more of what the teacher takes classes for
 * @param weight the teacher's share of the loss, above 0, at most 1
 */
public record Distil(String from, double temperature, double weight) {
  private static final String START = "init";

  /** From the start of the pipeline, at temperature 4, with nine tenths of the loss. */
  public Distil() {
    this(START, 4, 0.9);
  }

  public Distil {
    if (from.isBlank()) {
      throw new IllegalArgumentException(
          "distil: from is a label of a stage before, or init for the start of the pipeline, was"
              + " empty");
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "distil: temperature must be above 0 and finite, was " + temperature);
    }
    if (!(weight > 0 && weight <= 1)) {
      throw new IllegalArgumentException(
          "distil: weight must be above 0 and at most 1, was " + weight);
    }
  }

  /** Returns the moment whose model teaches. */
  public Point point() {
    return from.equals(START) ? new Point.Init() : new Point.Label(from);
  }
}
