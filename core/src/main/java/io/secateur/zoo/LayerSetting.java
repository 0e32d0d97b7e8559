package io.secateur.zoo;

import io.secateur.model.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer as a study file lists it. A layer without a name is called by its place in the list, as
 * in torch.nn.Sequential: {@code 0}, {@code 1}; inside branches {@code 3.body.0}, {@code
 * 3.branches.1.0}.
 */
public sealed interface LayerSetting {
  /** Returns the layer's name; empty for its place. */
  String name();

  /**
   * Returns the layer.
   *
   * @param name its own, or its place
   * @param outputs how many numbers the task asks for
   */
  Layer layer(String name, int outputs);

  /** Returns the layers of a list. */
  static List<Layer> layers(List<LayerSetting> settings, String prefix, int outputs) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < settings.size(); i++) {
      LayerSetting setting = settings.get(i);
      String name = setting.name().isEmpty() ? prefix + i : setting.name();
      layers.add(setting.layer(name, outputs));
    }
    return layers;
  }

  /**
   * Fully connected.
   *
   * @param units outputs; 0 for as many as the task asks for
   */
  record Linear(String name, int units, boolean bias) implements LayerSetting {
    /** As many outputs as the task asks for. */
    public Linear() {
      this("", 0, true);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Linear(name, units == 0 ? outputs : units, bias);
    }
  }

  /** A convolution over images with a square kernel. */
  record Conv2d(
      String name, int filters, int kernel, int stride, int padding, int groups, boolean bias)
      implements LayerSetting {
    /** 32 filters of 3 × 3, without padding. */
    public Conv2d() {
      this("", 32, 3, 1, 0, 1, true);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Conv2d(name, filters, kernel, stride, padding, groups, bias);
    }
  }

  /** Batch normalisation of channels or features. */
  record BatchNorm(String name, double epsilon, double momentum) implements LayerSetting {
    /** PyTorch's defaults. */
    public BatchNorm() {
      this("", 1e-5, 0.1);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.BatchNorm(name, epsilon, momentum);
    }
  }

  /** Negative numbers become 0. */
  record Relu(String name) implements LayerSetting {
    public Relu() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Relu(name);
    }
  }

  /** Gaussian error linear unit. */
  record Gelu(String name) implements LayerSetting {
    public Gelu() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Gelu(name);
    }
  }

  /** Numbers between 0 and 1. */
  record Sigmoid(String name) implements LayerSetting {
    public Sigmoid() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Sigmoid(name);
    }
  }

  /** Numbers between −1 and 1. */
  record Tanh(String name) implements LayerSetting {
    public Tanh() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Tanh(name);
    }
  }

  /** Logarithms of probabilities, at the end of a model that is trained with loss: nll. */
  record LogSoftmax(String name) implements LayerSetting {
    public LogSoftmax() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.LogSoftmax(name);
    }
  }

  /**
   * The largest number of each square window.
   *
   * @param stride 0 for the window's size
   */
  record MaxPool2d(String name, int size, int stride) implements LayerSetting {
    public MaxPool2d() {
      this("", 2, 0);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.MaxPool2d(name, size, stride == 0 ? size : stride);
    }
  }

  /**
   * The mean of each square window.
   *
   * @param stride 0 for the window's size
   */
  record AvgPool2d(String name, int size, int stride) implements LayerSetting {
    public AvgPool2d() {
      this("", 2, 0);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.AvgPool2d(name, size, stride == 0 ? size : stride);
    }
  }

  /** The mean of each channel. */
  record GlobalAvgPool2d(String name) implements LayerSetting {
    public GlobalAvgPool2d() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.GlobalAvgPool2d(name);
    }
  }

  /** Leaves out numbers at random while training. */
  record Dropout(String name, double probability) implements LayerSetting {
    public Dropout() {
      this("", 0.5);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Dropout(name, probability);
    }
  }

  /** An image as one row of numbers. */
  record Flatten(String name) implements LayerSetting {
    public Flatten() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Flatten(name);
    }
  }

  /**
   * The shortcut of residual networks without parameters: every stride-th pixel, and channels of
   * zeros in front and behind.
   */
  record PadShortcut(String name, int stride, int front, int behind) implements LayerSetting {
    /** Every second pixel, and no channels more. */
    public PadShortcut() {
      this("", 2, 0, 0);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.PadShortcut(name, stride, front, behind);
    }
  }

  /**
   * What a body of layers makes of the input, plus the input.
   *
   * @param shortcut layers on the other way; none for the input itself
   */
  record Residual(String name, List<LayerSetting> body, List<LayerSetting> shortcut)
      implements LayerSetting {
    /** A body is required where it is used. */
    public Residual() {
      this("", List.of(), List.of());
    }

    public Residual {
      body = List.copyOf(body);
      shortcut = List.copyOf(shortcut);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Residual(
          name,
          layers(body, name + ".body.", outputs),
          layers(shortcut, name + ".shortcut.", outputs));
    }
  }

  /** What several branches make of the same input, one behind the other. */
  record Concat(String name, List<List<LayerSetting>> branches) implements LayerSetting {
    /** Branches are required where it is used. */
    public Concat() {
      this("", List.of());
    }

    public Concat {
      branches = branches.stream().map(List::copyOf).toList();
    }

    @Override
    public Layer layer(String name, int outputs) {
      List<List<Layer>> made = new ArrayList<>();
      for (int i = 0; i < branches.size(); i++) {
        made.add(layers(branches.get(i), name + ".branches." + i + ".", outputs));
      }
      return new io.secateur.model.Concat(name, made);
    }
  }
}
