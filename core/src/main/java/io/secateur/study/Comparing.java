package io.secateur.study;

import io.secateur.spi.ControlArm;
import java.util.List;

/**
 * What a study compares, declared in its file before anything is measured.
 *
 * @param primary the quantity that arms are compared by; empty where nothing of predictions is
 *     measured
 * @param compare pairs of arms, or of labels of the axis that gives figures their lines; empty for
 *     all pairs
 * @param controls what is trained beside each arm that prunes
 */
public record Comparing(String primary, List<List<String>> compare, List<ControlArm> controls) {
  /** Nothing in particular. */
  public static final Comparing NOTHING = new Comparing("", List.of(), List.of());

  public Comparing {
    compare = compare.stream().map(List::copyOf).toList();
    controls = List.copyOf(controls);
  }
}
