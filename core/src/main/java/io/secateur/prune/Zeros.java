package io.secateur.prune;

import io.secateur.model.Tensor;
import io.secateur.sparsity.Lanes;
import io.secateur.sparsity.Mask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes +0.0 into all cells that masks prune. Weights are worked on side by side, since each needs
 * new memory first, which one thread alone is given slowly.
 */
final class Zeros {
  private Zeros() {}

  /**
   * Returns parameters with zeros where they are pruned; those without a mask as they are.
   *
   * @param masks by the names of some of the parameters
   */
  static Map<String, Tensor> written(Map<String, Tensor> parameters, Map<String, Mask> masks) {
    List<String> names = parameters.keySet().stream().filter(masks::containsKey).toList();
    List<Tensor> masked =
        Lanes.shares(names.size(), 1)
            .mapToObj(i -> of(parameters, names.get(i)).masked(of(masks, names.get(i))))
            .toList();
    Map<String, Tensor> written = new LinkedHashMap<>(parameters);
    for (int i = 0; i < names.size(); i++) {
      written.put(names.get(i), masked.get(i));
    }
    return written;
  }

  private static <V> V of(Map<String, V> values, String name) {
    V value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("nothing is known of " + name);
    }
    return value;
  }
}
