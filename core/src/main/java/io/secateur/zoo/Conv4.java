package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;

/**
 * Conv-4 (Frankle and Carbin, 2019): VGG cut down to four convolutions, for CIFAR-10.
 *
 * @param init how parameters start
 */
public record Conv4(Initialisation init) implements ModelSource {
  /** Parameters drawn as in the paper: Glorot's normal distribution. */
  public Conv4() {
    this(Initialisation.GLOROT_NORMAL);
  }

  @Override
  public String name() {
    return "conv-4";
  }

  @Override
  public String description() {
    return """
        Conv-4 of the lottery ticket paper (Frankle and Carbin, 2019): conv1, conv2 (64 filters), conv3, conv4 (128),
        all 3 x 3 with padding, max-pooling after each pair, then fc1 and fc2 (256 units) and fc3.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    return ConvPairs.architecture(name(), 2, task);
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
