package io.secateur.methods.wanda;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.prune.RecordedContext;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Golden values; see {@code oracle/README.md}. */
final class Oracle {
  static final String FC = "fc.weight";

  private Oracle() {}

  static JsonNode read(String part) {
    try (InputStream in = Oracle.class.getResourceAsStream("/oracle/vectors.json")) {
      return JsonMapper.builder().build().readTree(Objects.requireNonNull(in)).get(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the numbers of a matrix, row by row. */
  static float[] flat(JsonNode matrix) {
    int columns = matrix.path(0).size();
    float[] flat = new float[matrix.size() * columns];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) matrix.path(i / columns).path(i % columns).asDouble();
    }
    return flat;
  }

  static float[][] rows(JsonNode matrix) {
    float[] flat = flat(matrix);
    int columns = matrix.path(0).size();
    float[][] rows = new float[matrix.size()][columns];
    for (int i = 0; i < flat.length; i++) {
      rows[i / columns][i % columns] = flat[i];
    }
    return rows;
  }

  /** Returns one linear layer without a bias. */
  static Checkpoint linear(int outputs, float... weights) {
    int inputs = weights.length / outputs;
    return new Checkpoint(
        new Architecture(new Shape(inputs), List.of(new Linear("fc", outputs, false))),
        Map.of(FC, Tensor.of(new Shape(outputs, inputs), weights)));
  }

  /** Returns examples whose targets do not matter. */
  static RecordedContext showing(int outputs, float[]... inputs) {
    Task task = new Task.Regression(new Shape(inputs[0].length), outputs);
    return new RecordedContext(task, inputs, new float[inputs.length][outputs]);
  }
}
