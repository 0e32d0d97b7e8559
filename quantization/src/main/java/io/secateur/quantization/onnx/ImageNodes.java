package io.secateur.quantization.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.secateur.model.AvgPool2d;
import io.secateur.model.BatchNorm;
import io.secateur.model.Conv2d;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Layer;
import io.secateur.model.MaxPool2d;
import io.secateur.model.PadShortcut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Nodes of layers that look at images. */
final class ImageNodes {
  private final Graph graph;
  private final Values values;

  ImageNodes(Graph graph, Values values) {
    this.graph = graph;
    this.values = values;
  }

  /** Returns what a layer gives; nothing for a layer of another kind. */
  Optional<String> of(Layer layer, String input) {
    String name = layer.name();
    if (layer instanceof Conv2d convolution) {
      return Optional.of(convolution(convolution, input));
    } else if (layer instanceof BatchNorm norm) {
      return Optional.of(norm(norm, input));
    } else if (layer instanceof MaxPool2d pool) {
      return Optional.of(
          graph.node("MaxPool", name, List.of(input), window(pool.size(), pool.stride())));
    } else if (layer instanceof AvgPool2d pool) {
      return Optional.of(
          graph.node("AveragePool", name, List.of(input), window(pool.size(), pool.stride())));
    } else if (layer instanceof GlobalAvgPool2d) {
      String means = graph.node("GlobalAveragePool", name + "/GlobalAveragePool", List.of(input));
      return Optional.of(graph.node("Flatten", name, List.of(means), Graph.attribute("axis", 1)));
    } else if (layer instanceof PadShortcut shortcut) {
      return Optional.of(shortcut(shortcut, input));
    }
    return Optional.empty();
  }

  private static AttributeProto[] window(int size, int stride) {
    return new AttributeProto[] {
      Graph.attribute("kernel_shape", new long[] {size, size}),
      Graph.attribute("strides", new long[] {stride, stride})
    };
  }

  private static AttributeProto[] window(Conv2d convolution) {
    long padding = convolution.padding();
    List<AttributeProto> attributes =
        new ArrayList<>(List.of(window(convolution.kernel(), convolution.stride())));
    attributes.add(Graph.attribute("pads", new long[] {padding, padding, padding, padding}));
    attributes.add(Graph.attribute("group", convolution.groups()));
    return attributes.toArray(AttributeProto[]::new);
  }

  private String convolution(Conv2d convolution, String input) {
    String name = convolution.name();
    String weight = name + ".weight";
    boolean dynamic = values.dynamic(name);
    if (dynamic && values.narrow(weight)) {
      return ofIntegers(convolution, new DynamicInput(graph, name, input));
    }
    List<String> inputs = new ArrayList<>();
    inputs.add(dynamic ? new DynamicInput(graph, name, input).rounded() : input);
    inputs.add(values.floats(weight));
    if (convolution.bias()) {
      inputs.add(values.floats(name + ".bias"));
    }
    return graph.node("Conv", name, inputs, window(convolution));
  }

  /** Products of integers; what they stand for is float again at once, and so is the bias. */
  private String ofIntegers(Conv2d convolution, DynamicInput input) {
    String name = convolution.name();
    Values.Integers integers = values.integers(name + ".weight");
    // One zero for all filters is what ConvInteger knows.
    List<String> inputs = List.of(input.integers(), integers.numbers(), input.zero());
    String product = graph.node("ConvInteger", name + "/ConvInteger", inputs, window(convolution));
    String floats =
        graph.node(
            "Cast",
            name + "/Cast",
            List.of(product),
            Graph.attribute("to", TensorProto.DataType.FLOAT.getNumber()));
    String scale =
        graph.node(
            "Mul",
            name + "/scales",
            List.of(
                input.scale(),
                integers.perRow()
                    ? perChannel(name + "/scale", integers.scales())
                    : integers.scales()));
    boolean bias = convolution.bias();
    String scaled = graph.node("Mul", bias ? name + "/Mul" : name, List.of(floats, scale));
    return bias
        ? graph.node(
            "Add", name, List.of(scaled, perChannel(name + "/bias", values.floats(name + ".bias"))))
        : scaled;
  }

  /** Returns numbers of channels so that they meet images of them: (channels, 1, 1). */
  private String perChannel(String name, String numbers) {
    String axes = graph.integers(name + ".axes", 1, 2);
    return graph.node("Unsqueeze", name, List.of(numbers, axes));
  }

  private String norm(BatchNorm norm, String input) {
    String name = norm.name();
    return graph.node(
        "BatchNormalization",
        name,
        List.of(
            input,
            values.floats(name + ".weight"),
            values.floats(name + ".bias"),
            values.floats(name + ".running_mean"),
            values.floats(name + ".running_var")),
        Graph.attribute("epsilon", (float) norm.epsilon()));
  }

  private String shortcut(PadShortcut shortcut, String input) {
    String name = shortcut.name();
    String pixels = input;
    boolean padded = shortcut.front() + shortcut.behind() > 0;
    if (shortcut.stride() > 1) {
      long stride = shortcut.stride();
      pixels =
          graph.node(
              "Slice",
              padded ? name + "/Slice" : name,
              List.of(
                  input,
                  graph.integers(name + ".starts", 0, 0),
                  graph.integers(name + ".ends", Integer.MAX_VALUE, Integer.MAX_VALUE),
                  graph.integers(name + ".axes", 2, 3),
                  graph.integers(name + ".steps", stride, stride)));
    }
    if (!padded) {
      return pixels;
    }
    String pads =
        graph.integers(name + ".pads", 0, shortcut.front(), 0, 0, 0, shortcut.behind(), 0, 0);
    return graph.node("Pad", name, List.of(pixels, pads));
  }
}
