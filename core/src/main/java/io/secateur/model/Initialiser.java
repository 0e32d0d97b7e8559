package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Draws first parameters. Each parameter has a stream of its own, from the seed and its name, so
 * that a layer more or less does not move the others.
 */
final class Initialiser {
  private Initialiser() {}

  static Tensor draw(ParameterSpec spec, Initialisation how, long seed) {
    return switch (spec.kind()) {
      case WEIGHT, BIAS ->
          switch (how) {
            case PYTORCH -> uniform(spec, 1 / Math.sqrt((double) spec.fanIn()), seed);
            case GLOROT_NORMAL -> normal(spec, spec.fanIn() + spec.fanOut(), seed);
            case HE_NORMAL -> normal(spec, spec.fanIn(), seed);
          };
      case EMBEDDING ->
          switch (how) {
            // Variance 1, as torch.nn.Embedding: a row is looked up, no sum is taken.
            case PYTORCH, HE_NORMAL -> normal(spec, 2, seed);
            case GLOROT_NORMAL -> normal(spec, spec.fanIn() + spec.fanOut(), seed);
          };
      case GAMMA -> constant(spec, 1);
      case BETA -> Tensor.zeros(spec.shape());
      // Means start at 0, variances at 1.
      case STATISTIC -> constant(spec, spec.name().endsWith("var") ? 1 : 0);
    };
  }

  private static Tensor uniform(ParameterSpec spec, double bound, long seed) {
    SplittableRandom random = stream(spec.name(), seed);
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, spec.shape());
    for (long i = 0; i < spec.shape().size(); i++) {
      writer.put((float) (bound * (2 * random.nextDouble() - 1)));
    }
    return writer.tensor();
  }

  /** Draws with variance 2 / fan; by Box and Muller's transform: the same numbers on every JDK. */
  private static Tensor normal(ParameterSpec spec, long fan, long seed) {
    if (spec.kind() == ParameterSpec.Kind.BIAS) {
      return Tensor.zeros(spec.shape());
    }
    double deviation = Math.sqrt(2.0 / fan);
    SplittableRandom random = stream(spec.name(), seed);
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, spec.shape());
    for (long i = 0; i < spec.shape().size(); i++) {
      double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      double angle = 2 * Math.PI * random.nextDouble();
      writer.put((float) (deviation * radius * StrictMath.cos(angle)));
    }
    return writer.tensor();
  }

  private static Tensor constant(ParameterSpec spec, float value) {
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, spec.shape());
    for (long i = 0; i < spec.shape().size(); i++) {
      writer.put(value);
    }
    return writer.tensor();
  }

  private static SplittableRandom stream(String name, long seed) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, 64 bit
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    // Two rounds, so that seeds that follow one another do not give streams that overlap.
    return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ hash).split();
  }
}
