package io.secateur.stage;

import ai.djl.ndarray.NDManager;
import io.secateur.calibrate.BlockInfluence;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Layer;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Residual;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Leaves out the residual blocks that change least of what goes through them (Men et al., 2024):
 * those with the lowest influence, 1 − the mean cosine between a block's input and the sum that it
 * gives, all measured before any is dropped. What stays keeps its parameters and masks, bit for
 * bit. It records {@code influence} and {@code dropped} (1 or 0) per block.
 *
 * @param amount how many of the blocks that can go, as a count or a fraction, or those whose
 *     influence is at most a threshold; of equal ones the first goes first
 * @param calibration what is shown of the training part
 */
public record DropBlocks(Amount amount, Calibration calibration) implements Stage {
  /** One block. */
  public DropBlocks() {
    this(new Amount.Count(1), new Calibration());
  }

  @Override
  public String name() {
    return "drop-blocks";
  }

  @Override
  public String description() {
    return """
        Leaves out whole residual blocks, those that change least of what goes through them: with
        the lowest 1 - cosine of a block's input and the sum that it gives, the mean over
        calibration examples (for sequences, over their positions). amount is a count, a fraction
        of the blocks that can go, or {below: 0.1}. A block whose shortcut has layers changes the
        shape, and stays, as do blocks within blocks.
        Why it should work: on a path of sums, what hardly turns a vector does little.
        Men et al., "ShortGPT: Layers in Large Language Models are More Redundant Than You Expect",
        2024.""";
  }

  @Override
  public Set<Split> reads() {
    return Set.of(Split.TRAIN);
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    int blocks = blocks(architecture).size();
    if (blocks == 0) {
      return List.of(
          "drop-blocks drops residual blocks whose shortcut is the input itself, and the model has"
              + " none");
    }
    return amount instanceof Amount.Count count && count.units() > blocks
        ? List.of(
            "a count of %,d blocks was asked, and %,d can be dropped"
                .formatted(count.units(), blocks))
        : List.of();
  }

  @Override
  public boolean reshapes() {
    return true;
  }

  /** What is left of counts in a smaller model is known when run. */
  @Override
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    return Map.of();
  }

  /** Returns the names of the blocks that fit when left out. */
  private static List<String> blocks(Architecture architecture) {
    return architecture.layers().stream()
        .filter(layer -> layer instanceof Residual block && block.shortcut().isEmpty())
        .map(Layer::name)
        .toList();
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    Architecture architecture = input.architecture();
    List<String> faults = faults(architecture, context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    Examples examples = context.data(Split.TRAIN);
    if (examples.size() == 0) {
      throw new IllegalArgumentException("drop-blocks needs examples, the training part has none");
    }
    List<String> blocks = blocks(architecture);
    Map<String, Double> influence;
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch")) {
      influence =
          BlockInfluence.of(
              input, blocks, calibration, examples, context.seed("calibrate"), manager);
    }
    Set<String> dropped = lowest(influence);
    influence.forEach((block, value) -> report(block, value, dropped.contains(block), context));
    architecture.places().stream()
        .filter(place -> place.layer() instanceof Residual && !blocks.contains(name(place)))
        .forEach(place -> context.say("kept out: " + name(place) + reason(place)));
    return without(input, dropped, context);
  }

  private static String name(Architecture.Place place) {
    return place.layer().name();
  }

  private static String reason(Architecture.Place place) {
    return place.layer() instanceof Residual block && block.shortcut().isEmpty()
        ? " (inside another block)"
        : " (its shortcut has layers of its own)";
  }

  private Set<String> lowest(Map<String, Double> influence) {
    List<String> ranked = new ArrayList<>(influence.keySet());
    // Stable: of equal ones the first stays first.
    ranked.sort(Comparator.comparingDouble(block -> influence.getOrDefault(block, 0.0)));
    ranked.removeIf(block -> influence.getOrDefault(block, 0.0) > amount.limit());
    long count = amount.more(influence.size(), influence.size());
    return new HashSet<>(ranked.subList(0, (int) Math.min(count, ranked.size())));
  }

  private static void report(String block, double influence, boolean dropped, Context context) {
    context.record(new Row("influence", influence, block, "", 0, ""));
    context.record(new Row("dropped", dropped ? 1 : 0, block, "", 0, ""));
    context.say(
        String.format(
            Locale.ROOT, "%s  influence %.4f  %s", block, influence, dropped ? "dropped" : "kept"));
  }

  private static Checkpoint without(Checkpoint input, Set<String> dropped, Context context) {
    if (dropped.isEmpty()) {
      return input;
    }
    Architecture before = input.architecture();
    Architecture after =
        new Architecture(
            before.input(),
            before.layers().stream().filter(layer -> !dropped.contains(layer.name())).toList());
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ParameterSpec spec : after.parameters()) {
      parameters.put(spec.name(), input.parameter(spec.name()));
      if (input.masks().containsKey(spec.name())) {
        masks.put(spec.name(), input.mask(spec.name()));
      }
    }
    context.say(
        "%d blocks dropped: parameters %,d -> %,d, multiply-accumulates %,d -> %,d"
            .formatted(
                dropped.size(),
                before.parameterCount(),
                after.parameterCount(),
                before.macs(),
                after.macs()));
    return new Checkpoint(
        after,
        parameters,
        masks,
        input.training().filter(TrainingState::over).filter(state -> state.optimizer().isEmpty()),
        input.attachments());
  }
}
