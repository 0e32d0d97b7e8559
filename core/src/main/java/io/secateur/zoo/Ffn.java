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
 * A feed-forward network: the flattened input through hidden layers with ReLU to one output per
 * class, or per number of a regression. Parameters {@code layers.0.weight}, {@code layers.0.bias},
 * … {@code out.weight}, {@code out.bias}.
 *
 * @param hidden units of each hidden layer, in order; none makes a linear model
 * @param init how parameters start
 */
public record Ffn(List<Integer> hidden, Initialisation init) implements ModelSource {
  /** Two hidden layers of 1024 units. */
  public Ffn() {
    this(List.of(1024, 1024), Initialisation.PYTORCH);
  }

  public Ffn {
    hidden = List.copyOf(hidden);
    for (int units : hidden) {
      if (units < 1) {
        throw new IllegalArgumentException(
            "a hidden layer has at least 1 unit, hidden was " + hidden);
      }
    }
  }

  @Override
  public String name() {
    return "ffn";
  }

  @Override
  public String description() {
    return """
        A feed-forward network: input flattened, hidden layers with ReLU, one output per class.
        hidden lists the units of each hidden layer; the default 1024, 1024 on 20 x 20 pixels has
        1,470,474 parameters. init is pytorch (uniform in +-1/sqrt(fan-in)) or glorot-normal.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    Zoo.refuseTokens(name(), task);
    List<Layer> layers = new ArrayList<>();
    if (task.input().dimension() > 1) {
      layers.add(new Flatten("flatten"));
    }
    for (int i = 0; i < hidden.size(); i++) {
      layers.add(new Linear("layers." + i, hidden.get(i)));
      layers.add(new Relu("relu." + i));
    }
    layers.add(new Linear("out", task.outputs()));
    return Zoo.of(name(), task, layers);
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
