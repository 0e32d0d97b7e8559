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
      return new io.secateur.model.Concat(name, ways(name, branches, outputs));
    }
  }

  /**
   * A table with a row of numbers per id: for text, in front of all else.
   *
   * @param vocabulary how many ids there are
   * @param padding the id of positions behind the end of a text; -1 for none
   */
  record Embedding(String name, int vocabulary, int width, int padding) implements LayerSetting {
    /** A vocabulary is required where it is used. */
    public Embedding() {
      this("", 0, 128, 0);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Embedding(name, vocabulary, width, padding);
    }
  }

  /** Adds learned numbers to every position of a text. */
  record PositionEmbedding(String name, int positions) implements LayerSetting {
    public PositionEmbedding() {
      this("", 0);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.PositionEmbedding(name, positions);
    }
  }

  /** Normalises the features of each position. */
  record LayerNorm(String name, double epsilon) implements LayerSetting {
    public LayerNorm() {
      this("", 1e-5);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.LayerNorm(name, epsilon, 0);
    }
  }

  /** Divides the features of each position by their root mean square. */
  record RmsNorm(String name, double epsilon) implements LayerSetting {
    public RmsNorm() {
      this("", 1e-5);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.RmsNorm(name, epsilon, 0);
    }
  }

  /** Sigmoid linear unit. */
  record Silu(String name) implements LayerSetting {
    public Silu() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Silu(name);
    }
  }

  /** The mean of each feature over the positions of a text. */
  record MeanOverPositions(String name) implements LayerSetting {
    public MeanOverPositions() {
      this("");
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.MeanOverPositions(name);
    }
  }

  /**
   * A linear layer that computes with an embedding's table.
   *
   * @param to the embedding's name
   * @param vocabulary its ids
   */
  record TiedLinear(String name, String to, int vocabulary) implements LayerSetting {
    /** An embedding is required where it is used. */
    public TiedLinear() {
      this("", "", 0);
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.TiedLinear(name, to, vocabulary == 0 ? outputs : vocabulary);
    }
  }

  /**
   * Attention in heads; a linear layer behind it mixes them. Its queries, keys and values are
   * linear layers {@code q_proj}, {@code k_proj} and {@code v_proj} under its name.
   *
   * @param heads of queries
   * @param sharedBy how many heads of queries look at one of keys and values
   * @param headSize features of a head
   * @param causal whether a position sees only itself and those before it
   * @param rotary the base of rotary position embeddings; 0 for none
   */
  record Attention(
      String name,
      int heads,
      int sharedBy,
      int headSize,
      boolean bias,
      boolean causal,
      double rotary)
      implements LayerSetting {
    /** Four heads of 32 features, each with keys and values of its own. */
    public Attention() {
      this("", 4, 1, 32, true, false, 0);
    }

    public Attention {
      if (heads < 1 || sharedBy < 1 || headSize < 1 || heads % sharedBy != 0) {
        throw new IllegalArgumentException(
            "attention needs heads and head-size of at least 1, and shared-by that divides heads;"
                + " they were %d, %d and %d".formatted(heads, headSize, sharedBy));
      }
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Attention(
          name,
          projection(name + ".q_proj", heads),
          projection(name + ".k_proj", heads / sharedBy),
          projection(name + ".v_proj", heads / sharedBy),
          headSize,
          causal,
          rotary);
    }

    private List<Layer> projection(String name, int heads) {
      return List.of(new io.secateur.model.Linear(name, heads * headSize, bias));
    }
  }

  /** What several branches make of the same input, multiplied one by one: gated units. */
  record Product(String name, List<List<LayerSetting>> branches) implements LayerSetting {
    /** Branches are required where it is used. */
    public Product() {
      this("", List.of());
    }

    public Product {
      branches = branches.stream().map(List::copyOf).toList();
    }

    @Override
    public Layer layer(String name, int outputs) {
      return new io.secateur.model.Product(name, ways(name, branches, outputs));
    }
  }

  /** Returns the layers of branches. */
  private static List<List<Layer>> ways(
      String name, List<List<LayerSetting>> branches, int outputs) {
    List<List<Layer>> made = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      made.add(layers(branches.get(i), name + ".branches." + i + ".", outputs));
    }
    return made;
  }
}
