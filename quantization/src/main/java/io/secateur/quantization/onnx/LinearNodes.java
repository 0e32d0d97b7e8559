package io.secateur.quantization.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes of linear layers. Weights stand in the graph as (outputs, features), as everywhere else.
 */
final class LinearNodes {
  private final Graph graph;
  private final Values values;

  LinearNodes(Graph graph, Values values) {
    this.graph = graph;
    this.values = values;
  }

  /**
   * Returns y = xWᵀ + b.
   *
   * @param name of the layer
   * @param holder of the layer whose weight it is
   * @param shape of one example's input: (features) or (positions, features)
   */
  String of(String name, String holder, boolean bias, String input, Shape shape) {
    String weight = holder + ".weight";
    if (values.dynamic(name)) {
      DynamicInput spread = new DynamicInput(graph, name, input);
      return values.narrow(weight)
          ? ofIntegers(name, weight, bias, spread)
          : gemm(name, weight, bias, spread.rounded(), shape);
    }
    return gemm(name, weight, bias, input, shape);
  }

  /** Positions of all examples stand below one another, so that one product does for all. */
  private String gemm(String name, String weight, boolean bias, String input, Shape shape) {
    List<String> inputs = new ArrayList<>();
    boolean flat = shape.dimension() == 1;
    inputs.add(
        flat ? input : reshaped(name + "/Reshape", input, -1, shape.get(shape.dimension() - 1)));
    inputs.add(values.floats(weight));
    if (bias) {
      inputs.add(values.floats(name + ".bias"));
    }
    String product =
        graph.node("Gemm", flat ? name : name + "/Gemm", inputs, Graph.attribute("transB", 1));
    long outputs = values.shape(weight).get(0);
    return flat ? product : reshaped(name, product, -1, shape.get(0), outputs);
  }

  private String reshaped(String name, String value, long... shape) {
    String sides = graph.integers(name + ".shape", shape);
    return graph.node("Reshape", name, List.of(value, sides));
  }

  /** A product of integers; what it stands for is float again at once, and so is the bias. */
  private String ofIntegers(String name, String weight, boolean bias, DynamicInput input) {
    Values.Integers integers = values.integers(weight);
    String transposed =
        graph.node(
            "Transpose",
            name + "/Transpose",
            List.of(integers.numbers()),
            Graph.attribute("perm", new long[] {1, 0}));
    String product =
        graph.node(
            "MatMulInteger",
            name + "/MatMulInteger",
            List.of(input.integers(), transposed, input.zero(), integers.zero()));
    String scale = graph.node("Mul", name + "/scales", List.of(input.scale(), integers.scales()));
    String scaled =
        graph.node("Mul", bias ? name + "/Mul" : name, List.of(cast(name, product), scale));
    return bias ? graph.node("Add", name, List.of(scaled, values.floats(name + ".bias"))) : scaled;
  }

  private String cast(String name, String product) {
    return graph.node(
        "Cast",
        name + "/Cast",
        List.of(product),
        Graph.attribute("to", TensorProto.DataType.FLOAT.getNumber()));
  }
}
