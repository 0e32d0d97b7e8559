package io.secateur.study;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a study has declared before anything was measured, as {@code declared.json} in a run folder
 * says it: what its comparisons are about, its controls, and what its arms prune by.
 *
 * @param primary the quantity that arms are compared by; empty where nothing of predictions is
 *     measured
 * @param compare pairs of arms, or of labels of the axis that gives figures their lines; empty for
 *     all pairs
 * @param controls the controls asked for
 * @param without a line for each control that an arm does not have, with its reason
 * @param methods the names of the methods that each arm prunes by, by its name
 * @param classes how many classes the task tells apart; 0 for another task
 */
public record Declared(
    String primary,
    List<List<String>> compare,
    List<String> controls,
    List<String> without,
    Map<String, List<String>> methods,
    int classes) {
  /** Of a run that was made before studies declared anything. */
  public static final Declared NOTHING =
      new Declared("", List.of(), List.of(), List.of(), Map.of(), 0);

  /** Copies; what a file leaves out is nothing. */
  public Declared(
      @Nullable String primary,
      @Nullable List<List<String>> compare,
      @Nullable List<String> controls,
      @Nullable List<String> without,
      @Nullable Map<String, List<String>> methods,
      int classes) {
    this.primary = primary == null ? "" : primary;
    this.compare = compare == null ? List.of() : compare.stream().map(List::copyOf).toList();
    this.controls = controls == null ? List.of() : List.copyOf(controls);
    this.without = without == null ? List.of() : List.copyOf(without);
    this.methods = methods == null ? Map.of() : Map.copyOf(methods);
    this.classes = classes;
  }
}
