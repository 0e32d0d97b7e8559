package io.secateur.quantization.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.secateur.model.Architecture;
import io.secateur.model.Attention;
import io.secateur.model.Checkpoint;
import io.secateur.model.Concat;
import io.secateur.model.Dropout;
import io.secateur.model.Embedding;
import io.secateur.model.Layer;
import io.secateur.model.LayerNorm;
import io.secateur.model.Linear;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.PositionEmbedding;
import io.secateur.model.Product;
import io.secateur.model.Quantization;
import io.secateur.model.Residual;
import io.secateur.model.RmsNorm;
import io.secateur.model.TiedLinear;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Walks an architecture and writes what each layer computes as nodes of ONNX. */
final class Export {
  /** Version of the operators that are used. */
  static final int OPERATORS = 17;

  /** Version of the file that first had them. */
  private static final int FILE = 8;

  private final Checkpoint checkpoint;
  private final Graph graph;
  private final Values values;
  private final PointwiseNodes pointwise;
  private final LinearNodes linear;
  private final ImageNodes images;
  private final TextNodes texts;
  private final NormNodes norms;
  private final AttentionNodes attention;
  private Optional<String> present = Optional.empty();

  private Export(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.graph = new Graph(checkpoint.parameters().keySet());
    this.values = new Values(checkpoint, graph);
    this.pointwise = new PointwiseNodes(graph);
    this.linear = new LinearNodes(graph, values);
    this.images = new ImageNodes(graph, values);
    this.texts = new TextNodes(graph, values);
    this.norms = new NormNodes(graph, values);
    this.attention = new AttentionNodes(graph);
  }

  /**
   * Returns a model that computes what a checkpoint's network does when predicting.
   *
   * @throws IllegalArgumentException naming the layer of a kind that has no nodes here
   */
  static ModelProto of(Checkpoint checkpoint) {
    return new Export(checkpoint).model();
  }

  private ModelProto model() {
    Architecture architecture = checkpoint.architecture();
    boolean ids =
        architecture.places().stream().anyMatch(place -> place.layer() instanceof Embedding);
    String entered = values.rounded(Quantization.INPUT, Graph.INPUT);
    String last = run(architecture.layers(), entered, architecture.input());
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(FILE)
            .setProducerName("secateur")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATORS))
            .addMetadataProps(property("architecture", architecture.toJson()));
    checkpoint
        .quantization()
        .ifPresent(each -> model.addMetadataProps(property("quantization", each.toJson())));
    return model
        .setGraph(
            graph.finished(
                last,
                ids ? TensorProto.DataType.INT64 : TensorProto.DataType.FLOAT,
                architecture.input(),
                architecture.output()))
        .build();
  }

  private static StringStringEntryProto property(String name, String text) {
    return StringStringEntryProto.newBuilder().setKey("secateur." + name).setValue(text).build();
  }

  private String run(List<Layer> layers, String input, Shape first) {
    String current = input;
    Shape shape = first;
    for (Layer layer : layers) {
      current = values.rounded(layer.name(), of(layer, current, shape));
      shape = layer.output(shape);
    }
    return current;
  }

  private String of(Layer layer, String input, Shape shape) {
    if (layer instanceof Layer.Branching branching) {
      List<String> ends = new ArrayList<>();
      for (List<Layer> branch : branching.branches()) {
        ends.add(run(branch, input, shape));
      }
      return joined(branching, ends, branching.ends(shape));
    }
    if (layer instanceof Dropout) {
      return input;
    } else if (layer instanceof Linear each) {
      return linear.of(each.name(), each.name(), each.bias(), input, shape);
    } else if (layer instanceof TiedLinear each) {
      return linear.of(each.name(), each.to(), false, input, shape);
    } else if (layer instanceof LayerNorm norm) {
      return norms.of(norm, input, shape);
    } else if (layer instanceof RmsNorm norm) {
      return norms.of(norm, input, shape);
    } else if (layer instanceof Embedding embedding) {
      return texts.of(embedding, input);
    } else if (layer instanceof PositionEmbedding embedding) {
      return texts.of(embedding, input, shape);
    } else if (layer instanceof MeanOverPositions mean) {
      return texts.of(mean, input, present());
    }
    return pointwise
        .of(layer, input)
        .or(() -> images.of(layer, input))
        .orElseThrow(() -> unknown(layer));
  }

  private String joined(Layer.Branching layer, List<String> ends, List<Shape> shapes) {
    if (layer instanceof Residual) {
      return graph.node("Add", layer.name(), ends);
    } else if (layer instanceof Concat) {
      return graph.node("Concat", layer.name(), ends, Graph.attribute("axis", 1));
    } else if (layer instanceof Product) {
      String product = ends.get(0);
      for (int i = 1; i < ends.size(); i++) {
        String name = i == ends.size() - 1 ? layer.name() : layer.name() + "/Mul";
        product = graph.node("Mul", name, List.of(product, ends.get(i)));
      }
      return product;
    } else if (layer instanceof Attention each) {
      return attention.of(each, ends, shapes, present());
    }
    throw unknown(layer);
  }

  /** Where texts may hold padding, what of them is none: looked at by the layers that ask. */
  private Optional<String> present() {
    boolean texts = checkpoint.architecture().layers().get(0) instanceof Embedding;
    if (texts && present.isEmpty()) {
      present =
          Optional.of(this.texts.present((Embedding) checkpoint.architecture().layers().get(0)));
    }
    return present;
  }

  private static IllegalArgumentException unknown(Layer layer) {
    return new IllegalArgumentException(
        "layer %s is a %s, which the onnx format does not know; it knows the kinds of layers that"
                .formatted(layer.name(), layer.getClass().getName())
            + " Secateur comes with");
  }
}
