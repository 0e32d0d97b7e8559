package io.secateur.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares a state dict with an architecture. */
final class StateDict {
  private StateDict() {}

  /** Returns the parameters as float32; refuses with every difference in names and shapes. */
  static Map<String, Tensor> fit(Path file, Map<String, Tensor> found, Architecture architecture) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    Set<String> left = new LinkedHashSet<>(found.keySet());
    left.removeIf(name -> name.endsWith(".num_batches_tracked"));
    for (ParameterSpec spec : architecture.parameters()) {
      Tensor tensor = found.get(spec.name());
      left.remove(spec.name());
      if (tensor == null) {
        faults.add("%s%s is missing".formatted(spec.name(), spec.shape()));
      } else if (!tensor.shape().equals(spec.shape())) {
        faults.add("%s must be %s, is %s".formatted(spec.name(), spec.shape(), tensor.shape()));
      } else {
        parameters.put(spec.name(), tensor.toFloat32());
      }
    }
    left.forEach(name -> faults.add("%s%s is not asked for".formatted(name, shape(found, name))));
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "%s does not fit the architecture:\n  %s".formatted(file, String.join("\n  ", faults)));
    }
    return parameters;
  }

  private static String shape(Map<String, Tensor> found, String name) {
    Tensor tensor = found.get(name);
    return tensor == null ? "" : tensor.shape().toString();
  }
}
