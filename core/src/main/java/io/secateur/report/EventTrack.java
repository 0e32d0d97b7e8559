package io.secateur.report;

import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.study.Archive;
import io.secateur.study.CheckpointRef;
import io.secateur.study.ResultRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What TensorBoard shows of an arm under one seed.
 *
 * @param rows of that arm, seed and branch, in their order
 */
record EventTrack(Name name, List<ResultRow> rows) {
  EventTrack {
    rows = List.copyOf(rows);
  }

  /** Which track it is; without a branch, the arm's own. */
  record Name(String arm, long seed, String branch) {
    static Name of(ResultRow row) {
      return new Name(row.arm(), row.seed(), row.branch());
    }
  }

  /** Where something was measured: a round, and the label or stage in it. */
  private record Place(int round, String mark) {
    static Place of(ResultRow row) {
      return new Place(row.round(), row.label().isEmpty() ? row.stage() : row.label());
    }

    static Place of(CheckpointRef ref) {
      return new Place(ref.round(), ref.label().isEmpty() ? ref.stage() : ref.label());
    }
  }

  /**
   * Where something stands on TensorBoard's axis.
   *
   * @param suffix of tags; empty at the end of a round
   */
  private record Position(long step, String suffix) {}

  /** Writes what stages recorded after every epoch; a step is an epoch, counted through all. */
  void epochs(EventFile events) throws IOException {
    Map<String, Integer> before = new LinkedHashMap<>();
    int done = 0;
    int longest = 0;
    for (ResultRow row : rows) {
      if (!row.source().equals("stage")
          || row.epoch() == 0
          || row.split().isEmpty()
          || !row.layer().isEmpty()) {
        continue;
      }
      String stage = row.key() + "/" + row.round();
      if (!before.containsKey(stage)) {
        done += longest;
        longest = 0;
        before.put(stage, done);
      }
      longest = Math.max(longest, row.epoch());
      long step = before.getOrDefault(stage, 0) + (long) row.epoch();
      events.scalar("epoch/%s/%s".formatted(row.metric(), row.split()), step, row.value());
    }
  }

  /** Writes what was measured. */
  void measured(EventFile events) throws IOException {
    Map<Place, Position> positions = positions();
    for (ResultRow row : rows) {
      Position at = positions.get(Place.of(row));
      if (row.source().equals("measure") && at != null) {
        String layer = row.layer().isEmpty() ? "" : "/" + row.layer();
        events.scalar(Quantity.of(row).name() + layer + at.suffix(), at.step(), row.value());
      }
    }
  }

  /**
   * Writes how weights are spread in the checkpoints that were measured, and of each layer the
   * smallest magnitude that is not 0.
   *
   * @throws IOException when the store has them no more, in a sentence
   */
  void weights(EventFile events, Archive archive) throws IOException {
    boolean sparsity =
        rows.stream().noneMatch(row -> row.metric().equals("sparsity") && !row.layer().isEmpty());
    Map<Place, CheckpointRef> refs = new LinkedHashMap<>();
    for (CheckpointRef ref : archive.checkpoints()) {
      if (new Name(ref.arm(), ref.seed(), ref.branch()).equals(name)) {
        refs.put(Place.of(ref), ref);
      }
    }
    for (Map.Entry<Place, Position> each : positions().entrySet()) {
      CheckpointRef ref = refs.get(each.getKey());
      if (ref != null) {
        Checkpoint checkpoint = archive.read(ref);
        for (ParameterSpec spec : checkpoint.architecture().prunable()) {
          weight(spec.name(), checkpoint, each.getValue(), sparsity, events);
        }
      }
    }
  }

  private static void weight(
      String layer, Checkpoint checkpoint, Position at, boolean sparsity, EventFile events)
      throws IOException {
    float[] numbers = checkpoint.parameter(layer).toFloats();
    long zeros = 0;
    float threshold = Float.POSITIVE_INFINITY;
    for (float number : numbers) {
      zeros += number == 0 ? 1 : 0;
      // A NaN is no threshold, and no minimum either.
      boolean smaller = number != 0 && Math.abs(number) < threshold;
      threshold = smaller ? Math.abs(number) : threshold;
    }
    String end = "/" + layer + at.suffix();
    if (sparsity) {
      events.scalar("sparsity" + end, at.step(), 100.0 * zeros / numbers.length);
    }
    if (Float.isFinite(threshold)) {
      events.scalar("threshold" + end, at.step(), threshold);
    }
    Optional<WeightHistogram> all = WeightHistogram.of(numbers, true);
    if (all.isPresent()) {
      events.histogram("weights" + end, at.step(), all.get());
    }
    Optional<WeightHistogram> kept = WeightHistogram.of(numbers, false);
    if (kept.isPresent()) {
      events.histogram("non-zero-weights" + end, at.step(), kept.get());
    }
  }

  /**
   * Returns where measured places stand. With rounds, the last one of a round is the round, and
   * others have their names in their tags; without, places are numbered.
   */
  private Map<Place, Position> positions() {
    Map<Integer, List<Place>> byRound = new LinkedHashMap<>();
    for (ResultRow row : rows) {
      if (row.source().equals("measure")) {
        List<Place> places = byRound.computeIfAbsent(row.round(), round -> new ArrayList<>());
        if (!places.contains(Place.of(row))) {
          places.add(Place.of(row));
        }
      }
    }
    boolean rounds = byRound.keySet().stream().anyMatch(round -> round > 0);
    Map<Place, Position> positions = new LinkedHashMap<>();
    byRound.forEach(
        (round, places) -> {
          for (int i = 0; i < places.size(); i++) {
            boolean last = i == places.size() - 1;
            Place place = places.get(i);
            positions.put(
                place,
                rounds
                    ? new Position(round, last ? "" : " (" + place.mark() + ")")
                    : new Position(i, ""));
          }
        });
    return positions;
  }
}
