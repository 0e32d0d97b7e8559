package io.secateur.calibrate;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import io.secateur.calibrate.Observer.Observed;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Layer;
import io.secateur.model.NetworkBlock;
import io.secateur.model.ParameterSpec;
import io.secateur.spi.Examples;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gathers statistics of weights in one pass over a sample of examples, all weights in parallel from
 * the model as it is. The network computes as when it predicts: dropout is off. Of texts, positions
 * that hold padding do not count.
 */
public final class Calibrator {
  private Calibrator() {}

  /** Returns the statistics of a method that needs none. */
  public static Statistics none(String weight, NDManager manager) {
    return new Totals(weight, manager);
  }

  /** Gathers, outputs being those of the layers themselves. */
  public static Map<String, Statistics> gather(
      Checkpoint model,
      Set<Statistic> needs,
      Collection<String> weights,
      Calibration calibration,
      Examples examples,
      Task task,
      long seed,
      NDManager manager) {
    return gather(model, needs, weights, calibration, examples, task, seed, manager, false);
  }

  /**
   * Gathers.
   *
   * @param needs what to sum; sums are kept in float64 and end as float32, what a batch adds is
   *     float32 as the engine computes it
   * @param weights names of parameters
   * @param examples those to draw from
   * @param manager on the device to compute on; owns the totals
   * @param units whether outputs are those of coupled units, which a batch norm that follows a
   *     layer at once belongs to: what is behind it becomes 0 when a unit goes
   * @return by weight, in the order asked
   * @throws IllegalArgumentException when a parameter has no such statistic; names it
   */
  public static Map<String, Statistics> gather(
      Checkpoint model,
      Set<Statistic> needs,
      Collection<String> weights,
      Calibration calibration,
      Examples examples,
      Task task,
      long seed,
      NDManager manager,
      boolean units) {
    require(examples);
    Map<String, Observed> observed = observed(model.architecture(), needs, weights, manager);
    Observer observer = observer(model.architecture(), needs, observed, units);
    try (NDManager own = manager.newSubManager()) {
      NetworkBlock block = model.block(own);
      block.tap(observer);
      block.requireGradients(gradients(needs));
      int[] sample = Sample.of(examples.size(), calibration.examples(), seed);
      int portion = perExample(needs) ? 1 : calibration.batch();
      for (int first = 0; first < sample.length; first += portion) {
        int end = Math.min(sample.length, first + portion);
        int[] indices = Arrays.copyOfRange(sample, first, end);
        show(block, observer, examples, indices, task, gradients(needs), own);
      }
    }
    return complete(observed);
  }

  static void require(Examples examples) {
    if (examples.size() == 0) {
      throw new IllegalArgumentException("calibration needs examples, the training part has none");
    }
  }

  static Observer observer(
      Architecture architecture,
      Set<Statistic> needs,
      Map<String, Observed> observed,
      boolean units) {
    Map<String, List<Observed>> byLayer = new LinkedHashMap<>();
    Map<String, List<Observed>> byOutput = new LinkedHashMap<>();
    for (Observed one : observed.values()) {
      Layer layer = one.place().layer();
      Layer last = units ? behindNorm(architecture.layers(), layer).orElse(layer) : layer;
      byLayer.computeIfAbsent(layer.name(), name -> new ArrayList<>()).add(one);
      byOutput.computeIfAbsent(last.name(), name -> new ArrayList<>()).add(one);
    }
    return new Observer(needs, byLayer, byOutput);
  }

  /** Ends the sums. */
  static Map<String, Statistics> complete(Map<String, Observed> observed) {
    Map<String, Statistics> statistics = new LinkedHashMap<>();
    observed.forEach(
        (name, one) -> {
          one.totals().complete();
          statistics.put(name, one.totals());
        });
    return statistics;
  }

  /** Returns the last of the layers behind one that only scale and shift its outputs. */
  private static Optional<Layer> behindNorm(List<Layer> layers, Layer layer) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) == layer) {
        int last = i;
        while (last + 1 < layers.size()
            && layers.get(last + 1) instanceof Layer.Parametric next
            && next.spread() == Layer.Spread.SAME) {
          last++;
        }
        return Optional.of(layers.get(last));
      }
      if (layers.get(i) instanceof Layer.Branching branching) {
        for (List<Layer> branch : branching.branches()) {
          Optional<Layer> found = behindNorm(branch, layer);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static void show(
      NetworkBlock block,
      Observer observer,
      Examples examples,
      int[] indices,
      Task task,
      boolean gradients,
      NDManager manager) {
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      Examples.Batch batch = examples.batch(indices, own);
      observer.show(block.present(batch.inputs()));
      if (!gradients) {
        block.forward(batch.inputs(), false);
        return;
      }
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        // In the engine's own memory, which gradients look at later.
        NDArray predictions = block.forward(batch.inputs().duplicate(), false);
        collector.backward(TaskLoss.of(task, predictions, batch.targets()));
      }
      observer.gradients(block.arrays());
      // Gradients would add up from one backward pass to the next.
      for (NDArray parameter : block.arrays().values()) {
        if (parameter.hasGradient()) {
          NDArray gradient = parameter.getGradient();
          gradient.zerosLike().copyTo(gradient);
        }
      }
    }
  }

  private static boolean gradients(Set<Statistic> needs) {
    return needs.stream().anyMatch(Calibrator::comesBack);
  }

  /** Returns whether a statistic comes back through the whole network from its loss. */
  public static boolean comesBack(Statistic statistic) {
    return statistic instanceof Statistic.OfGradients
        || statistic instanceof Statistic.OfOutputGradients;
  }

  private static boolean perExample(Set<Statistic> needs) {
    return needs.stream().anyMatch(s -> s instanceof Statistic.OfGradients g && g.perExample());
  }

  static Map<String, Observed> observed(
      Architecture architecture,
      Set<Statistic> needs,
      Collection<String> weights,
      NDManager manager) {
    Map<String, Observed> observed = new LinkedHashMap<>();
    for (String weight : weights) {
      ParameterSpec spec = architecture.parameter(weight);
      for (Statistic statistic : needs) {
        if (!suits(statistic, spec)) {
          throw new IllegalArgumentException(
              "statistic %s is one of weights, and %s is a %s; exclude it, or use a method without"
                  .formatted(statistic, weight, spec.kind())
                  .concat(" calibration"));
        }
      }
      Architecture.Place place =
          architecture.places().stream()
              .filter(p -> p.parameters().contains(spec))
              .findFirst()
              .orElseThrow();
      observed.put(weight, new Observed(weight, spec.form(), place, new Totals(weight, manager)));
    }
    return observed;
  }

  /** Returns whether a parameter has a statistic: only weights have inputs and outputs. */
  public static boolean suits(Statistic statistic, ParameterSpec spec) {
    return spec.kind() == ParameterSpec.Kind.WEIGHT
        || (statistic instanceof Statistic.OfGradients && spec.trainable());
  }
}
