package io.secateur.quantization;

import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import io.secateur.stage.NamePattern;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rounds weights to integers of 8 bits times a scale, and what goes into their layers likewise.
 *
 * <p>Batch norms directly behind a linear or convolution layer are folded into it first. With
 * static activations these tensors are rounded, each to 256 integers over its own range: for every
 * quantized linear or convolution layer the one that goes into it; for every quantized convolution
 * also the one that comes out of it, behind a ReLU that follows at once, unless it is what the
 * network gives. In {@link io.secateur.model.Quantization#activations} a tensor stands under the
 * name of the layer that it comes out of; into the first layer of a branch goes what went into the
 * layer that branches. A tensor behind max-pool2d, flatten or dropout, which pass numbers on as
 * they are, is rounded as what they were given, where that is rounded. Ids of words never are, and
 * what goes into a tied-linear layer stays float32. Biases of those layers are integers of 32 bits
 * times input scale × weight scale.
 *
 * <p>It records, per weight and over all, {@code quantized-weights}, {@code zeros-before}, {@code
 * rounded-to-zero}, {@code zeros-after} (counts) and {@code squared-error} (Σ(w − q)² / Σw²).
 *
 * @param granularity whether a weight has one scale, or one for each of its rows
 * @param activations whether inputs are rounded: over ranges found by calibration, over that of
 *     each batch (linear layers alone), or not at all
 * @param range which part of what calibration sees the integers are spread over
 * @param calibration what static activations, and gptq, are shown of the training part
 * @param rounding how weights are rounded
 * @param reduceRange whether weights keep to ±63, not ±127
 * @param embeddings whether tables of embeddings are rounded too, a scale for each row
 * @param include patterns of the weights that take part
 * @param exclude patterns of weights that stay as they are
 */
public record Quantize(
    Granularity granularity,
    Activations activations,
    Range range,
    Calibration calibration,
    WeightRounding rounding,
    boolean reduceRange,
    boolean embeddings,
    List<String> include,
    List<String> exclude)
    implements Stage {
  /** How many scales a weight has. */
  public enum Granularity {
    /** One. */
    PER_TENSOR,
    /** One for each output channel: a row. */
    PER_CHANNEL
  }

  /** What becomes of the inputs of quantized layers. */
  public enum Activations {
    /** Integers over ranges that are found once, on calibration examples. */
    STATIC,
    /** Integers over the range of each batch, for linear layers. */
    DYNAMIC,
    /** Float32, as they are. */
    NONE
  }

  /** Per channel, static activations over min–max of 512 examples, nearest, ±63. */
  public Quantize() {
    this(
        Granularity.PER_CHANNEL,
        Activations.STATIC,
        new Range.MinMax(),
        new Calibration(),
        new WeightRounding.Nearest(),
        true,
        false,
        List.of("*"),
        List.of());
  }

  public Quantize {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    include.forEach(NamePattern::new);
    exclude.forEach(NamePattern::new);
    if (include.isEmpty()) {
      throw new IllegalArgumentException(
          "include must name some weights, as in ['*'], which is all of them");
    }
    boolean ranges = activations == Activations.STATIC;
    if (!ranges && !(range instanceof Range.MinMax)) {
      throw new IllegalArgumentException(
          "a range belongs to static activations, and these are %s; leave range out"
              .formatted(activations == Activations.NONE ? "none" : "dynamic"));
    }
  }

  @Override
  public String name() {
    return "quantize";
  }

  @Override
  public String description() {
    return """
        Rounds the weights of linear and convolution layers to integers of 8 bits, symmetric around
        0, times a scale per output channel or per tensor: the largest magnitude over the largest
        integer. Zeros stay exactly 0, so pruned models keep their masks. Batch norms directly
        behind a layer are folded into it first.
        activations static: what goes into these layers, and what comes out of convolutions, is
        rounded to 256 integers over a range found on training examples: min-max, or {percentile:
        99.99}, which leaves the rarest out. Biases become integers of 32 bits. dynamic: what goes
        into linear layers is rounded over its own range, batch by batch; convolutions have integer
        weights alone. none: weights alone, everywhere.
        reduce-range keeps weights to 7 bits (up to 63): processors without VNNI add two products in
        16 bits, which 8 bits overflow, and a runtime there returns other numbers.
        rounding nearest, or gptq: column by column, each row moving what is left of it so that the
        layer's outputs on calibration inputs change least; tables of embeddings and convolutions in
        groups are rounded to the nearest all the same. calibration: {order: sequential} lets gptq
        see what the rounded layers before make. The model is measured before it too.
        Jacob et al., "Quantization and Training of Neural Networks for Efficient
        Integer-Arithmetic-Only Inference", CVPR 2018. Nagel et al., "A White Paper on Neural
        Network Quantization", 2021. Frantar et al., "GPTQ: Accurate Post-Training Quantization for
        Generative Pre-trained Transformers", ICLR 2023.""";
  }

  /** The same model in float32: what quantization costs and brings is seen beside it alone. */
  @Override
  public boolean measuresBefore() {
    return true;
  }

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  public Set<Split> reads() {
    return calibrates() ? Set.of(Split.TRAIN) : Set.of();
  }

  private boolean calibrates() {
    return activations == Activations.STATIC || rounding instanceof WeightRounding.Gptq;
  }

  @Override
  public Optional<String> refusal(boolean quantized) {
    return quantized
        ? Optional.of(
            "quantize takes a model of float32 weights, and this one is quantized already; keep one"
                + " quantize only, the last to change weights")
        : Optional.empty();
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    return Chosen.of(this, architecture).faults();
  }

  /** Returns the largest magnitude of the weights' integers. */
  int largest() {
    return reduceRange ? 63 : 127;
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    List<String> faults = faults(input.architecture(), context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    refusal(input.quantization().isPresent())
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    FoldedNorms.Folded folded = FoldedNorms.of(input);
    if (!folded.into().isEmpty()) {
      context.say("%d batch norms folded".formatted(folded.into().size()));
    }
    Chosen chosen = Chosen.of(this, folded.model().architecture());
    Checkpoint quantized =
        new Quantizer(this, folded.model(), chosen.places(), context).quantized();
    QuantizeReport.of(folded.model(), quantized, chosen, context);
    return quantized;
  }
}
