package io.secateur.quantization.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.secateur.model.Embedding;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.PositionEmbedding;
import java.util.List;
import java.util.Optional;

/** Nodes of layers that look at positions of texts. */
final class TextNodes {
  private final Graph graph;
  private final Values values;

  TextNodes(Graph graph, Values values) {
    this.graph = graph;
    this.values = values;
  }

  /**
   * Returns 1 where a position of the network's input holds a word and 0 where it holds padding.
   */
  String present(Embedding embedding) {
    String name = embedding.name() + "/present";
    String padding = graph.integers(name + ".padding", embedding.padding());
    String equal = graph.node("Equal", name + "/Equal", List.of(Graph.INPUT, padding));
    String words = graph.node("Not", name + "/Not", List.of(equal));
    return cast(name, words);
  }

  private String cast(String name, String value) {
    return graph.node(
        "Cast",
        name,
        List.of(value),
        Graph.attribute("to", TensorProto.DataType.FLOAT.getNumber()));
  }

  /** Looks rows up; what is no id, and so padding, finds the first one. */
  String of(Embedding embedding, String input) {
    String name = embedding.name();
    String table = name + ".weight";
    String least = graph.integers(name + ".least", 0);
    String ids = graph.node("Max", name + "/Max", List.of(input, least));
    if (!values.narrow(table)) {
      return graph.node("Gather", name, List.of(values.floats(table), ids));
    }
    // Only the rows that are looked up become floats.
    Values.Integers integers = values.integers(table);
    String rows = graph.node("Gather", name + "/Gather", List.of(integers.numbers(), ids));
    if (!integers.perRow()) {
      return graph.node(
          "DequantizeLinear", name, List.of(rows, integers.scales(), integers.zero()));
    }
    String scales = graph.node("Gather", name + "/scales", List.of(integers.scales(), ids));
    String axis = graph.integers(name + ".axis", -1);
    String each = graph.node("Unsqueeze", name + "/Unsqueeze", List.of(scales, axis));
    return graph.node("Mul", name, List.of(cast(name + "/Cast", rows), each));
  }

  /**
   * Adds the rows of a table.
   *
   * @param shape of one example's input
   */
  String of(PositionEmbedding embedding, String input, Shape shape) {
    String name = embedding.name();
    String table = values.floats(name + ".weight");
    if (values.shape(name + ".weight").get(0) > shape.get(0)) {
      table =
          graph.node(
              "Slice",
              name + "/Slice",
              List.of(
                  table,
                  graph.integers(name + ".start", 0),
                  graph.integers(name + ".end", shape.get(0)),
                  graph.integers(name + ".axis", 0)));
    }
    return graph.node("Add", name, List.of(input, table));
  }

  /**
   * Takes the mean over positions.
   *
   * @param present what {@link #present} gave; nothing when all positions count
   */
  String of(MeanOverPositions mean, String input, Optional<String> present) {
    String name = mean.name();
    if (present.isEmpty()) {
      return graph.node(
          "ReduceMean",
          name,
          List.of(input),
          Graph.attribute("axes", new long[] {1}),
          Graph.attribute("keepdims", 0));
    }
    String axis = graph.integers(name + ".axis", 1);
    String one = graph.constant(name + ".one", 1f);
    String count = graph.node("ReduceSum", name + "/ReduceSum", List.of(present.get(), axis));
    String least = graph.node("Max", name + "/Max", List.of(count, one));
    String shares = graph.node("Div", name + "/Div", List.of(present.get(), least));
    String row = graph.node("Unsqueeze", name + "/Unsqueeze", List.of(shares, axis));
    String product = graph.node("MatMul", name + "/MatMul", List.of(row, input));
    return graph.node("Squeeze", name, List.of(product, axis));
  }
}
