package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.model.ParameterSpec;
import io.secateur.spi.Stage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a plan knows of sparsity before anything is run.
 *
 * @param pruned cells lost, as {@link Stage#foresee} counts them
 */
record Outlook(Map<String, Long> pruned) {

  static Outlook start(Architecture architecture) {
    Map<String, Long> nothing = new LinkedHashMap<>();
    architecture.prunable().forEach(spec -> nothing.put(spec.name(), 0L));
    return new Outlook(nothing);
  }

  Outlook after(Stage stage, Architecture architecture) {
    return new Outlook(stage.foresee(architecture, pruned));
  }

  /** Returns what a stage changes, as words behind its line. */
  String told(Outlook before, Architecture architecture) {
    if (pruned.equals(before.pruned)) {
      return "";
    }
    List<String> names =
        pruned.keySet().stream()
            .map(key -> key.replaceFirst(" by .*", ""))
            .flatMap(key -> Arrays.stream(key.split(", ")))
            .toList();
    long all = 0;
    for (ParameterSpec spec : architecture.prunable()) {
      if (!names.contains(spec.name())) {
        return "  -> known when run";
      }
      all += spec.shape().size();
    }
    long lost = pruned.values().stream().mapToLong(Long::longValue).sum();
    return String.format(
        Locale.ROOT, "  -> %,d / %,d pruned (%.2f %%)", lost, all, 100.0 * lost / all);
  }
}
