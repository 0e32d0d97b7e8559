package io.secateur.report;

import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How training went in each arm: what its stages recorded after every epoch, one stage after the
 * other.
 *
 * @param quantities what the columns are
 * @param note what is left out; empty for nothing
 */
record TrainingCourse(
    String id,
    String title,
    String subtitle,
    List<Quantity> quantities,
    List<Arm> arms,
    String note)
    implements Figure {
  private static final int MOST_ARMS = 12;
  private static final int MOST_QUANTITIES = 3;
  private static final String KEPT = "kept-epoch";

  TrainingCourse {
    quantities = List.copyOf(quantities);
    arms = List.copyOf(arms);
  }

  /** One arm's training. */
  record Arm(String name, List<Stage> stages, List<Line> lines) {
    Arm {
      stages = List.copyOf(stages);
      lines = List.copyOf(lines);
    }

    int epochs() {
      return stages.isEmpty()
          ? 0
          : stages.get(stages.size() - 1).before() + stages.get(stages.size() - 1).epochs();
    }
  }

  /**
   * A stage that trains.
   *
   * @param before how many epochs the stages before it took
   */
  record Stage(String name, int before, int epochs) {}

  /** What was recorded of one quantity on one part of the data, in the order of epochs. */
  record Line(Quantity quantity, String split, List<Dot> dots) {
    Line {
      dots = List.copyOf(dots);
    }
  }

  /**
   * An epoch.
   *
   * @param stage index of its stage
   * @param epoch counted through all stages, from 1
   * @param value mean over the seeds that ran it
   * @param kept whether a seed keeps the parameters of this epoch, chosen on this part of the data
   */
  record Dot(int stage, int epoch, Interval value, boolean kept) {}

  static TrainingCourse of(Evidence evidence) {
    Map<String, Recorded> byArm = new LinkedHashMap<>();
    for (ResultRow row : evidence.rows()) {
      boolean ofEpoch = row.epoch() > 0 && !row.split().isEmpty();
      if (row.source().equals("stage")
          && row.branch().isEmpty()
          && row.layer().isEmpty()
          && (ofEpoch || row.metric().equals(KEPT))) {
        byArm.computeIfAbsent(row.arm(), arm -> new Recorded()).add(row);
      }
    }
    byArm.values().removeIf(Recorded::isEmpty);
    if (byArm.isEmpty()) {
      throw new NotDrawnException("no stage recorded epochs");
    }
    List<Arm> trained = new ArrayList<>();
    for (RunInfo.Arm arm : evidence.info().arms()) {
      Recorded recorded = byArm.get(arm.name());
      if (recorded != null) {
        trained.add(recorded.arm(arm.name()));
      }
    }
    List<Arm> arms = trained.subList(0, Math.min(MOST_ARMS, trained.size()));
    List<Quantity> quantities =
        arms.stream()
            .flatMap(arm -> arm.lines().stream())
            .map(Line::quantity)
            .distinct()
            .sorted(Comparator.comparing(quantity -> !quantity.name().equals("loss")))
            .limit(MOST_QUANTITIES)
            .toList();
    int seeds = evidence.info().seeds().size();
    String left =
        trained.size() > MOST_ARMS
            ? " The first %d of %d arms.".formatted(MOST_ARMS, trained.size())
            : "";
    return new TrainingCourse(
        "training-curves",
        "Training, epoch by epoch",
        seeds == 1
            ? "One seed"
            : "Mean of up to %d seeds%s".formatted(seeds, seeds > 2 ? ", band: 95 % interval" : ""),
        quantities,
        arms,
        left);
  }

  /** What one arm's stages recorded. */
  private static final class Recorded {
    private record Kind(Quantity quantity, String split) {}

    private record Epoch(int stage, int epoch) {}

    private final Map<Long, List<String>> keys = new LinkedHashMap<>();
    private final Map<Integer, String> names = new TreeMap<>();
    private final Map<Integer, Integer> lengths = new TreeMap<>();
    private final Map<Kind, Map<Epoch, Map<Long, Double>>> values = new LinkedHashMap<>();
    private final Set<String> kept = new LinkedHashSet<>();

    boolean isEmpty() {
      return values.isEmpty();
    }

    void add(ResultRow row) {
      List<String> known = keys.computeIfAbsent(row.seed(), seed -> new ArrayList<>());
      String key = row.key() + "/" + row.round();
      if (!known.contains(key)) {
        known.add(key);
      }
      int stage = known.indexOf(key);
      if (row.metric().equals(KEPT)) {
        kept.add("%s/%d/%d".formatted(row.split(), stage, Math.round(row.value())));
        return;
      }
      names.putIfAbsent(
          stage,
          !row.label().isEmpty()
              ? row.label()
              : row.round() == 0 ? row.stage() : Integer.toString(row.round()));
      lengths.merge(stage, row.epoch(), Math::max);
      values
          .computeIfAbsent(
              new Kind(new Quantity(row.metric(), row.unit()), row.split()),
              kind -> new LinkedHashMap<>())
          .computeIfAbsent(new Epoch(stage, row.epoch()), epoch -> new TreeMap<>())
          .put(row.seed(), row.value());
    }

    Arm arm(String name) {
      List<Stage> stages = new ArrayList<>();
      Map<Integer, Integer> index = new TreeMap<>();
      int before = 0;
      for (Map.Entry<Integer, Integer> length : lengths.entrySet()) {
        index.put(length.getKey(), stages.size());
        stages.add(new Stage(names.getOrDefault(length.getKey(), ""), before, length.getValue()));
        before += length.getValue();
      }
      List<Line> lines = new ArrayList<>();
      values.forEach(
          (kind, epochs) -> {
            List<Dot> dots =
                epochs.entrySet().stream()
                    .flatMap(entry -> dot(kind, entry, index, stages))
                    .sorted((a, b) -> Integer.compare(a.epoch(), b.epoch()))
                    .toList();
            lines.add(new Line(kind.quantity(), kind.split(), dots));
          });
      return new Arm(name, stages, lines);
    }

    private Stream<Dot> dot(
        Kind kind,
        Map.Entry<Epoch, Map<Long, Double>> entry,
        Map<Integer, Integer> index,
        List<Stage> stages) {
      Epoch at = entry.getKey();
      List<Double> finite =
          entry.getValue().values().stream().filter(value -> Double.isFinite(value)).toList();
      if (finite.isEmpty()) {
        return Stream.of();
      }
      int stage = index.getOrDefault(at.stage(), 0);
      return Stream.of(
          new Dot(
              stage,
              stages.get(stage).before() + at.epoch(),
              Interval.of(finite),
              kept.contains("%s/%d/%d".formatted(kind.split(), at.stage(), at.epoch()))));
    }
  }

  /** Returns the parts of the data that lines belong to, in order. */
  List<String> splits() {
    return arms.stream().flatMap(arm -> arm.lines().stream()).map(Line::split).distinct().toList();
  }

  boolean keeps() {
    return arms.stream()
        .flatMap(arm -> arm.lines().stream())
        .flatMap(line -> line.dots().stream())
        .anyMatch(Dot::kept);
  }

  /** Returns the vertical axis of a quantity, the same in all arms. */
  Axis axis(Quantity quantity) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Arm arm : arms) {
      for (Line line : arm.lines()) {
        if (line.quantity().equals(quantity)) {
          for (Dot dot : line.dots()) {
            low = Math.min(low, dot.value().mean());
            high = Math.max(high, dot.value().mean());
          }
        }
      }
    }
    return Axis.of(low, high, quantity.unit());
  }

  @Override
  public String alt() {
    List<String> words = new ArrayList<>();
    for (Arm arm : arms) {
      for (Line line : arm.lines()) {
        if (quantities.contains(line.quantity()) && !line.dots().isEmpty()) {
          Dot first = line.dots().get(0);
          Dot last = line.dots().get(line.dots().size() - 1);
          Numbers numbers =
              Numbers.of(line.quantity().unit(), line.dots().stream().map(Dot::value).toList());
          words.add(
              "%s, %s on %s: %s after epoch %d, %s after epoch %d"
                  .formatted(
                      arm.name(),
                      line.quantity().inSentence(),
                      line.split(),
                      numbers.text(first.value().mean()),
                      first.epoch(),
                      numbers.text(last.value().mean()),
                      last.epoch()));
        }
      }
    }
    return "%s. %s.".formatted(title, String.join("; ", words));
  }

  @Override
  public String caption() {
    return ("Epochs are counted through the stages of an arm; a dashed rule is where the next stage"
            + " begins, named by its label, its round or itself. A loss on train is the mean over an"
            + " epoch's batches, or, where a stage's 'watch' asks for it, that of the whole part."
            + " Where seeds ran different numbers of epochs, means are those of the seeds that ran"
            + " one.%s%s")
        .formatted(
            keeps() ? " Rings are the epochs whose parameters were kept, by any seed." : "", note);
  }

  @Override
  public Drawing drawing(Typeface typeface) {
    return new TrainingDrawing(this, typeface);
  }
}
