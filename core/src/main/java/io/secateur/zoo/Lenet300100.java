package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Flatten;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * LeNet-300-100 (LeCun et al., 1998), the network of the first lottery tickets: fully connected,
 * 300 and 100 hidden units. 266,200 weights on 28 × 28 images.
 *
 * @param init how parameters start
 */
public record Lenet300100(Initialisation init) implements ModelSource {
  /** Parameters as PyTorch draws them. */
  public Lenet300100() {
    this(Initialisation.PYTORCH);
  }

  @Override
  public String name() {
    return "lenet-300-100";
  }

  @Override
  public String description() {
    return """
        LeNet-300-100 (LeCun et al., 1998): fully connected, 300 and 100 hidden units with ReLU.
        266,200 weights on 28 x 28 images; the network of the first lottery tickets (Frankle and
        Carbin, 2019), which start it with init: glorot-normal. Layers fc1, fc2, fc3.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    Zoo.refuseTokens(name(), task);
    List<Layer> layers = new ArrayList<>();
    if (task.input().dimension() > 1) {
      layers.add(new Flatten("flatten"));
    }
    layers.add(new Linear("fc1", 300));
    layers.add(new Relu("relu1"));
    layers.add(new Linear("fc2", 100));
    layers.add(new Relu("relu2"));
    layers.add(new Linear("fc3", task.outputs()));
    return Zoo.of(name(), task, layers);
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
