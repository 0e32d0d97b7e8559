package io.secateur.plugin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects every fault of a file, so that all are reported at once. */
public final class Faults {
  private final List<Fault> found = new ArrayList<>();
  private int added;

  /** Adds a fault that stands where a node starts. */
  public void add(Node at, String message) {
    at.getStartMark()
        .ifPresentOrElse(mark -> add(mark, message), () -> add(new Fault(message, "", 1, 1)));
  }

  /** Adds a fault that stands at a mark, which counts from 0. */
  void add(Mark at, String message) {
    add(new Fault(message, at.getName(), at.getLine() + 1, at.getColumn() + 1));
  }

  /** Adds a fault. The same one twice, as when a value serves several arms, is reported once. */
  public void add(Fault fault) {
    added++;
    if (!found.contains(fault)) {
      found.add(fault);
    }
  }

  /** Returns whether nothing is wrong so far. */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * Returns how often a fault was added, repetitions included, to see whether some work has added
   * any.
   */
  public int size() {
    return added;
  }

  /** Returns the faults in the order of their places; sources in the order of their first fault. */
  public List<Fault> list() {
    List<String> sources = found.stream().map(Fault::source).distinct().toList();
    return found.stream()
        .sorted(
            Comparator.comparingInt((Fault fault) -> sources.indexOf(fault.source()))
                .thenComparingInt(Fault::line)
                .thenComparingInt(Fault::column))
        .toList();
  }
}
