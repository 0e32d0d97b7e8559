package io.secateur.prune;

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

/**
 * Small networks of all kinds of layers, drawn at random, with random numbers in all parameters.
 */
public final class RandomNetworks {
  private final Random random;
  private int names;

  private RandomNetworks(long seed) {
    this.random = new Random(seed);
  }

  /** Returns a network over images or vectors. */
  public static Architecture architecture(long seed) {
    return new RandomNetworks(seed).architecture();
  }

  /** Returns the network with first values, but also scales, shifts and statistics at random. */
  public static Checkpoint model(Architecture architecture, long seed) {
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

  /** Returns a network over ids of texts, or over vectors at positions. */
  public static Architecture texts(long seed) {
    return new RandomNetworks(seed).texts();
  }

  private Architecture texts() {
    List<Layer> layers = new ArrayList<>();
    int positions = between(2, 5);
    boolean ids = random.nextInt(4) > 0;
    int vocabulary = between(3, 9);
    Shape input = ids ? new Shape(positions) : new Shape(positions, between(2, 6));
    Shape shape = input;
    if (ids) {
      Layer embedding =
          new Embedding("embedding", vocabulary, between(2, 8), random.nextInt(3) - 1);
      layers.add(embedding);
      shape = embedding.output(shape);
    }
    if (random.nextBoolean()) {
      layers.add(new PositionEmbedding(name("position"), random.nextBoolean() ? 0 : 6));
    }
    int depth = between(1, 4);
    for (int i = 0; i < depth; i++) {
      Layer layer =
          switch (random.nextInt(10)) {
            case 0 -> linear();
            case 1 -> activation();
            case 2 -> norm();
            case 3 -> gated();
            case 4 -> attention();
            default -> encoderPart(shape);
          };
      layers.add(layer);
      shape = layer.output(shape);
    }
    if (random.nextBoolean()) {
      layers.add(norm());
    }
    if (ids && random.nextInt(4) == 0) {
      layers.add(
          new Linear(name("back"), (int) layers.get(0).output(input).get(1), random.nextBoolean()));
      layers.add(new TiedLinear(name("tied"), "embedding", vocabulary));
    } else {
      layers.add(
          random.nextInt(3) == 0 ? new Flatten(name("f")) : new MeanOverPositions(name("mean")));
      layers.add(new Linear(name("out"), between(2, 4), random.nextBoolean()));
    }
    return new Architecture(input, layers);
  }

  private Layer norm() {
    return random.nextBoolean() ? new LayerNorm(name("norm")) : new RmsNorm(name("rms"));
  }

  private Layer gated() {
    int width = between(2, 8);
    Layer gate = new Linear(name("gate"), width, random.nextBoolean());
    Layer up = new Linear(name("up"), width, random.nextBoolean());
    return new Product(
        name("product"), List.of(List.of(gate, new Silu(name("silu"))), List.of(up)));
  }

  /** Attention whose queries may share keys and values. */
  private Layer attention() {
    int size = 2 * between(1, 2);
    int shared = between(1, 2);
    int heads = between(1, 3);
    boolean bias = random.nextBoolean();
    return new Attention(
        name("attention"),
        List.of(new Linear(name("q"), heads * shared * size, bias)),
        List.of(new Linear(name("k"), heads * size, bias)),
        List.of(new Linear(name("v"), heads * size, random.nextBoolean())),
        size,
        random.nextInt(3) == 0,
        random.nextInt(3) == 0 ? 10_000 : 0);
  }

  /** A residual around attention or a part that works position by position. */
  private Layer encoderPart(Shape shape) {
    int width = (int) shape.get(1);
    List<Layer> body = new ArrayList<>();
    if (random.nextInt(4) > 0) {
      body.add(norm());
    }
    switch (random.nextInt(3)) {
      case 0 -> body.add(attention());
      case 1 -> body.add(gated());
      default -> {
        body.add(linear());
        body.add(activation());
      }
    }
    body.add(new Linear(name("o"), width, random.nextBoolean()));
    return new Residual(name("add"), body, List.of());
  }

  private Architecture architecture() {
    List<Layer> layers = new ArrayList<>();
    Shape input;
    Shape shape;
    if (random.nextInt(4) == 0) {
      input = new Shape(between(2, 6));
      shape = input;
    } else {
      int side = between(4, 7);
      input = new Shape(between(1, 4), side, side);
      shape = images(layers, input, between(2, 5), 2);
      Layer end = random.nextBoolean() ? new Flatten(name("f")) : new GlobalAvgPool2d(name("g"));
      layers.add(end);
      shape = end.output(shape);
    }
    vectors(layers, shape, between(1, 4), 2);
    layers.add(new Linear(name("out"), between(2, 4), random.nextBoolean()));
    if (random.nextInt(3) == 0) {
      layers.add(new LogSoftmax(name("log")));
    }
    return new Architecture(input, layers);
  }

  private Shape images(List<Layer> layers, Shape start, int depth, int nesting) {
    Shape shape = start;
    for (int i = 0; i < depth; i++) {
      Layer layer =
          switch (random.nextInt(nesting > 0 ? 10 : 7)) {
            case 0, 1 -> convolution(shape, between(2, 8), true);
            case 2 -> grouped(shape);
            case 3 -> new BatchNorm(name("bn"));
            case 4, 5 -> activation();
            case 6 -> pool(shape);
            case 7, 8 -> residual(shape, nesting);
            default -> concat(shape, nesting, true);
          };
      layers.add(layer);
      shape = layer.output(shape);
    }
    return shape;
  }

  private Layer convolution(Shape shape, int filters, boolean stride) {
    int kernel = random.nextBoolean() ? 3 : 1;
    int step = stride && shape.get(1) > 3 && random.nextInt(3) == 0 ? 2 : 1;
    return new Conv2d(name("c"), filters, kernel, step, kernel / 2, 1, random.nextBoolean());
  }

  private Layer grouped(Shape shape) {
    int channels = (int) shape.get(0);
    List<Integer> divisors = new ArrayList<>();
    for (int d = 1; d <= channels; d++) {
      if (channels % d == 0) {
        divisors.add(d);
      }
    }
    int groups = divisors.get(random.nextInt(divisors.size()));
    int filters = groups * between(1, 3);
    return new Conv2d(name("grouped"), filters, 3, 1, 1, groups, random.nextBoolean());
  }

  private Layer pool(Shape shape) {
    if (shape.get(1) < 4) {
      return activation();
    }
    return random.nextBoolean()
        ? new MaxPool2d(name("max"), 2, 2)
        : new AvgPool2d(name("avg"), 2, 2);
  }

  private Layer activation() {
    return switch (random.nextInt(6)) {
      case 0 -> new Gelu(name("gelu"));
      case 1 -> new Tanh(name("tanh"));
      case 2 -> new Sigmoid(name("sigmoid"));
      case 3 -> new Dropout(name("drop"), 0.3);
      default -> new Relu(name("relu"));
    };
  }

  /** As in He's networks for CIFAR: zeros around the channels, every second pixel if that fits. */
  private Layer padded(Shape shape, boolean strided) {
    PadShortcut shortcut =
        new PadShortcut(
            name("pad"),
            strided && random.nextBoolean() ? 2 : 1,
            random.nextInt(3),
            random.nextInt(3));
    int width = (int) shortcut.output(shape).get(0);
    List<Layer> body = new ArrayList<>();
    body.add(
        new Conv2d(name("c"), between(2, 5), 3, shortcut.stride(), 1, 1, random.nextBoolean()));
    body.add(random.nextBoolean() ? new BatchNorm(name("bn")) : activation());
    body.add(new Conv2d(name("c"), width, 3, 1, 1, 1, random.nextBoolean()));
    return new Residual(name("add"), body, List.of(shortcut));
  }

  private Layer residual(Shape shape, int nesting) {
    List<Layer> body = new ArrayList<>();
    boolean image = shape.dimension() == 3;
    if (image && random.nextInt(3) == 0) {
      return padded(shape, nesting > 0);
    }
    Shape inside = shape;
    if (random.nextBoolean()) {
      // A convolution here keeps height and width, for the shortcut to fit.
      Layer first = image ? convolution(inside, between(2, 6), false) : linear();
      body.add(first);
      inside = first.output(inside);
      body.add(random.nextBoolean() ? new BatchNorm(name("bn")) : activation());
      if (nesting > 1 && random.nextInt(3) == 0) {
        Layer inner = random.nextBoolean() ? residual(inside, 0) : concat(inside, 0, false);
        body.add(inner);
        inside = inner.output(inside);
      }
    }
    boolean project = random.nextInt(3) == 0;
    int width = project ? between(2, 6) : (int) shape.get(0);
    body.add(
        image
            ? convolution(inside, width, false)
            : new Linear(name("fc"), width, random.nextBoolean()));
    if (random.nextBoolean()) {
      body.add(new BatchNorm(name("bn")));
    }
    List<Layer> shortcut = new ArrayList<>();
    if (project) {
      shortcut.add(
          image
              ? convolution(shape, width, false)
              : new Linear(name("fc"), width, random.nextBoolean()));
    }
    return new Residual(name("add"), body, shortcut);
  }

  private Layer concat(Shape shape, int nesting, boolean deep) {
    List<List<Layer>> branches = new ArrayList<>();
    for (int i = 0; i < between(2, 3); i++) {
      List<Layer> branch = new ArrayList<>();
      if (random.nextInt(3) > 0) {
        Layer layer = shape.dimension() == 3 ? convolution(shape, between(1, 4), false) : linear();
        branch.add(layer);
        if (random.nextBoolean()) {
          branch.add(activation());
        }
        if (deep && nesting > 1 && random.nextInt(3) == 0) {
          branch.add(residual(layer.output(shape), 0));
        }
      }
      branches.add(branch);
    }
    return new Concat(name("cat"), branches);
  }

  private Layer linear() {
    return new Linear(name("fc"), between(2, 8), random.nextBoolean());
  }

  private void vectors(List<Layer> layers, Shape start, int depth, int nesting) {
    Shape shape = start;
    for (int i = 0; i < depth; i++) {
      Layer layer =
          switch (random.nextInt(7)) {
            case 0, 1 -> linear();
            case 2 -> new BatchNorm(name("bn"));
            case 3, 4 -> activation();
            case 5 -> residual(shape, nesting);
            default -> concat(shape, nesting, true);
          };
      layers.add(layer);
      shape = layer.output(shape);
    }
  }

  private int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  private String name(String kind) {
    return kind + names++;
  }
}
