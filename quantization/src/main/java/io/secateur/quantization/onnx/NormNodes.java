package io.secateur.quantization.onnx;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.LayerNorm;
import io.secateur.model.RmsNorm;
import java.util.List;

/** Nodes of layers that normalise the features of every position. */
final class NormNodes {
  private final Graph graph;
  private final Values values;

  NormNodes(Graph graph, Values values) {
    this.graph = graph;
    this.values = values;
  }

  /**
   * Normalises by mean and variance.
   *
   * @param shape of one example's input
   */
  String of(LayerNorm norm, String input, Shape shape) {
    String name = norm.name();
    String gamma = values.floats(name + ".weight");
    String beta = values.floats(name + ".bias");
    long features = shape.get(shape.dimension() - 1);
    if (norm.width() == 0 || norm.width() == features) {
      return graph.node(
          "LayerNormalization",
          name,
          List.of(input, gamma, beta),
          Graph.attribute("axis", -1),
          Graph.attribute("epsilon", (float) norm.epsilon()));
    }
    // Features that were removed count as 0: each is as far from the mean as the mean is from 0.
    String count = graph.constant(name + ".width", (float) norm.width());
    String lacking = graph.constant(name + ".lacking", (float) (norm.width() - features));
    String mean = divided(name + "/mean", sum(name + "/sum", input), count);
    String centred = graph.node("Sub", name + "/centred", List.of(input, mean));
    String present = sum(name + "/squares", square(name + "/square", centred));
    String absent =
        graph.node("Mul", name + "/absent", List.of(square(name + "/removed", mean), lacking));
    String all = graph.node("Add", name + "/all", List.of(present, absent));
    String variance = divided(name + "/variance", all, count);
    String normal = byRoot(name, centred, variance, norm.epsilon());
    String scaled = graph.node("Mul", name + "/Mul", List.of(normal, gamma));
    return graph.node("Add", name, List.of(scaled, beta));
  }

  /**
   * Divides by the root mean square.
   *
   * @param shape of one example's input
   */
  String of(RmsNorm norm, String input, Shape shape) {
    String name = norm.name();
    long features = norm.width() == 0 ? shape.get(shape.dimension() - 1) : norm.width();
    String count = graph.constant(name + ".width", (float) features);
    String squares = sum(name + "/squares", square(name + "/square", input));
    String mean = divided(name + "/mean", squares, count);
    String normal = byRoot(name, input, mean, norm.epsilon());
    return graph.node("Mul", name, List.of(normal, values.floats(name + ".weight")));
  }

  private String byRoot(String name, String value, String mean, double epsilon) {
    String least = graph.constant(name + ".epsilon", (float) epsilon);
    String above = graph.node("Add", name + "/above", List.of(mean, least));
    String root = graph.node("Sqrt", name + "/root", List.of(above));
    return divided(name + "/normal", value, root);
  }

  private String sum(String name, String value) {
    return graph.node("ReduceSum", name, List.of(value, graph.integers(name + ".axis", -1)));
  }

  private String square(String name, String value) {
    return graph.node("Mul", name, List.of(value, value));
  }

  private String divided(String name, String value, String by) {
    return graph.node("Div", name, List.of(value, by));
  }
}
