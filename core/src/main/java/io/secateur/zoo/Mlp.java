package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Dropout;
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
 * A multilayer perceptron for tables: hidden layers with ReLU, and dropout if wanted. Parameters
 * {@code fc1.weight}, {@code fc1.bias}, … {@code out.weight}, {@code out.bias}.
 *
 * @param hidden units of each hidden layer, in order; none makes a linear model
 * @param dropout the probability with which a hidden unit is left out while training; 0 for none
 * @param init how parameters start
 */
public record Mlp(List<Integer> hidden, double dropout, Initialisation init)
    implements ModelSource {
  /** Two hidden layers of 64 units, without dropout. */
  public Mlp() {
    this(List.of(64, 64), 0, Initialisation.PYTORCH);
  }

  public Mlp {
    hidden = List.copyOf(hidden);
    for (int units : hidden) {
      if (units < 1) {
        throw new IllegalArgumentException(
            "a hidden layer has at least 1 unit, hidden was " + hidden);
      }
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be at least 0 and below 1, was " + dropout);
    }
  }

  @Override
  public String name() {
    return "mlp";
  }

  @Override
  public String description() {
    return """
        A multilayer perceptron for tables, classes or regression: hidden lists the units of its
        hidden layers fc1, fc2, ..., each with ReLU and, if dropout is above 0, dropout; the last
        layer is out.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    Zoo.refuseTokens(name(), task);
    List<Layer> layers = new ArrayList<>();
    if (task.input().dimension() > 1) {
      layers.add(new Flatten("flatten"));
    }
    for (int i = 1; i <= hidden.size(); i++) {
      layers.add(new Linear("fc" + i, hidden.get(i - 1)));
      layers.add(new Relu("relu" + i));
      if (dropout > 0) {
        layers.add(new Dropout("dropout" + i, dropout));
      }
    }
    layers.add(new Linear("out", task.outputs()));
    return Zoo.of(name(), task, layers);
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return Zoo.fresh(architecture(task), init, seed);
  }
}
