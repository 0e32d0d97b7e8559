package io.secateur.quantization;

import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Stage.Context;
import io.secateur.spi.Stage.Row;
import java.util.Locale;

/** Counts zeros among the integers, refuses what pruning had removed and came back, and reports. */
final class QuantizeReport {
  private final Context context;
  private long weights;
  private long before;
  private long made;
  private double error;
  private double energy;

  private QuantizeReport(Context context) {
    this.context = context;
  }

  /**
   * Records and says what became of each weight.
   *
   * @param model as it was, its batch norms folded
   * @throws IllegalStateException when something that was 0 is no longer, naming it
   */
  static void of(Checkpoint model, Checkpoint quantized, Chosen chosen, Context context) {
    Quantization quantization = quantized.quantization().orElseThrow();
    QuantizeReport all = new QuantizeReport(context);
    for (String name : chosen.places().keySet()) {
      QuantizeReport one = new QuantizeReport(context);
      Grid grid = quantization.grids().get(name);
      if (grid == null) {
        throw new IllegalStateException("no grid was laid for " + name);
      }
      one.count(name, model.parameter(name), quantized.parameter(name), grid, model.mask(name));
      one.report(name);
      all.add(one);
    }
    all.report("");
    context.say(
        all.made == 0
            ? "zeros among the integers: as many as before"
            : String.format(
                Locale.ROOT,
                "zeros among the integers: %,d more than before, weights below half a step (%.2f %%"
                    + " -> %.2f %%)",
                all.made,
                100.0 * all.before / all.weights,
                100.0 * (all.before + all.made) / all.weights));
    context.say(
        "activations: %d tensors rounded over fixed ranges, %d layers over those of each batch"
            .formatted(quantization.activations().size(), quantization.dynamic().size()));
    if (!chosen.spared().isEmpty()) {
      context.say("kept out: " + String.join(", ", chosen.spared()));
    }
  }

  /** The integers count, as a file holds them, not the numbers that they stand for. */
  private void count(String name, Tensor was, Tensor is, Grid grid, Mask mask) {
    Tensor integers = grid.integers(is).toFloat32();
    float[] floats = new float[1 << 14];
    float[] numbers = new float[floats.length];
    float[] whole = new float[floats.length];
    for (long first = 0; first < was.size(); first += floats.length) {
      int length = (int) Math.min(floats.length, was.size() - first);
      was.read(first, floats, length);
      is.read(first, numbers, length);
      integers.read(first, whole, length);
      for (int i = 0; i < length; i++) {
        boolean gone = floats[i] == 0 || !mask.keeps(first + i);
        if (gone && whole[i] != 0) {
          throw new IllegalStateException(
              "cell %d of %s was 0 and has become %s".formatted(first + i, name, numbers[i]));
        }
        before += gone ? 1 : 0;
        made += !gone && whole[i] == 0 ? 1 : 0;
        double off = floats[i] - (double) numbers[i];
        error += off * off;
        energy += (double) floats[i] * floats[i];
      }
    }
    weights = was.size();
  }

  private void add(QuantizeReport other) {
    weights += other.weights;
    before += other.before;
    made += other.made;
    error += other.error;
    energy += other.energy;
  }

  private void report(String layer) {
    double relative = energy == 0 ? 0 : error / energy;
    record("quantized-weights", weights, layer);
    record("zeros-before", before, layer);
    record("rounded-to-zero", made, layer);
    record("zeros-after", before + made, layer);
    record("squared-error", relative, layer);
    context.say(
        String.format(
            Locale.ROOT,
            "%s  %,d weights, zeros %,d + %,d by rounding, squared error %.3g of all",
            layer.isEmpty() ? "all" : layer,
            weights,
            before,
            made,
            relative));
  }

  private void record(String metric, long count, String layer) {
    record(metric, (double) count, layer);
  }

  private void record(String metric, double value, String layer) {
    context.record(new Row(metric, value, layer, "", 0, ""));
  }
}
