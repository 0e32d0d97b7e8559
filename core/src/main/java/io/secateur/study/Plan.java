package io.secateur.study;

import io.secateur.spi.Metric;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Stop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a study will do: distinct pieces of work, and the places of its arms that they serve.
 * Making a plan needs no natives and no weights.
 *
 * @param nodes distinct by key; what a node needs stands before it
 * @param places in the order of results: arm, seed, then along the pipeline
 * @param without a line for each control asked for that an arm does not have, with its reason
 */
public record Plan(Study study, List<Node> nodes, List<Place> places, List<String> without) {
  public Plan {
    nodes = List.copyOf(nodes);
    places = List.copyOf(places);
    without = List.copyOf(without);
  }

  /** A plan in which nothing is without its controls. */
  public Plan(Study study, List<Node> nodes, List<Place> places) {
    this(study, nodes, places, List.of());
  }

  /** Returns the nodes by key, in order. */
  public Map<String, Node> byKey() {
    Map<String, Node> byKey = new LinkedHashMap<>();
    nodes.forEach(node -> byKey.put(node.key(), node));
    return byKey;
  }

  /** Returns a digest of all keys and places: equal digests, equal plans. */
  public String digest() {
    StringBuilder text = new StringBuilder();
    nodes.forEach(node -> text.append(node.key()).append(' ').append(node.parent()).append('\n'));
    places.forEach(place -> text.append(place).append('\n'));
    return Digests.sha256(text.toString());
  }

  /**
   * A piece of work.
   *
   * @param key the hash of its past: sha-256, in hexadecimal
   * @param parent the key of the checkpoint it starts from; empty for {@link Open}
   * @param replicate the study's seed
   * @param round the round it belongs to; 0 before and outside rounds
   * @param provenance the text whose hash is the key
   */
  public record Node(
      String key, String parent, Work work, long replicate, int round, String provenance) {

    /** Returns the plugin name of what runs: {@code open}, a stage's, a metric's. */
    public String name() {
      return work.name();
    }

    /** Returns whether it times something, which is done while nothing else runs. */
    public boolean isTimed() {
      return work instanceof Measure measure
          && measure.metric().quantities().stream().anyMatch(q -> !q.reproducible());
    }

    /** Returns the keys of everything that must be done before. */
    public List<String> needs() {
      if (work instanceof Check check) {
        return List.of(parent, check.start(), check.held());
      }
      if (!(work instanceof Run run)) {
        return parent.isEmpty() ? List.of() : List.of(parent);
      }
      List<String> keys = new ArrayList<>(List.of(parent));
      run.recalls().values().stream().sorted().forEach(keys::add);
      return List.copyOf(keys);
    }
  }

  /** The kinds of work. */
  public sealed interface Work {
    /** Returns the plugin name of what runs. */
    String name();
  }

  /** Opens the study's model. */
  public record Open() implements Work {
    @Override
    public String name() {
      return "open";
    }
  }

  /**
   * Runs a stage.
   *
   * @param recalls the keys of the checkpoints that the stage recalls
   */
  public record Run(Stage stage, Map<Point, String> recalls) implements Work {
    public Run {
      recalls = Map.copyOf(recalls);
    }

    @Override
    public String name() {
      return stage.name();
    }
  }

  /**
   * Undoes a round that did not hold.
   *
   * @param start the key of the checkpoint before the first round
   * @param held the key of the checkpoint before this round
   * @param until the last round
   */
  public record Check(Stop stop, String start, String held, int until) implements Work {
    @Override
    public String name() {
      return "stop";
    }
  }

  /**
   * Measures a checkpoint: a leaf, no node starts from it.
   *
   * @param on the split that predictions are made for
   */
  public record Measure(Metric metric, Split on) implements Work {
    /** Measures on the test split. */
    public Measure(Metric metric) {
      this(metric, Split.TEST);
    }

    @Override
    public String name() {
      return metric.name();
    }
  }

  /**
   * Where an arm stands after a stage.
   *
   * @param stage the stage's plugin name; {@code open} for the model as opened
   * @param label the stage's label, or empty
   * @param branch the branch's name, or empty on the arm's own line
   * @param checkpoint the key of the node that gave the checkpoint
   * @param measured the keys of the measurements taken here; empty where none are
   */
  public record Place(
      String arm,
      Map<String, String> axes,
      long seed,
      int round,
      String stage,
      String label,
      String branch,
      String checkpoint,
      List<String> measured) {
    public Place {
      axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
      measured = List.copyOf(measured);
    }
  }
}
