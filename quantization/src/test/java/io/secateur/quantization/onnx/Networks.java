package io.secateur.quantization.onnx;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Attention;
import io.secateur.model.AvgPool2d;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Concat;
import io.secateur.model.Conv2d;
import io.secateur.model.Dropout;
import io.secateur.model.Embedding;
import io.secateur.model.Flatten;
import io.secateur.model.Gelu;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.LayerNorm;
import io.secateur.model.Linear;
import io.secateur.model.LogSoftmax;
import io.secateur.model.MaxPool2d;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.PadShortcut;
import io.secateur.model.ParameterSpec;
import io.secateur.model.PositionEmbedding;
import io.secateur.model.Product;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.RmsNorm;
import io.secateur.model.Sigmoid;
import io.secateur.model.Silu;
import io.secateur.model.Tanh;
import io.secateur.model.Tensor;
import io.secateur.model.TiedLinear;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small networks of vectors, images and texts, drawn at random from all kinds of layers. */
final class Networks {
  private final Random random;
  private int names;

  private Networks(long seed) {
    this.random = new Random(seed);
  }

  /** Returns a model with random numbers in all parameters. */
  static Checkpoint drawn(long seed) {
    Networks networks = new Networks(seed);
    Architecture architecture =
        switch ((int) (seed % 3)) {
          case 0 -> networks.vectors();
          case 1 -> networks.images();
          default -> networks.texts();
        };
    return model(architecture, seed);
  }

  static Checkpoint model(Architecture architecture, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> parameters =
        new LinkedHashMap<>(architecture.initialise(Initialisation.PYTORCH, seed));
    for (ParameterSpec spec : architecture.parameters()) {
      if (spec.kind() != ParameterSpec.Kind.WEIGHT) {
        float[] values = new float[(int) spec.shape().size()];
        boolean positive = spec.name().endsWith("running_var");
        for (int i = 0; i < values.length; i++) {
          values[i] = positive ? 0.5f + random.nextFloat() : (float) random.nextGaussian();
        }
        parameters.put(spec.name(), Tensor.of(spec.shape(), values));
      }
    }
    return new Checkpoint(architecture, parameters);
  }

  private Architecture vectors() {
    List<Layer> layers = new ArrayList<>();
    Shape input = new Shape(between(2, 8));
    Shape shape = input;
    for (int i = between(1, 5); i > 0; i--) {
      shape = add(layers, vector(shape, 2), shape);
    }
    layers.add(new Linear(name("out"), between(2, 4), random.nextBoolean()));
    if (random.nextBoolean()) {
      layers.add(new LogSoftmax(name("log")));
    }
    return new Architecture(input, layers);
  }

  private Layer vector(Shape shape, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0, 1 -> linear(between(2, 8));
      case 2 -> random.nextBoolean() ? new BatchNorm(name("bn")) : layerNorm(shape);
      case 3 -> activation();
      case 4 -> new Residual(name("add"), same(shape, depth - 1), List.of());
      case 5 -> new Concat(name("cat"), List.of(List.of(), List.of(vector(shape, depth - 1))));
      default ->
          new Product(
              name("product"),
              List.of(same(shape, depth - 1), List.of(activation()), same(shape, 0)));
    };
  }

  /** A way that gives what it takes. */
  private List<Layer> same(Shape shape, int depth) {
    List<Layer> way = new ArrayList<>();
    Shape inside = add(way, vector(shape, depth), shape);
    if (!inside.equals(shape)) {
      way.add(linear((int) shape.get(shape.dimension() - 1)));
    }
    return way;
  }

  private Architecture images() {
    List<Layer> layers = new ArrayList<>();
    int side = between(4, 8);
    Shape input = new Shape(between(1, 4), side, side);
    Shape shape = input;
    for (int i = between(2, 5); i > 0; i--) {
      shape = add(layers, image(shape, 2), shape);
    }
    shape =
        add(
            layers,
            random.nextBoolean() ? new Flatten(name("flat")) : new GlobalAvgPool2d(name("mean")),
            shape);
    layers.add(vector(shape, 1));
    layers.add(new Linear(name("out"), 3));
    return new Architecture(input, layers);
  }

  private Layer image(Shape shape, int depth) {
    int channels = (int) shape.get(0);
    int large = shape.get(1) > 3 ? 2 : 1;
    return switch (random.nextInt(depth > 0 ? 10 : 7)) {
      case 0, 1 -> convolution(shape, between(1, 6), between(1, large), 1);
      case 2 -> convolution(shape, channels * between(1, 2), 1, channels);
      case 3 -> new BatchNorm(name("bn"));
      case 4 -> new MaxPool2d(name("max"), large, large);
      case 5 -> new AvgPool2d(name("avg"), large, random.nextInt(2) + 1);
      case 6 -> activation();
      case 7 -> padded(shape, large);
      case 8 ->
          new Residual(
              name("add"),
              List.of(convolution(shape, 4, 1, 1), activation()),
              List.of(convolution(shape, 4, 1, 1)));
      default ->
          new Concat(
              name("cat"),
              List.of(List.of(convolution(shape, 2, 1, 1)), List.of(), List.of(activation())));
    };
  }

  private Layer convolution(Shape shape, int filters, int stride, int groups) {
    int kernel = random.nextBoolean() && shape.get(1) > 2 ? 3 : 1;
    return new Conv2d(
        name("conv"), filters, kernel, stride, kernel / 2, groups, random.nextBoolean());
  }

  private Layer padded(Shape shape, int stride) {
    PadShortcut shortcut =
        new PadShortcut(name("pad"), between(1, stride), random.nextInt(3), random.nextInt(3));
    int width = (int) shortcut.output(shape).get(0);
    Conv2d body = new Conv2d(name("conv"), width, 3, shortcut.stride(), 1);
    return new Residual(name("add"), List.of(body), List.of(shortcut));
  }

  private Architecture texts() {
    List<Layer> layers = new ArrayList<>();
    boolean ids = random.nextInt(4) > 0;
    int positions = between(2, 6);
    int vocabulary = between(3, 9);
    Shape input = ids ? new Shape(positions) : new Shape(positions, between(2, 6));
    Shape shape = input;
    if (ids) {
      Layer embedding =
          new Embedding("embedding", vocabulary, between(2, 8), random.nextInt(3) - 1);
      shape = add(layers, embedding, shape);
    }
    if (random.nextBoolean()) {
      layers.add(new PositionEmbedding(name("position"), random.nextBoolean() ? 0 : 7));
    }
    for (int i = between(1, 3); i > 0; i--) {
      Layer part =
          switch (random.nextInt(4)) {
            case 0 -> vector2(shape);
            case 1 -> attention();
            case 2 ->
                new Residual(
                    name("add"),
                    List.of(
                        layerNorm(shape), attention(), linear((int) shape.get(1)), activation()),
                    List.of());
            default -> new Residual(name("add"), same2(shape), List.of());
          };
      shape = add(layers, part, shape);
    }
    if (ids && random.nextInt(4) == 0) {
      layers.add(linear((int) layers.get(0).output(input).get(1)));
      layers.add(new TiedLinear(name("tied"), "embedding", vocabulary));
      return new Architecture(input, layers);
    }
    layers.add(
        random.nextInt(3) == 0 ? new Flatten(name("f")) : new MeanOverPositions(name("mean")));
    layers.add(new Linear(name("out"), 3));
    return new Architecture(input, layers);
  }

  private Layer vector2(Shape shape) {
    return switch (random.nextInt(4)) {
      case 0 -> linear(between(2, 8));
      case 1 -> layerNorm(shape);
      case 2 -> rmsNorm(shape);
      default -> activation();
    };
  }

  private List<Layer> same2(Shape shape) {
    return List.of(vector2(shape), linear((int) shape.get(1)), rmsNorm(shape));
  }

  private Layer attention() {
    int size = 2 * between(1, 2);
    int shared = between(1, 2);
    int heads = between(1, 3);
    return new Attention(
        name("attention"),
        List.of(linear(heads * shared * size)),
        List.of(linear(heads * size)),
        List.of(linear(heads * size)),
        size,
        random.nextInt(3) == 0,
        random.nextInt(3) == 0 ? 10_000 : 0);
  }

  private Layer layerNorm(Shape shape) {
    return new LayerNorm(name("norm"), 1e-5, width(shape));
  }

  private Layer rmsNorm(Shape shape) {
    return new RmsNorm(name("rms"), 1e-5, width(shape));
  }

  /** As many features as there are, or more: some were removed. */
  private int width(Shape shape) {
    int features = (int) shape.get(shape.dimension() - 1);
    return random.nextBoolean() ? 0 : features + random.nextInt(3);
  }

  private Layer linear(int outputs) {
    return new Linear(name("fc"), outputs, random.nextBoolean());
  }

  private Layer activation() {
    return switch (random.nextInt(6)) {
      case 0 -> new Gelu(name("gelu"));
      case 1 -> new Tanh(name("tanh"));
      case 2 -> new Sigmoid(name("sigmoid"));
      case 3 -> new Silu(name("silu"));
      case 4 -> new Dropout(name("drop"), 0.3);
      default -> new Relu(name("relu"));
    };
  }

  private static Shape add(List<Layer> layers, Layer layer, Shape shape) {
    layers.add(layer);
    return layer.output(shape);
  }

  private int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  private String name(String kind) {
    return kind + names++;
  }
}
