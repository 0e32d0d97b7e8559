package io.secateur.study;

import io.secateur.spi.Metric;
import io.secateur.spi.Point;
import io.secateur.spi.Stage;
import java.util.List;
import java.util.Map;

/**
 * Everything a study will do: distinct pieces of work, and the places of its arms that they serve.
 * Making a plan needs no natives and no weights.
 *
 * @param nodes distinct by key; what a node needs stands before it
 * @param places in the order of results: arm, seed, then along the pipeline
 */
public record Plan(Study study, List<Node> nodes, List<Place> places) {
  public Plan {
    nodes = List.copyOf(nodes);
    places = List.copyOf(places);
  }

  /**
   * A piece of work.
   *
   * @param key the hash of its past: sha-256, in hexadecimal
   * @param parent the key of the checkpoint it starts from; empty for {@link Open}
   * @param replicate the study's seed
   * @param round the round it belongs to; 0 before and outside rounds
   */
  public record Node(String key, String parent, Work work, long replicate, int round) {}

  /** The kinds of work. */
  public sealed interface Work {}

  /** Opens the study's model. */
  public record Open() implements Work {}

  /**
   * Runs a stage.
   *
   * @param recalls the keys of the checkpoints that the stage recalls
   */
  public record Run(Stage stage, Map<Point, String> recalls) implements Work {
    public Run {
      recalls = Map.copyOf(recalls);
    }
  }

  /** Measures a checkpoint: a leaf, no node starts from it. */
  public record Measure(Metric metric) implements Work {}

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
      measured = List.copyOf(measured);
    }
  }
}
