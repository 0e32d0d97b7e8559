package io.secateur.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Dropout;
import io.secateur.model.Layer;
import io.secateur.model.NetworkBlock;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.spi.Examples;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Estimates the running means and variances of batch norms anew: the mean over batches of each
 * batch's own, as PyTorch's with {@code momentum=None}. Every batch norm normalises by the batch
 * meanwhile, as in training; dropout is off and nothing else is changed.
 */
public final class RunningStatistics {
  private RunningStatistics() {}

  /** Returns whether a network has any. */
  public static boolean any(Architecture architecture) {
    return architecture.parameters().stream()
        .anyMatch(spec -> spec.kind() == ParameterSpec.Kind.STATISTIC);
  }

  /** Returns how many whole batches some examples make; one when they do not fill one. */
  public static int batches(Calibration calibration, int examples) {
    return Math.max(1, Math.min(calibration.examples(), examples) / calibration.batch());
  }

  /**
   * Estimates.
   *
   * @param calibration how much is shown; what fills no whole batch is left out
   * @param examples those to draw from, at least 2
   * @param manager on the device to compute on; owns nothing afterwards
   * @param shown hears after each batch how many have been shown
   * @return the statistics by parameter
   */
  public static Map<String, Tensor> of(
      Checkpoint model,
      Calibration calibration,
      Examples examples,
      long seed,
      NDManager manager,
      LongConsumer shown) {
    int[] sample = Sample.of(examples.size(), calibration.examples(), seed);
    int batches = batches(calibration, examples.size());
    int size = Math.min(sample.length, calibration.batch());
    Map<String, double[]> sums = new LinkedHashMap<>();
    try (NDManager own = manager.newSubManager()) {
      NetworkBlock block =
          model.architecture().with(RunningStatistics::ofBatch).block(model.parameters(), own);
      for (int batch = 0; batch < batches; batch++) {
        int[] indices = Arrays.copyOfRange(sample, batch * size, (batch + 1) * size);
        try (NDScope scope = new NDScope();
            NDManager computed = own.newSubManager()) {
          scope.suppressNotUsedWarning();
          block.forward(examples.batch(indices, computed).inputs(), true);
        }
        add(block, sums);
        shown.accept(batch + 1);
      }
    }
    Map<String, Tensor> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, mean(model.parameter(name), sum, batches)));
    return means;
  }

  /** Returns the layer that keeps the numbers of its last batch, and leaves nothing out. */
  private static Layer ofBatch(Layer layer) {
    if (layer instanceof BatchNorm norm) {
      return new BatchNorm(norm.name(), norm.epsilon(), 1);
    }
    return layer instanceof Dropout ? new Dropout(layer.name(), 0) : layer;
  }

  private static void add(NetworkBlock block, Map<String, double[]> sums) {
    for (ParameterSpec spec : block.architecture().parameters()) {
      NDArray array = block.arrays().get(spec.name());
      if (spec.kind() == ParameterSpec.Kind.STATISTIC && array != null) {
        float[] numbers = array.toFloatArray();
        double[] sum = sums.computeIfAbsent(spec.name(), name -> new double[numbers.length]);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += numbers[i];
        }
      }
    }
  }

  private static Tensor mean(Tensor before, double[] sum, int batches) {
    float[] means = new float[sum.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sum[i] / batches);
    }
    return Tensor.of(before.shape(), means);
  }
}
