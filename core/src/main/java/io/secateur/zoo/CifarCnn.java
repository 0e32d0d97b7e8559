package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Flatten;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.MaxPool2d;
import io.secateur.model.Relu;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.util.List;

/**
 * A small convolutional network for CIFAR-10: two convolutions of 64 filters, each with
 * max-pooling, and 384 hidden units. 927,690 parameters on 32 × 32 colour images of 10 classes.
 *
 * @param init how parameters start
 */
public record CifarCnn(Initialisation init) implements ModelSource {
  /** Parameters as PyTorch draws them. */
  public CifarCnn() {
    this(Initialisation.PYTORCH);
  }

  @Override
  public String name() {
    return "cifar-cnn";
  }

  @Override
  public String description() {
    return """
        A small convolutional network for CIFAR-10: conv1 (64 filters of 3 x 3), max-pooling 2 x 2,
        conv2 (64 of 3 x 3), max-pooling 2 x 2, fc1 (384 units), fc2. On 32 x 32 colour images fc1
        has 64 x 6 x 6 inputs, and most of the 927,690 parameters.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    Zoo.refuseTokens(name(), task);
    return Zoo.of(
        name(),
        task,
        List.of(
            new Conv2d("conv1", 64, 3, 1, 0),
            new Relu("relu1"),
            new MaxPool2d("pool1", 2, 2),
            new Conv2d("conv2", 64, 3, 1, 0),
            new Relu("relu2"),
            new MaxPool2d("pool2", 2, 2),
            new Flatten("flatten"),
            new Linear("fc1", 384),
            new Relu("relu3"),
            new Linear("fc2", task.outputs())));
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
