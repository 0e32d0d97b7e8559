package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A convolution over images with a square kernel: (channels, height, width) to (filters, height',
 * width'), where height' = ⌊(height + 2 padding − kernel) / stride⌋ + 1.
 *
 * @param groups parts into which channels and filters divide; each filter sees its own part
 */
public record Conv2d(
    String name, int filters, int kernel, int stride, int padding, int groups, boolean bias)
    implements Layer.Parametric {
  public Conv2d {
    Settings.named(name);
    Settings.atLeast(name, "filters", filters, 1);
    Settings.atLeast(name, "kernel", kernel, 1);
    Settings.atLeast(name, "stride", stride, 1);
    Settings.atLeast(name, "padding", padding, 0);
    Settings.atLeast(name, "groups", groups, 1);
    if (filters % groups != 0) {
      throw new IllegalArgumentException(
          "layer %s: %d filters do not divide into %d groups".formatted(name, filters, groups));
    }
  }

  /** A convolution in one group, with a bias. */
  public Conv2d(String name, int filters, int kernel, int stride, int padding) {
    this(name, filters, kernel, stride, padding, 1, true);
  }

  @Override
  public Shape output(Shape input) {
    Settings.image(name, "conv2d", input);
    if (input.get(0) % groups != 0) {
      throw new IllegalArgumentException(
          "layer %s (conv2d): %d channels do not divide into %d groups"
              .formatted(name, input.get(0), groups));
    }
    return new Shape(
        filters,
        Settings.positions(name, "conv2d", input, 1, kernel, stride, padding),
        Settings.positions(name, "conv2d", input, 2, kernel, stride, padding));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    output(input);
    long channels = input.get(0) / groups;
    long cells = (long) kernel * kernel;
    long fanIn = channels * cells;
    long fanOut = filters * cells;
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(
        new ParameterSpec(
            "weight",
            new Shape(filters, channels, kernel, kernel),
            ParameterSpec.Kind.WEIGHT,
            fanIn,
            fanOut));
    if (bias) {
      specs.add(
          new ParameterSpec("bias", new Shape(filters), ParameterSpec.Kind.BIAS, fanIn, fanOut));
    }
    return specs;
  }

  @Override
  public NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training) {
    return ai.djl.nn.convolutional.Conv2d.conv2d(
            input,
            parameter.apply("weight"),
            bias ? parameter.apply("bias") : null,
            new Shape(stride, stride),
            new Shape(padding, padding),
            new Shape(1, 1),
            groups)
        .singletonOrThrow();
  }

  @Override
  public long macs(Shape input) {
    long perOutput = input.get(0) / groups * kernel * kernel;
    return Math.multiplyExact(output(input).size(), perOutput);
  }

  /** A filter of its own for every channel stays one; other groups stay as many. */
  @Override
  public Optional<Layer> narrowed(Shape input, int inputs, int outputs) {
    boolean depthwise = groups > 1 && input.get(0) == groups;
    return Optional.of(
        new Conv2d(name, outputs, kernel, stride, padding, depthwise ? inputs : groups, bias));
  }
}
