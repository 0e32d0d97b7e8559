package io.secateur.report;

import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kept weights of each layer as histograms, at several moments side by side.
 *
 * @param moments what the columns are
 */
record Histograms(
    String id, String title, String subtitle, List<String> moments, List<Layer> layers)
    implements Figure {
  static final int BINS = 41;

  Histograms {
    moments = List.copyOf(moments);
    layers = List.copyOf(layers);
  }

  /**
   * A layer's weight.
   *
   * @param reach the bins are of equal width from −reach to reach
   */
  record Layer(String name, double reach, List<Counted> counted) {
    Layer {
      counted = List.copyOf(counted);
    }
  }

  /**
   * The weights of a layer at one moment.
   *
   * @param bins how many kept weights lie in each bin
   * @param pruned how many weights a mask holds at zero, which are in no bin
   */
  record Counted(List<Long> bins, long pruned, long size) {
    Counted {
      bins = List.copyOf(bins);
    }
  }

  static Histograms of(Evidence evidence) throws IOException {
    Course course = Course.first(evidence.info(), evidence.archive());
    List<String> titles = new ArrayList<>();
    Map<String, List<Checkpoint>> byLayer = new LinkedHashMap<>();
    for (Course.Moment moment : course.moments()) {
      Checkpoint checkpoint = evidence.archive().read(moment.ref());
      titles.add(moment.title());
      for (ParameterSpec spec : checkpoint.architecture().prunable()) {
        byLayer.computeIfAbsent(spec.name(), name -> new ArrayList<>()).add(checkpoint);
      }
    }
    List<Layer> layers = new ArrayList<>();
    byLayer.forEach((name, checkpoints) -> layers.add(layer(name, checkpoints)));
    return new Histograms(
        "weight-histograms",
        "Weights layer by layer",
        course.words(evidence.info()) + "; pruned weights are counted, not drawn",
        titles,
        layers);
  }

  private static Layer layer(String name, List<Checkpoint> checkpoints) {
    double reach = 0;
    for (Checkpoint checkpoint : checkpoints) {
      for (float value : checkpoint.parameter(name).toFloats()) {
        reach = Float.isFinite(value) ? Math.max(reach, Math.abs(value)) : reach;
      }
    }
    List<Counted> counted = new ArrayList<>();
    for (Checkpoint checkpoint : checkpoints) {
      counted.add(counted(checkpoint.parameter(name).toFloats(), checkpoint.mask(name), reach));
    }
    return new Layer(name, reach, counted);
  }

  static Counted counted(float[] values, Mask mask, double reach) {
    Long[] bins = new Long[BINS];
    Arrays.fill(bins, 0L);
    for (int cell = 0; cell < values.length; cell++) {
      if (mask.keeps(cell) && Float.isFinite(values[cell])) {
        double share = reach == 0 ? 0.5 : (values[cell] + reach) / (2 * reach);
        int bin = (int) Math.max(0, Math.min(BINS - 1, Math.floor(share * BINS)));
        bins[bin]++;
      }
    }
    return new Counted(List.of(bins), mask.pruned(), values.length);
  }

  @Override
  public String alt() {
    List<String> words = new ArrayList<>();
    for (Layer layer : layers) {
      List<String> kept = new ArrayList<>();
      for (Counted counted : layer.counted()) {
        kept.add(new Numbers(0).text((double) counted.size() - counted.pruned()));
      }
      words.add(
          "%s: magnitudes up to %s, %s weights kept"
              .formatted(
                  layer.name(), new Numbers(3).text(layer.reach()), String.join(", then ", kept)));
    }
    return "%s: %s. %s.".formatted(title, Words.list(moments), String.join("; ", words));
  }

  @Override
  public String caption() {
    return "Each bar counts the kept weights of a narrow range of values. The horizontal axes of"
        + " a layer are the same, from its largest magnitude below 0 to the same above; each"
        + " histogram has a vertical axis of its own, whose end is written at it.";
  }

  @Override
  public Drawing drawing(Typeface typeface) {
    return new HistogramDrawing(this, typeface);
  }
}
