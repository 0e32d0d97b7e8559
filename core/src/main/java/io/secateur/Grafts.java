package io.secateur;

import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Tensor;
import io.secateur.prune.Pruner;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts numbers and masks from elsewhere into checkpoints; what is pruned there is 0 afterwards. */
final class Grafts {
  private Grafts() {}

  static Checkpoint masked(Checkpoint into, String from, Map<String, Mask> masks) {
    return Pruner.prune(into, CheckpointFiles.fitting(from, masks, into.architecture()))
        .checkpoint();
  }

  /** Copies parameters of these names, or all of them. */
  static Checkpoint weights(Checkpoint into, Checkpoint from, String... names) {
    Map<String, Tensor> copied = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    List<String> asked =
        names.length == 0 ? List.copyOf(into.parameters().keySet()) : List.of(names);
    for (String name : asked) {
      Tensor own = into.parameter(name);
      Tensor theirs = from.parameters().get(name);
      if (theirs == null) {
        faults.add("it has no " + name);
      } else if (!theirs.shape().equals(own.shape())) {
        faults.add("%s is %s there and %s here".formatted(name, theirs.shape(), own.shape()));
      } else {
        copied.put(name, theirs);
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "the weights of the other model do not fit: " + String.join("; ", faults));
    }
    return replaced(into, copied);
  }

  /** An optimiser's state belongs to the numbers before, and goes with them. */
  static Checkpoint replaced(Checkpoint into, Map<String, Tensor> some) {
    if (into.quantization().isPresent()) {
      throw new IllegalArgumentException(
          "the weights of a quantized model are integers; change them before quantize");
    }
    Map<String, Tensor> all = new LinkedHashMap<>(into.parameters());
    all.putAll(some);
    Checkpoint changed = into.withParameters(all).withTraining(Optional.empty());
    return Pruner.prune(changed, changed.masks()).checkpoint();
  }
}
