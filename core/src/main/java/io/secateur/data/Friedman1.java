package io.secateur.data;

import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Friedman's first regression function: y = 10 sin(π x₁ x₂) + 20 (x₃ − ½)² + 10 x₄ + 5 x₅ + noise,
 * features uniform in [0, 1); those beyond the fifth say nothing. Generated; equal settings give
 * equal numbers on every machine.
 *
 * @param samples how many in all
 * @param features columns, at least 5
 * @param noise the deviation of the normal noise added to y
 * @param seed other seeds give other samples
 * @param test the fraction tested on: the last ⌈test × samples⌉; the others are the training part
 * @param validation the fraction of the training part set apart to choose by
 * @see <a href="https://doi.org/10.1214/aos/1176347963">Friedman, Multivariate adaptive regression
 *     splines, 1991</a>
 */
public record Friedman1(
    int samples, int features, double noise, long seed, double test, double validation)
    implements DatasetSource {
  private static final int GENERATOR = 1;
  private static final int USED = 5;

  /** 10,000 samples of 10 features without noise, 6,700 to train on and 3,300 to test on. */
  public Friedman1() {
    this(10_000, 10, 0, 0, 0.33, 0);
  }

  /** Refuses what leaves a part empty. */
  public Friedman1 {
    if (samples < 2 || samples > 10_000_000) {
      throw new IllegalArgumentException(
          "samples must be between 2 and 10,000,000, was " + samples);
    }
    if (features < USED) {
      throw new IllegalArgumentException(
          "features must be at least 5, which the function uses, was " + features);
    }
    if (!(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("noise must be at least 0 and finite, was " + noise);
    }
    if (!(test > 0 && test < 1) || tested(samples, test) >= samples) {
      throw new IllegalArgumentException(
          "test must be a fraction between 0 and 1 that leaves samples to train on, was " + test);
    }
    Splits.check(validation);
  }

  @Override
  public String name() {
    return "friedman1";
  }

  @Override
  public String description() {
    return """
        Friedman's first regression function (1991): y = 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4
        + 5 x5 + noise, from features that are uniform between 0 and 1; those beyond the fifth say
        nothing. Drawn by the program; the last ceil(test x samples) are tested on.""";
  }

  @Override
  public int version() {
    return GENERATOR;
  }

  @Override
  public Task task() {
    return new Task.Regression(new Shape(features), 1);
  }

  @Override
  public int size(Split split, DataFiles files) {
    int tested = tested(samples, test);
    int apart = Splits.apart(samples - tested, validation);
    return switch (split) {
      case TEST -> tested;
      case VALIDATION -> apart;
      case TRAIN, CALIBRATION -> samples - tested - apart;
    };
  }

  private static int tested(int samples, double test) {
    return (int) Math.ceil(test * samples);
  }

  @Override
  public Examples open(Split split, DataFiles files) {
    int trained = samples - tested(samples, test);
    int[] chosen;
    if (split == Split.TEST) {
      chosen = new int[samples - trained];
      Arrays.setAll(chosen, i -> trained + i);
    } else {
      chosen = Splits.of(trained, validation).of(split);
    }
    float[][] rows = new float[chosen.length][];
    float[] numbers = new float[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      SplitMix random = new SplitMix(seed, chosen[i]);
      double[] x = new double[features];
      Arrays.setAll(x, k -> random.uniform());
      rows[i] = new float[features];
      for (int k = 0; k < features; k++) {
        rows[i][k] = (float) x[k];
      }
      numbers[i] = (float) (function(x) + noise * normal(random));
    }
    return Rows.ofNumbers(rows, numbers);
  }

  static double function(double[] x) {
    double off = x[2] - 0.5;
    return 10 * StrictMath.sin(Math.PI * x[0] * x[1]) + 20 * off * off + 10 * x[3] + 5 * x[4];
  }

  /** Box and Muller's transform: the same numbers on every JDK. */
  private static double normal(SplitMix random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.uniform()));
    return radius * StrictMath.cos(2 * Math.PI * random.uniform());
  }

  /** Returns a digest of what the numbers follow from: the generator's number and the settings. */
  @Override
  public String fingerprint(DataFiles files) {
    String origin = "friedman1 %d %s".formatted(GENERATOR, this);
    return new Digest().add(origin.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
