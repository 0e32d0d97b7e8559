package io.secateur.quantization.onnx;

import io.secateur.model.Attention;
import java.util.List;

/** Rotary positions of an attention: each pair of features of a head turned by its position. */
final class Rotation {
  private final Graph graph;
  private final int half;
  private final String cosines;
  private final String sines;

  Rotation(Graph graph, Attention layer, int positions) {
    this.graph = graph;
    int size = layer.headSize();
    this.half = size / 2;
    float[] cosine = new float[positions * size];
    float[] sine = new float[positions * size];
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < size; i++) {
        double angle = position * Math.pow(layer.rotary(), -2.0 * (i % half) / size);
        cosine[position * size + i] = (float) Math.cos(angle);
        // The first half takes the second one's features with the other sign.
        sine[position * size + i] = (float) (i < half ? -Math.sin(angle) : Math.sin(angle));
      }
    }
    this.cosines = graph.constant(layer.name() + ".cosines", cosine, positions, size);
    this.sines = graph.constant(layer.name() + ".sines", sine, positions, size);
  }

  /** Turns (batch, heads, positions, head size). */
  String of(String name, String heads) {
    String first = part(name + "/first", heads, 0, half);
    String second = part(name + "/second", heads, half, 2L * half);
    String crossed =
        graph.node(
            "Concat", name + "/crossed", List.of(second, first), Graph.attribute("axis", -1));
    String straight = graph.node("Mul", name + "/straight", List.of(heads, cosines));
    String across = graph.node("Mul", name + "/across", List.of(crossed, sines));
    return graph.node("Add", name + "/rotated", List.of(straight, across));
  }

  private String part(String name, String heads, long start, long end) {
    return graph.node(
        "Slice",
        name,
        List.of(
            heads,
            graph.integers(name + ".start", start),
            graph.integers(name + ".end", end),
            graph.integers(name + ".axis", 3)));
  }
}
