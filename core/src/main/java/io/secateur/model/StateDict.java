package io.secateur.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares a state dict with an architecture. */
final class StateDict {
  /** Of a file for another architecture no more is told: it would be all there is. */
  private static final int TOLD = 8;

  private StateDict() {}

  /** Returns the parameters as float32; refuses with every difference in names and shapes. */
  static Map<String, Tensor> fit(Path file, Map<String, Tensor> found, Architecture architecture) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    Set<String> left = new LinkedHashSet<>(found.keySet());
    left.removeIf(name -> name.endsWith(".num_batches_tracked"));
    for (ParameterSpec spec : architecture.parameters()) {
      if (!left.remove(spec.name())) {
        missing.add(spec.name());
      }
    }
    List<String> faults = new ArrayList<>();
    prefix(missing, left).ifPresent(faults::add);
    if (!faults.isEmpty()) {
      throw wrong(file, faults);
    }
    for (ParameterSpec spec : architecture.parameters()) {
      Tensor tensor = found.get(spec.name());
      if (tensor == null) {
        faults.add(
            "%s%s is missing%s"
                .formatted(spec.name(), spec.shape(), near(spec.name(), left, "there is")));
      } else if (!tensor.shape().equals(spec.shape())) {
        faults.add("%s must be %s, is %s".formatted(spec.name(), spec.shape(), tensor.shape()));
      } else {
        parameters.put(spec.name(), tensor.toFloat32());
      }
    }
    for (String name : left) {
      faults.add(
          "%s%s is not asked for%s"
              .formatted(name, shape(found, name), near(name, missing, "asked for is")));
    }
    if (!faults.isEmpty()) {
      throw wrong(file, faults);
    }
    return parameters;
  }

  private static IllegalArgumentException wrong(Path file, List<String> faults) {
    return new IllegalArgumentException(
        "%s does not fit the architecture: %s%s"
            .formatted(
                file,
                String.join("; ", faults.subList(0, Math.min(TOLD, faults.size()))),
                faults.size() > TOLD ? "; and %d more".formatted(faults.size() - TOLD) : ""));
  }

  /** Says when all that is missing is there under names with one prefix, as wrappers add. */
  private static Optional<String> prefix(Set<String> missing, Set<String> left) {
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String first = missing.iterator().next();
    return left.stream()
        .filter(name -> name.endsWith("." + first))
        .map(name -> name.substring(0, name.length() - first.length()))
        .filter(prefix -> missing.stream().allMatch(name -> left.contains(prefix + name)))
        .map(
            prefix ->
                "its names begin with '%s', those of the model do not; save the state dict of the"
                        .formatted(prefix)
                    + " model within")
        .findFirst();
  }

  private static String near(String name, Set<String> others, String what) {
    return Nearest.to(name, others).map(near -> " (" + what + " " + near + ")").orElse("");
  }

  private static String shape(Map<String, Tensor> found, String name) {
    Tensor tensor = found.get(name);
    return tensor == null ? "" : tensor.shape().toString();
  }
}
