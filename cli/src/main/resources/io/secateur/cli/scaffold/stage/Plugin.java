package @package@;

import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Adds normal noise to the weights that are kept.
 *
 * @param amount the deviation of the noise, as a multiple of that of the layer's kept weights
 */
public record @class@(double amount) implements Stage {
  /** A tenth of the weights' own deviation. */
  public @class@() {
    this(0.1);
  }

  public @class@ {
    if (!(amount >= 0 && amount < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("amount must be at least 0 and finite, was " + amount);
    }
  }

  @Override
  public String name() {
    return "@name@";
  }

  @Override
  public String description() {
    return """
        Adds normal noise to the kept weights of linear, convolution and embedding layers; amount is
        its deviation over that of the layer's kept weights. What is pruned stays 0.
        What it is for: how much a pruned model loses by it tells how robust it is.""";
  }

  /** A checkpoint in, a checkpoint out: both are values, so that nothing of the input is changed. */
  @Override
  public Checkpoint run(Checkpoint input, Context context) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(input.parameters());
    for (ParameterSpec spec : input.architecture().prunable()) {
      Tensor noisy =
          noisy(
              input.parameter(spec.name()),
              input.mask(spec.name()),
              // The same in every arm of a study, so that arms differ only in what is compared.
              context.seed("@name@ " + spec.name()));
      parameters.put(spec.name(), noisy);
    }
    context.say("noise of %s deviations on %d weights".formatted(amount, parameters.size()));
    // The state of an optimiser belongs to the weights as they were.
    return input.withParameters(parameters).withTraining(Optional.empty());
  }

  private Tensor noisy(Tensor weight, Mask mask, long seed) {
    float[] values = weight.toFloats();
    double scale = amount * deviation(values, mask);
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      double noise = scale * random.nextGaussian();
      if (mask.keeps(i)) {
        values[i] += (float) noise;
      }
    }
    return Tensor.of(weight.shape(), values);
  }

  /** Returns how far kept values lie from their mean. */
  private static double deviation(float[] values, Mask mask) {
    double sum = 0;
    double squares = 0;
    long kept = Math.max(1, mask.survivors());
    for (int i = 0; i < values.length; i++) {
      if (mask.keeps(i)) {
        sum += values[i];
        squares += (double) values[i] * values[i];
      }
    }
    double mean = sum / kept;
    return Math.sqrt(Math.max(0, squares / kept - mean * mean));
  }
}
