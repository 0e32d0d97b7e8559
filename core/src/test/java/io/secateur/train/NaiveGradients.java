package io.secateur.train;

import ai.djl.ndarray.NDManager;
import io.secateur.model.Affine;
import io.secateur.model.Checkpoint;
import io.secateur.model.Quantization;
import io.secateur.spi.Examples;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The gradients of the mean cross-entropy of linear, ReLU, linear with rounded activations, loop by
 * loop in double: rounding passes them where a number lies within its range.
 */
final class NaiveGradients {
  private final Map<String, double[]> gradients = new TreeMap<>();
  private int clipped;

  NaiveGradients(Checkpoint model, Examples examples) {
    float[] w1 = model.parameter("hidden.weight").toFloats();
    float[] b1 = model.parameter("hidden.bias").toFloats();
    float[] w2 = model.parameter("out.weight").toFloats();
    float[] b2 = model.parameter("out.bias").toFloats();
    int inputs = w1.length / b1.length;
    double[] gw1 = new double[w1.length];
    double[] gb1 = new double[b1.length];
    double[] gw2 = new double[w2.length];
    double[] gb2 = new double[b2.length];
    Map<String, Affine> ranges = model.quantization().orElseThrow().activations();
    Affine in = Objects.requireNonNull(ranges.get(Quantization.INPUT));
    Affine middle = Objects.requireNonNull(ranges.get("relu"));
    float[] all;
    long[] classes;
    try (NDManager manager = NDManager.newBaseManager()) {
      Examples.Batch batch = examples.batch(IntStream.range(0, examples.size()).toArray(), manager);
      all = batch.inputs().toFloatArray();
      classes = batch.targets().toLongArray();
    }
    for (int example = 0; example < classes.length; example++) {
      double[] x = new double[inputs];
      for (int i = 0; i < inputs; i++) {
        x[i] = rounded(all[example * inputs + i], in);
      }
      double[] hidden = new double[b1.length];
      double[] passed = new double[b1.length];
      boolean[] within = new boolean[b1.length];
      for (int j = 0; j < hidden.length; j++) {
        double sum = b1[j];
        for (int i = 0; i < inputs; i++) {
          sum += w1[j * inputs + i] * x[i];
        }
        hidden[j] = Math.max(0, sum);
        passed[j] = rounded(hidden[j], middle);
        double steps = hidden[j] / middle.scale();
        within[j] = sum > 0 && steps <= Affine.LARGEST - middle.zeroPoint();
        clipped += sum > 0 && !within[j] ? 1 : 0;
      }
      double[] logits = new double[b2.length];
      double total = 0;
      for (int k = 0; k < logits.length; k++) {
        logits[k] = b2[k];
        for (int j = 0; j < hidden.length; j++) {
          logits[k] += w2[k * hidden.length + j] * passed[j];
        }
        total += Math.exp(logits[k]);
      }
      double[] back = new double[hidden.length];
      for (int k = 0; k < logits.length; k++) {
        double error = Math.exp(logits[k]) / total - (classes[example] == k ? 1 : 0);
        error /= classes.length;
        gb2[k] += error;
        for (int j = 0; j < hidden.length; j++) {
          gw2[k * hidden.length + j] += error * passed[j];
          back[j] += error * w2[k * hidden.length + j];
        }
      }
      for (int j = 0; j < hidden.length; j++) {
        if (within[j]) {
          gb1[j] += back[j];
          for (int i = 0; i < inputs; i++) {
            gw1[j * inputs + i] += back[j] * x[i];
          }
        }
      }
    }
    gradients.put("hidden.weight", gw1);
    gradients.put("hidden.bias", gb1);
    gradients.put("out.weight", gw2);
    gradients.put("out.bias", gb2);
  }

  private static double rounded(double number, Affine affine) {
    double integer = Math.rint(number / affine.scale()) + affine.zeroPoint();
    return (Math.max(0, Math.min(Affine.LARGEST, integer)) - affine.zeroPoint()) * affine.scale();
  }

  /** Returns the gradients by parameter. */
  Map<String, double[]> gradients() {
    return gradients;
  }

  /** Returns how many activations lay beyond their range. */
  int clipped() {
    return clipped;
  }
}
