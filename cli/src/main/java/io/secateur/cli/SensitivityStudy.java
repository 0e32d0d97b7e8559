package io.secateur.cli;

import io.secateur.plugin.Settings;
import io.secateur.spi.LabelledStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The study that prunes layers one at a time: a grid over layers and fractions, as one would write
 * it by hand.
 *
 * @param data the data set, as a study file writes it
 * @param model the model, likewise
 * @param before what is done to the model first
 * @param axis what the layers or groups are called
 * @param layers weights by layer or group
 * @param metric the metric, as a study file writes it
 * @param quantity which of its quantities counts
 * @param examples how many examples are measured; all when empty
 */
record SensitivityStudy(
    String name,
    List<Long> seeds,
    int threads,
    String data,
    String model,
    List<LabelledStep> before,
    String method,
    String granularity,
    String axis,
    Map<String, List<String>> layers,
    List<String> fractions,
    String metric,
    String quantity,
    OptionalInt examples,
    Optional<Double> target) {

  /** Returns the study file. */
  String text(String typed) {
    StringBuilder text = new StringBuilder();
    text.append("# Written by: ").append(typed.replaceAll("\\s+", " ")).append('\n');
    text.append("study: ").append(name).append('\n');
    text.append("seeds: ").append(seeds).append('\n');
    text.append("threads: ").append(threads).append('\n');
    text.append("data: ").append(data).append('\n');
    text.append("model: ").append(model).append('\n');
    text.append("pipeline:\n");
    before.forEach(step -> text.append("  - ").append(Settings.written(step)).append('\n'));
    text.append(
        "  - prune: {method: %s, granularity: %s, scope: layer, amount: 0, amounts: ${%s}}\n"
            .formatted(method, granularity, axis));
    text.append("grid:\n  ").append(axis).append(":\n");
    layers.forEach(
        (layer, weights) ->
            text.append("    ")
                .append(quoted(layer))
                .append(": {")
                .append(
                    weights.stream()
                        .map(weight -> quoted(weight) + ": ${sparsity}")
                        .collect(Collectors.joining(", ")))
                .append("}\n"));
    text.append("  sparsity: [").append(String.join(", ", fractions)).append("]\n");
    text.append(
        "measure: [%s]\n".formatted(metric.equals("sparsity") ? metric : metric + ", sparsity"));
    examples.ifPresent(n -> text.append("measure-examples: ").append(n).append('\n'));
    String aim = target.map(share -> ", target: " + Settings.written(share)).orElse("");
    text.append(
        "report: {figures: [{sensitivity: {metric: %s%s}}], by: %s}\n"
            .formatted(quoted(quantity), aim, axis));
    return text.toString();
  }

  private static String quoted(String text) {
    return Settings.written(text);
  }
}
