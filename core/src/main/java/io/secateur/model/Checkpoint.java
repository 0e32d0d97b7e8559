package io.secateur.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.secateur.sparsity.Mask;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A model at rest: what a stage takes and what it returns. Checkpoints with equal contents are
 * equal.
 *
 * @param architecture the network without its numbers
 * @param parameters by PyTorch's names, in the architecture's order; pruned cells are +0.0
 * @param masks of the weights that were pruned, by parameter name; absent means all is kept
 * @param training where a training was interrupted, or that it is over
 * @param attachments small files that belong to the model (vocabulary, tokenizer), by name; the
 *     bytes are not to be written to
 * @param quantization which parameters and activations are integers times a scale; the parameters
 *     lie on their grids
 */
public record Checkpoint(
    Architecture architecture,
    Map<String, Tensor> parameters,
    Map<String, Mask> masks,
    Optional<TrainingState> training,
    Map<String, byte[]> attachments,
    Optional<Quantization> quantization) {

  /**
   * Checks names, shapes and types against the architecture, and copies.
   *
   * @throws IllegalArgumentException naming the parameter, mask or attachment that does not fit, or
   *     the number of a quantized parameter that is no multiple of its scale
   */
  public Checkpoint {
    List<ParameterSpec> specs = architecture.parameters();
    parameters = checkedParameters(specs, parameters);
    masks = checkedMasks(specs, masks);
    attachments = checkedAttachments(attachments);
    if (quantization.isPresent()) {
      quantization.get().check(architecture, parameters);
    }
  }

  /** A model of float32 numbers. */
  public Checkpoint(
      Architecture architecture,
      Map<String, Tensor> parameters,
      Map<String, Mask> masks,
      Optional<TrainingState> training,
      Map<String, byte[]> attachments) {
    this(architecture, parameters, masks, training, attachments, Optional.empty());
  }

  /** A model without masks, training state and attachments. */
  public Checkpoint(Architecture architecture, Map<String, Tensor> parameters) {
    this(architecture, parameters, Map.of(), Optional.empty(), Map.of());
  }

  /** Returns a parameter; refuses unknown names with the nearest one. */
  public Tensor parameter(String name) {
    return Objects.requireNonNull(parameters.get(architecture.parameter(name).name()));
  }

  /** Returns what is kept of a parameter: its mask, or a dense one. */
  public Mask mask(String name) {
    Mask mask = masks.get(name);
    return mask != null ? mask : Mask.dense(architecture.parameter(name).form());
  }

  /** Returns this checkpoint with other parameters. */
  public Checkpoint withParameters(Map<String, Tensor> other) {
    return new Checkpoint(architecture, other, masks, training, attachments, quantization);
  }

  /** Returns this checkpoint with other parameters, on other grids. */
  public Checkpoint withParameters(Map<String, Tensor> other, Optional<Quantization> grids) {
    return new Checkpoint(architecture, other, masks, training, attachments, grids);
  }

  /** Returns this checkpoint with other masks; the parameters stay as they are. */
  public Checkpoint withMasks(Map<String, Mask> other) {
    return new Checkpoint(architecture, parameters, other, training, attachments, quantization);
  }

  /** Returns this checkpoint with another training state. */
  public Checkpoint withTraining(Optional<TrainingState> other) {
    return new Checkpoint(architecture, parameters, masks, other, attachments, quantization);
  }

  /** Returns this checkpoint on other grids; its numbers lie on them already. */
  public Checkpoint withQuantization(Optional<Quantization> other) {
    return new Checkpoint(architecture, parameters, masks, training, attachments, other);
  }

  /**
   * Returns this checkpoint with more attachments.
   *
   * @throws IllegalArgumentException naming one that it has already, with other bytes
   */
  public Checkpoint attaching(Map<String, byte[]> more) {
    Map<String, byte[]> all = new TreeMap<>(attachments);
    more.forEach(
        (name, bytes) -> {
          byte[] own = all.putIfAbsent(name, bytes);
          if (own != null && !Arrays.equals(own, bytes)) {
            throw new IllegalArgumentException(
                "the model has %s already, and another one was to be attached".formatted(name));
          }
        });
    return new Checkpoint(architecture, parameters, masks, training, all, quantization);
  }

  /**
   * Returns the block that computes this model, its parameters copied into the engine; activations
   * that are quantized are rounded on the way.
   *
   * @param manager owns the parameters' arrays; who closes it ends the block
   */
  public NetworkBlock block(NDManager manager) {
    return new NetworkBlock(architecture, parameters, quantization, manager);
  }

  private static Map<String, Tensor> checkedParameters(
      List<ParameterSpec> specs, Map<String, Tensor> given) {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (ParameterSpec spec : specs) {
      Tensor tensor = given.get(spec.name());
      if (tensor == null) {
        throw new IllegalArgumentException("parameter " + spec.name() + " is missing");
      }
      if (tensor.type() != DataType.FLOAT32 || !tensor.shape().equals(spec.shape())) {
        throw new IllegalArgumentException(
            "parameter %s takes float32%s, was given %s"
                .formatted(spec.name(), spec.shape(), tensor));
      }
      ordered.put(spec.name(), tensor);
    }
    refuseOthers("parameter", given.keySet(), ordered.keySet());
    return Collections.unmodifiableMap(ordered);
  }

  private static Map<String, Mask> checkedMasks(
      List<ParameterSpec> specs, Map<String, Mask> given) {
    Map<String, Mask> ordered = new LinkedHashMap<>();
    Set<String> names = new LinkedHashSet<>();
    for (ParameterSpec spec : specs) {
      names.add(spec.name());
      Mask mask = given.get(spec.name());
      if (mask == null) {
        continue;
      }
      if (!mask.form().equals(spec.form())) {
        throw new IllegalArgumentException(
            "the mask of %s must have the form %s, has %s"
                .formatted(spec.name(), spec.form(), mask.form()));
      }
      ordered.put(spec.name(), mask);
    }
    refuseOthers("mask", given.keySet(), names);
    return Collections.unmodifiableMap(ordered);
  }

  private static void refuseOthers(String what, Set<String> given, Set<String> known) {
    for (String name : given) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "%s %s belongs to no parameter of the architecture%s"
                .formatted(what, name, Nearest.suggest(name, known)));
      }
    }
  }

  private static Map<String, byte[]> checkedAttachments(Map<String, byte[]> given) {
    for (String name : given.keySet()) {
      if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
        throw new IllegalArgumentException(
            "an attachment is named like a plain file (vocabulary.txt), was '" + name + "'");
      }
    }
    return Collections.unmodifiableMap(new TreeMap<>(given));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Checkpoint that
        && architecture.equals(that.architecture)
        && parameters.equals(that.parameters)
        && masks.equals(that.masks)
        && training.equals(that.training)
        && quantization.equals(that.quantization)
        && attachments.keySet().equals(that.attachments.keySet())
        && attachments.entrySet().stream()
            .allMatch(e -> Arrays.equals(e.getValue(), that.attachments.get(e.getKey())));
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        architecture, parameters, masks, training, attachments.keySet(), quantization);
  }
}
