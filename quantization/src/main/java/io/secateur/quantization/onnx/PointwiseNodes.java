package io.secateur.quantization.onnx;

import io.secateur.model.Flatten;
import io.secateur.model.Gelu;
import io.secateur.model.Layer;
import io.secateur.model.LogSoftmax;
import io.secateur.model.Relu;
import io.secateur.model.Sigmoid;
import io.secateur.model.Silu;
import io.secateur.model.Tanh;
import java.util.List;
import java.util.Optional;

/** Nodes of layers that look at numbers one by one, or at those of one row. */
final class PointwiseNodes {
  private final Graph graph;

  PointwiseNodes(Graph graph) {
    this.graph = graph;
  }

  /** Returns what a layer gives; nothing for a layer of another kind. */
  Optional<String> of(Layer layer, String input) {
    String name = layer.name();
    if (layer instanceof Relu) {
      return Optional.of(graph.node("Relu", name, List.of(input)));
    } else if (layer instanceof Sigmoid) {
      return Optional.of(graph.node("Sigmoid", name, List.of(input)));
    } else if (layer instanceof Tanh) {
      return Optional.of(graph.node("Tanh", name, List.of(input)));
    } else if (layer instanceof Silu) {
      String gate = graph.node("Sigmoid", name + "/Sigmoid", List.of(input));
      return Optional.of(graph.node("Mul", name, List.of(input, gate)));
    } else if (layer instanceof Gelu) {
      return Optional.of(gelu(name, input));
    } else if (layer instanceof LogSoftmax) {
      return Optional.of(
          graph.node("LogSoftmax", name, List.of(input), Graph.attribute("axis", -1)));
    } else if (layer instanceof Flatten) {
      return Optional.of(graph.node("Flatten", name, List.of(input), Graph.attribute("axis", 1)));
    }
    return Optional.empty();
  }

  /** Without tanh; in this order the runtime knows it and computes it in one go. */
  private String gelu(String name, String input) {
    String root = graph.constant(name + ".root", (float) Math.sqrt(2));
    String one = graph.constant(name + ".one", 1f);
    String half = graph.constant(name + ".half", 0.5f);
    String scaled = graph.node("Div", name + "/Div", List.of(input, root));
    String erf = graph.node("Erf", name + "/Erf", List.of(scaled));
    String sum = graph.node("Add", name + "/Add", List.of(erf, one));
    String product = graph.node("Mul", name + "/Mul", List.of(input, sum));
    return graph.node("Mul", name, List.of(product, half));
  }
}
