package io.secateur.quantization.onnx;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Attention;
import java.util.List;
import java.util.Optional;

/** Nodes of attention: queries, keys and values to what the heads give. */
final class AttentionNodes {
  /** So far below every score that nothing of it is left behind a softmax. */
  private static final float HIDDEN = -1e9f;

  private final Graph graph;

  AttentionNodes(Graph graph) {
    this.graph = graph;
  }

  /**
   * Returns what the heads give, side by side.
   *
   * @param ends queries, keys and values
   * @param shapes theirs, of one example
   * @param present 1 where a position holds something; nothing when all do
   */
  String of(Attention layer, List<String> ends, List<Shape> shapes, Optional<String> present) {
    String name = layer.name();
    long size = layer.headSize();
    long positions = shapes.get(0).get(0);
    long heads = shapes.get(0).get(1) / size;
    long groups = shapes.get(1).get(1) / size;
    String queries = heads(name + "/query", ends.get(0), positions, heads, size);
    String keys = heads(name + "/key", ends.get(1), positions, groups, size);
    String values = heads(name + "/value", ends.get(2), positions, groups, size);
    if (layer.rotary() > 0) {
      Rotation rotation = new Rotation(graph, layer, (int) positions);
      queries = rotation.of(name + "/query", queries);
      keys = rotation.of(name + "/key", keys);
    }
    long shared = heads / groups;
    if (shared > 1) {
      // Queries that share keys stand below one another.
      queries = reshaped(name + "/below", queries, groups, shared * positions, size);
    }
    String sideways = transposed(name + "/keys", keys, 0, 1, 3, 2);
    String products = graph.node("MatMul", name + "/scores", List.of(queries, sideways));
    String factor = graph.constant(name + ".factor", (float) (1 / Math.sqrt(layer.headSize())));
    String scores = graph.node("Mul", name + "/scaled", List.of(products, factor));
    if (shared > 1) {
      scores = reshaped(name + "/each", scores, groups, shared, positions, positions);
    }
    if (layer.causal()) {
      scores = graph.node("Add", name + "/causal", List.of(scores, later(name, (int) positions)));
    }
    if (present.isPresent()) {
      long[] axes = shared > 1 ? new long[] {1, 2, 3} : new long[] {1, 2};
      scores =
          graph.node("Add", name + "/padding", List.of(scores, hidden(name, present.get(), axes)));
    }
    String shares =
        graph.node("Softmax", name + "/shares", List.of(scores), Graph.attribute("axis", -1));
    if (shared > 1) {
      shares = reshaped(name + "/flat", shares, groups, shared * positions, positions);
    }
    String context = graph.node("MatMul", name + "/context", List.of(shares, values));
    if (shared > 1) {
      context = reshaped(name + "/heads", context, heads, positions, size);
    }
    String rows = transposed(name + "/rows", context, 0, 2, 1, 3);
    return reshaped(name, rows, positions, heads * size);
  }

  /** (batch, positions, features) to (batch, heads, positions, head size). */
  private String heads(String name, String end, long positions, long heads, long size) {
    return transposed(
        name + "/Transpose", reshaped(name + "/Reshape", end, positions, heads, size), 0, 2, 1, 3);
  }

  /** The first axis is the batch's and stays: a 0 copies it. */
  private String reshaped(String name, String value, long... sides) {
    long[] shape = new long[sides.length + 1];
    System.arraycopy(sides, 0, shape, 1, sides.length);
    return graph.node("Reshape", name, List.of(value, graph.integers(name + ".shape", shape)));
  }

  private String transposed(String name, String value, long... order) {
    return graph.node("Transpose", name, List.of(value), Graph.attribute("perm", order));
  }

  private String hidden(String name, String present, long... axes) {
    String one = graph.constant(name + ".one", 1f);
    String much = graph.constant(name + ".hidden", -HIDDEN);
    String less = graph.node("Sub", name + "/absent", List.of(present, one));
    String far = graph.node("Mul", name + "/hidden", List.of(less, much));
    return graph.node(
        "Unsqueeze", name + "/mask", List.of(far, graph.integers(name + ".axes", axes)));
  }

  private String later(String name, int positions) {
    float[] hidden = new float[positions * positions];
    for (int row = 0; row < positions; row++) {
      for (int column = row + 1; column < positions; column++) {
        hidden[row * positions + column] = HIDDEN;
      }
    }
    return graph.constant(name + ".later", hidden, positions, positions);
  }
}
