package io.secateur.quantization.onnx;

import java.util.List;

/** The input of a layer, spread over its own range a batch at once. */
final class DynamicInput {
  private final Graph graph;
  private final String layer;
  private final List<String> parts;

  DynamicInput(Graph graph, String layer, String input) {
    this.graph = graph;
    this.layer = layer;
    this.parts =
        graph.node("DynamicQuantizeLinear", layer + "/DynamicQuantizeLinear", List.of(input), 3);
  }

  String integers() {
    return parts.get(0);
  }

  String scale() {
    return parts.get(1);
  }

  String zero() {
    return parts.get(2);
  }

  /** Returns the numbers that the integers stand for. */
  String rounded() {
    return graph.node("DequantizeLinear", layer + "/DequantizeLinear", parts);
  }
}
