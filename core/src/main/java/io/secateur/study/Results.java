package io.secateur.study;

import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes what a run gave, in plan order: {@code results.jsonl} with all numbers that repeat bit for
 * bit, {@code timings.jsonl} with those that belong to a machine, {@code checkpoints.jsonl} with
 * where each arm stood, {@code provenance.jsonl} with what every step depends on.
 */
final class Results {
  private final Plan plan;
  private final Store store;
  private final Map<String, Plan.Node> nodes;
  private final Map<String, Optional<Manifest>> manifests = new HashMap<>();
  private final StringBuilder reproducible = new StringBuilder();
  private final StringBuilder timings = new StringBuilder();

  Results(Plan plan, Store store) {
    this.plan = plan;
    this.store = store;
    this.nodes = plan.byKey();
  }

  void write(Path folder) throws IOException {
    StringBuilder checkpoints = new StringBuilder();
    Path home = folder.toAbsolutePath().normalize();
    Path kept = store.folder().toAbsolutePath().normalize();
    String where = kept.startsWith(home) ? home.relativize(kept).toString() : kept.toString();
    Set<Plan.Place> hidden = hidden();
    for (Plan.Place place : plan.places()) {
      if (hidden.contains(place)) {
        continue;
      }
      add(place);
      if (manifest(place.checkpoint()).isPresent() && !checks(place)) {
        checkpoints.append(Json.line(CheckpointRef.of(place, where))).append('\n');
      }
    }
    Durable.replace(folder.resolve("results.jsonl"), reproducible.toString());
    Durable.replace(folder.resolve("timings.jsonl"), timings.toString());
    Durable.replace(folder.resolve("checkpoints.jsonl"), checkpoints.toString());
    Durable.replace(folder.resolve("provenance.jsonl"), provenance());
  }

  private boolean checks(Plan.Place place) {
    Plan.Node node = nodes.get(place.checkpoint());
    return node != null && node.work() instanceof Plan.Check;
  }

  /**
   * Returns the places of rounds that do not count: those that were undone, but for the check that
   * says so, and those after the end of rounds that have stopped.
   */
  private Set<Plan.Place> hidden() throws IOException {
    Set<Plan.Place> hidden = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Plan.Place> places = plan.places();
    for (int at = 0; at < places.size(); at++) {
      Plan.Place check = places.get(at);
      RoundState standing =
          checks(check) ? manifest(check.checkpoint()).map(Manifest::standing).orElse(null) : null;
      if (standing == null || !(standing.passed() || standing.undone() == check.round())) {
        continue;
      }
      for (int other = 0; other < places.size(); other++) {
        Plan.Place place = places.get(other);
        boolean inRound =
            place.arm().equals(check.arm())
                && place.seed() == check.seed()
                && place.round() == check.round();
        boolean itself = other == at && !standing.passed();
        if (inRound && !itself && (other <= at || !place.branch().isEmpty())) {
          hidden.add(place);
        }
      }
    }
    return hidden;
  }

  private void add(Plan.Place place) throws IOException {
    Optional<Manifest> checkpoint = manifest(place.checkpoint());
    if (checkpoint.isPresent()) {
      for (Stage.Row row : checkpoint.get().rows()) {
        line(reproducible, row(place, place.checkpoint(), row));
      }
    }
    for (String key : place.measured()) {
      Optional<Manifest> leaf = manifest(key);
      Plan.Node node = nodes.get(key);
      if (leaf.isPresent() && node != null && node.work() instanceof Plan.Measure measure) {
        measured(place, leaf.get(), measure);
      }
    }
  }

  private void measured(Plan.Place place, Manifest leaf, Plan.Measure measure) {
    Map<String, Metric.Quantity> quantities = new LinkedHashMap<>();
    measure.metric().quantities().forEach(quantity -> quantities.put(quantity.name(), quantity));
    for (Metric.Value value : leaf.values()) {
      Metric.Quantity quantity = quantities.get(value.quantity());
      if (quantity == null) {
        continue;
      }
      ResultRow row = row(place, leaf.key(), measure.on(), value, quantity);
      if (quantity.reproducible()) {
        line(reproducible, row);
      } else {
        Manifest.Made made = leaf.made();
        line(timings, row.timed(made.machine(), made.threads(), made.at()));
      }
    }
  }

  private static void line(StringBuilder text, Object row) {
    text.append(Json.line(row)).append('\n');
  }

  private static ResultRow row(Plan.Place place, String key, Stage.Row row) {
    return new ResultRow(
        key,
        place.arm(),
        place.axes(),
        place.seed(),
        place.round(),
        place.stage(),
        place.label(),
        place.branch(),
        "stage",
        row.metric(),
        row.value(),
        row.unit(),
        row.split(),
        row.epoch(),
        row.layer());
  }

  private static ResultRow row(
      Plan.Place place, String key, Split on, Metric.Value value, Metric.Quantity quantity) {
    return new ResultRow(
        key,
        place.arm(),
        place.axes(),
        place.seed(),
        place.round(),
        place.stage(),
        place.label(),
        place.branch(),
        "measure",
        value.quantity(),
        value.value(),
        quantity.unit(),
        on.name().toLowerCase(Locale.ROOT),
        0,
        value.layer());
  }

  private String provenance() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Plan.Node node : plan.nodes()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("key", node.key());
      line.put("parent", node.parent());
      line.put("name", node.name());
      line.put("provenance", node.provenance().lines().toList());
      manifest(node.key()).ifPresent(manifest -> line.put("made", manifest.made()));
      text.append(Json.line(line)).append('\n');
    }
    return text.toString();
  }

  private Optional<Manifest> manifest(String key) throws IOException {
    Optional<Manifest> known = manifests.get(key);
    if (known == null) {
      known = store.manifest(key);
      manifests.put(key, known);
    }
    return known;
  }
}
