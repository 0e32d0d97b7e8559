package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Dropout;
import io.secateur.model.Flatten;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.MaxPool2d;
import io.secateur.model.Relu;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.util.List;

/**
 * The convolutional network of PyTorch's MNIST example: convolutions of 32 and 64 filters,
 * max-pooling, dropout, 128 hidden units. 1,199,882 parameters on 28 × 28 images of 10 classes.
 *
 * @param init how parameters start
 */
public record MnistCnn(Initialisation init) implements ModelSource {
  /** Parameters as PyTorch draws them. */
  public MnistCnn() {
    this(Initialisation.PYTORCH);
  }

  @Override
  public String name() {
    return "mnist-cnn";
  }

  @Override
  public String description() {
    return """
        The convolutional network of PyTorch's MNIST example: conv1 (32 filters of 3 x 3), conv2
        (64 of 3 x 3), max-pooling 2 x 2, dropout 0.25, fc1 (128 units), dropout 0.5, fc2.
        1,199,882 parameters on 28 x 28 images of 10 classes; most of them are in fc1.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    Zoo.refuseTokens(name(), task);
    return Zoo.of(
        name(),
        task,
        List.of(
            new Conv2d("conv1", 32, 3, 1, 0),
            new Relu("relu1"),
            new Conv2d("conv2", 64, 3, 1, 0),
            new Relu("relu2"),
            new MaxPool2d("pool", 2, 2),
            new Dropout("dropout1", 0.25),
            new Flatten("flatten"),
            new Linear("fc1", 128),
            new Relu("relu3"),
            new Dropout("dropout2", 0.5),
            new Linear("fc2", task.outputs())));
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
