package io.secateur.report;

import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sparsity of each layer at the end of each arm; of a single arm with rounds, after each of
 * them.
 *
 * @param bars what the bars of a layer stand for, in order
 * @param note what is left out; empty for nothing
 */
record LayerBars(
    String id, String title, String subtitle, List<String> bars, List<Layer> layers, String note)
    implements Figure {
  private static final int MOST = 12;
  private static final int MOST_ROUNDS = 6;

  LayerBars {
    bars = List.copyOf(bars);
    layers = List.copyOf(layers);
  }

  /**
   * A layer's weight, and its sparsity in per cent for each bar; no interval where not measured.
   */
  record Layer(String name, List<Interval> sparsities) {
    Layer {
      sparsities = List.copyOf(sparsities);
    }
  }

  /** Where layers were measured. */
  private record Place(String arm, int round) {}

  static LayerBars of(Evidence evidence) {
    Map<Place, Map<String, Map<Long, Double>>> measured = measured(evidence.rows());
    List<String> arms =
        evidence.info().arms().stream()
            .map(RunInfo.Arm::name)
            .filter(arm -> measured.keySet().stream().anyMatch(place -> place.arm().equals(arm)))
            .toList();
    if (arms.isEmpty()) {
      throw new NotDrawnException("the sparsity of layers was not measured");
    }
    boolean rounds = arms.size() == 1;
    Map<String, Place> bars = new LinkedHashMap<>();
    for (String arm : arms.subList(0, Math.min(MOST, arms.size()))) {
      List<Place> places =
          measured.keySet().stream().filter(place -> place.arm().equals(arm)).toList();
      if (rounds && places.size() > 2) {
        spread(places.subList(1, places.size()))
            .forEach(place -> bars.put("iteration " + place.round(), place));
      } else {
        bars.put(arm, places.get(places.size() - 1));
      }
    }
    List<String> layers =
        bars.values().stream()
            .flatMap(place -> measured.getOrDefault(place, Map.of()).keySet().stream())
            .distinct()
            .toList();
    List<Layer> rows = new ArrayList<>();
    for (String layer : layers) {
      List<Interval> sparsities = new ArrayList<>();
      for (Place place : bars.values()) {
        Map<Long, Double> seeds =
            measured.getOrDefault(place, Map.of()).getOrDefault(layer, Map.of());
        sparsities.add(
            seeds.isEmpty()
                ? new Interval(Double.NaN, Double.NaN, 0)
                : Interval.of(seeds.values()));
      }
      rows.add(new Layer(layer, sparsities));
    }
    int most =
        rows.stream().flatMap(r -> r.sparsities().stream()).mapToInt(Interval::n).max().orElse(1);
    return new LayerBars(
        "layer-sparsity",
        "Sparsity layer by layer",
        (most == 1
                ? "One seed"
                : "Mean of %d seeds%s".formatted(most, most > 2 ? ", whiskers: 95 % interval" : ""))
            + (!rounds
                ? "; at the end of each arm"
                : bars.size() > 1 ? "; by round" : "; at the end"),
        List.copyOf(bars.keySet()),
        rows,
        arms.size() > MOST ? " The first %d of %d arms.".formatted(MOST, arms.size()) : "");
  }

  /** Later rows of a round replace earlier ones: what counts is its end. */
  private static Map<Place, Map<String, Map<Long, Double>>> measured(List<ResultRow> rows) {
    Map<Place, Map<String, Map<Long, Double>>> measured = new LinkedHashMap<>();
    for (ResultRow row : rows) {
      if (row.source().equals("measure")
          && row.metric().equals(Quantity.SPARSITY)
          && !row.layer().isEmpty()
          && row.branch().isEmpty()) {
        measured
            .computeIfAbsent(new Place(row.arm(), row.round()), place -> new LinkedHashMap<>())
            .computeIfAbsent(row.layer(), layer -> new TreeMap<>())
            .put(row.seed(), row.value());
      }
    }
    return measured;
  }

  /** Returns a few of them, the first and the last among them, evenly between. */
  private static List<Place> spread(List<Place> places) {
    int shown = Math.min(MOST_ROUNDS, places.size());
    List<Place> spread = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      spread.add(
          places.get(shown == 1 ? 0 : Math.round((float) i * (places.size() - 1) / (shown - 1))));
    }
    return spread;
  }

  @Override
  public String alt() {
    List<String> words = new ArrayList<>();
    for (int bar = 0; bar < bars.size(); bar++) {
      int at = bar;
      List<Layer> measured =
          layers.stream().filter(layer -> layer.sparsities().get(at).n() > 0).toList();
      Comparator<Layer> bySparsity =
          Comparator.comparingDouble(layer -> layer.sparsities().get(at).mean());
      if (!measured.isEmpty()) {
        Layer least = Collections.min(measured, bySparsity);
        Layer most = Collections.max(measured, bySparsity);
        words.add(
            "%s: from %s %% (%s) to %s %% (%s)"
                .formatted(
                    bars.get(bar),
                    new Numbers(2).text(least.sparsities().get(bar).mean()),
                    least.name(),
                    new Numbers(2).text(most.sparsities().get(bar).mean()),
                    most.name()));
      }
    }
    return "%s, in per cent of %s. %s."
        .formatted(title, Words.count(layers.size(), "layer"), String.join("; ", words));
  }

  @Override
  public String caption() {
    return ("Zeros among each weight's cells, as far to the right as the axis says; the number is"
            + " beside its bar.%s")
        .formatted(note);
  }

  @Override
  public Drawing drawing(Typeface typeface) {
    return new BarDrawing(this, typeface);
  }
}
