package io.secateur.cli;

import io.secateur.model.Nearest;
import io.secateur.model.Tensor;
import io.secateur.model.TensorArchive;
import io.secateur.stage.NamePattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of an archive that are pruned, and those that stay, with why.
 *
 * @param names in the order of the archive
 * @param left names by reason
 */
record ChosenTensors(List<String> names, Map<String, List<String>> left) {
  /**
   * Of a folder for transformers, what turns ids into features and features into scores, and what
   * is stored with the weights and is none: the triangle that hides what comes later.
   */
  private static final List<String> ENDS =
      List.of(
          "*embed*",
          "*wte.weight",
          "*wpe.weight",
          "shared.weight",
          "*lm_head*",
          "*classifier*",
          "*score.weight",
          "cls.*",
          "*qa_outputs*",
          "*.attn.bias",
          "*.attention.bias");

  /** How many names of tensors a message lists. */
  private static final int TOLD = 8;

  /**
   * Chooses.
   *
   * @param include patterns of those that are pruned; none for floating ones of two or more
   *     dimensions
   * @param exclude patterns of those that stay
   * @param ends whether embeddings, heads and masks of attentions stay too unless they are included
   *     by a pattern
   */
  static ChosenTensors of(
      TensorArchive archive, List<String> include, List<String> exclude, boolean ends) {
    Map<String, Tensor> tensors = archive.tensors();
    List<String> names = new ArrayList<>();
    Map<String, List<String>> left = new LinkedHashMap<>();
    unmatched("--include", include, archive);
    unmatched("--exclude", exclude, archive);
    tensors.forEach(
        (name, tensor) -> {
          String reason = reason(called(name, archive), tensor, include, exclude, ends);
          if (reason.isEmpty()) {
            names.add(name);
          } else {
            left.computeIfAbsent(reason, key -> new ArrayList<>()).add(name);
          }
        });
    archive
        .sealed()
        .forEach((name, why) -> left.computeIfAbsent(why, key -> new ArrayList<>()).add(name));
    return new ChosenTensors(List.copyOf(names), left);
  }

  /** Returns all names of a tensor: its own, and those of others that share its numbers. */
  private static List<String> called(String name, TensorArchive archive) {
    List<String> names = new ArrayList<>(List.of(name));
    archive
        .shared()
        .forEach(
            (other, of) -> {
              if (of.contains(name)) {
                names.add(other);
              }
            });
    return names;
  }

  private static String reason(
      List<String> names, Tensor tensor, List<String> include, List<String> exclude, boolean ends) {
    if (!tensor.floating() || tensor.size() == 0) {
      return tensor.size() == 0 ? "empty" : "no floating numbers";
    }
    if (any(exclude, names)) {
      return "excluded";
    }
    if (!include.isEmpty()) {
      return any(include, names) ? "" : "not included";
    }
    if (tensor.shape().dimension() < 2) {
      return "fewer than two dimensions";
    }
    return ends && any(ENDS, names) ? "embeddings, heads and masks" : "";
  }

  private static boolean any(Collection<String> patterns, List<String> names) {
    return patterns.stream()
        .map(NamePattern::new)
        .anyMatch(pattern -> names.stream().anyMatch(pattern::matches));
  }

  private static void unmatched(String option, List<String> patterns, TensorArchive archive) {
    List<String> names = new ArrayList<>(archive.tensors().keySet());
    names.addAll(archive.sealed().keySet());
    for (String pattern : patterns) {
      if (names.stream().noneMatch(new NamePattern(pattern)::matches)) {
        throw CommandException.badInput(
            "%s %s: no tensor is called so%s (there are %s)"
                .formatted(option, pattern, Nearest.suggest(pattern, names), listed(names)));
      }
    }
  }

  private static String listed(List<String> names) {
    int rest = names.size() - TOLD;
    return String.join(", ", names.subList(0, Math.min(TOLD, names.size())))
        + (rest > 0 ? " and " + rest + " more" : "");
  }

  /** Returns a line for each reason why tensors stay. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    left.forEach(
        (reason, some) -> lines.add("left as they are, %s: %s".formatted(reason, listed(some))));
    return lines;
  }
}
