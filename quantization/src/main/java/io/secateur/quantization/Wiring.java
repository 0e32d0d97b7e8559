package io.secateur.quantization;

import io.secateur.model.Architecture;
import io.secateur.model.Conv2d;
import io.secateur.model.Dropout;
import io.secateur.model.Embedding;
import io.secateur.model.Flatten;
import io.secateur.model.Layer;
import io.secateur.model.MaxPool2d;
import io.secateur.model.Quantization;
import io.secateur.model.Relu;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tensors go into the layers of a network. A tensor is named by the layer that it comes out
 * of, {@link Quantization#INPUT} for the network's input; into the first layer of a branch goes
 * what went into the layer that branches.
 */
final class Wiring {
  private final Map<String, String> into = new LinkedHashMap<>();
  private final Map<String, String> outOf = new LinkedHashMap<>();
  private final Map<String, String> passed = new LinkedHashMap<>();
  private boolean ids;

  private Wiring() {}

  static Wiring of(Architecture architecture) {
    Wiring wiring = new Wiring();
    wiring.walk(architecture.layers(), Quantization.INPUT, true);
    return wiring;
  }

  private void walk(List<Layer> layers, String given, boolean toTheEnd) {
    String current = given;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      into.put(layer.name(), current);
      ids |= layer instanceof Embedding && current.equals(Quantization.INPUT);
      if (layer instanceof Layer.Branching branching) {
        for (List<Layer> branch : branching.branches()) {
          walk(branch, current, false);
        }
      } else if (layer instanceof Conv2d) {
        int last = i + 1 < layers.size() && layers.get(i + 1) instanceof Relu ? i + 1 : i;
        List<Layer> behind = layers.subList(last + 1, layers.size());
        if (!toTheEnd || !behind.stream().allMatch(Wiring::passes)) {
          outOf.put(layer.name(), layers.get(last).name());
        }
      } else if (passes(layer)) {
        passed.put(layer.name(), current);
      }
      current = layer.name();
    }
  }

  /** Returns whether every number that a layer gives is one that it was given. */
  private static boolean passes(Layer layer) {
    return layer instanceof MaxPool2d || layer instanceof Flatten || layer instanceof Dropout;
  }

  /** Returns the tensor that goes into each layer. */
  Map<String, String> into() {
    return Collections.unmodifiableMap(into);
  }

  /**
   * Returns, by convolution, the tensor that comes out of it, behind a ReLU that follows at once;
   * but not where that is what the network gives.
   */
  Map<String, String> outOf() {
    return Collections.unmodifiableMap(outOf);
  }

  /** Returns the tensor that a layer passes on as it is; nothing when it changes it. */
  Optional<String> passed(String layer) {
    return Optional.ofNullable(passed.get(layer));
  }

  /** Returns whether the network's input is ids of words, not numbers. */
  boolean ids() {
    return ids;
  }
}
