package io.secateur.spi;

import ai.djl.ndarray.NDArray;
import io.secateur.sparsity.Form;
import java.util.Map;

/**
 * A prunable weight, as a method sees it. The arrays belong to the framework: not to be written to
 * or closed.
 *
 * @param name the parameter's name, as in PyTorch's state dict; where several weights make the same
 *     units, their names joined by {@code " + "}
 * @param form how the weight reads as a matrix
 * @param matrix float32 weights, a row per output unit, a column per input unit and kernel cell;
 *     pruned cells are +0.0. For slice granularities a row per unit, which holds its rows of
 *     several weights side by side where these make it together
 * @param companions vectors with an entry per output unit: {@code bias}, {@code gamma}, {@code
 *     beta}, where the layer has them; for coupled units those of the layers behind too, and where
 *     each unit has several of a kind, a matrix with a row per unit
 * @param seed the seed of anything random in the scores: equal across the arms of a study
 */
public record Weight(
    String name, Form form, NDArray matrix, Map<String, NDArray> companions, long seed) {
  public Weight {
    companions = Map.copyOf(companions);
  }
}
