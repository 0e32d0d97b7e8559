package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import org.jspecify.annotations.Nullable;

/** Says which scores a granularity takes. */
final class ScoreShapes {
  private ScoreShapes() {}

  /**
   * Refuses scores of another shape or type, and none at all.
   *
   * @param form that of the matrix that was scored
   * @return whether there is one score per unit, not one per cell
   */
  static boolean check(
      @Nullable NDArray given, String method, String weight, Form form, Granularity granularity) {
    NDArray scores = require(given, method, weight, "scores");
    Shape shape = scores.getShape();
    boolean slices = granularity.sliced().isPresent();
    Shape cells = new Shape(form.rows(), form.columns());
    Shape units = new Shape(form.rows(), 1);
    boolean perUnit = slices && (shape.equals(units) || shape.equals(new Shape(form.rows())));
    if (!perUnit && !shape.equals(cells)) {
      throw new IllegalArgumentException(
          "method '%s' gave %s scores of shape %s, granularity %s takes %s: %s"
              .formatted(
                  method,
                  weight,
                  shape,
                  granularity,
                  slices ? units + " or " + cells : cells,
                  slices
                      ? "one score per unit, or one per cell, which are added up"
                      : "one score per cell of the matrix"));
    }
    if (scores.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "method '%s' gave %s scores of type %s, they must be float32"
              .formatted(method, weight, scores.getDataType()));
    }
    return perUnit;
  }

  /** Refuses an array that is none, or that holds nothing any more. */
  static NDArray require(@Nullable NDArray given, String method, String weight, String what) {
    if (given == null || given.isReleased()) {
      throw new IllegalArgumentException(
          "method '%s' gave %s %s that are %s; they must be an open array"
              .formatted(method, weight, what, given == null ? "null" : "closed"));
    }
    return given;
  }
}
