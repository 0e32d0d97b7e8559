package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;

/**
 * ResNet-20 for CIFAR-10 (He et al., 2016, section 4.2): 269,722 parameters.
 *
 * @param init how parameters start
 */
public record Resnet20(Initialisation init) implements ModelSource {
  /** Parameters drawn as in the paper: He's normal distribution. */
  public Resnet20() {
    this(Initialisation.HE_NORMAL);
  }

  @Override
  public String name() {
    return "resnet-20";
  }

  @Override
  public String description() {
    return CifarResNets.description(20, "269,722");
  }

  @Override
  public Architecture architecture(Task task) {
    return CifarResNets.architecture(name(), 20, task);
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
