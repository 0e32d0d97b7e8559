package io.secateur.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.secateur.benchmarks.Numbers;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One step of an optimiser; gradients are there, and stay as they are. */
@State(Scope.Benchmark)
public class StepBenchmark {
  /** Stepper, rule, weights, and {@code masked} or not: {@code memory/adam/10000000/dense}. */
  @Param("memory/adam/1000000/dense")
  public String work = "";

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final List<NDArray> weights = new ArrayList<>();
  private long step;
  private Runnable steps = () -> {};
  private Runnable closing = () -> {};

  /** Makes four weights with gradients. */
  @Setup(Level.Trial)
  public void make() {
    String[] parts = work.split("/", 4);
    int side = Numbers.side(Long.parseLong(parts[2]));
    float[] slopes = Numbers.uniform(9, side * side);
    List<Stepper.Target> targets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      float[] numbers = Numbers.uniform(i, side * side);
      NDArray weight = manager.create(numbers, new Shape(side, side)).duplicate();
      weight.setRequiresGradient(true);
      weights.add(weight);
      Optional<Mask> mask =
          parts[3].equals("masked")
              ? Optional.of(Mask.of(Form.matrix(side, side), cell -> numbers[(int) cell] > 0))
              : Optional.empty();
      targets.add(new Stepper.Target("w" + i, weight, weight::getGradient, mask));
    }
    try (NDScope scope = new NDScope();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      scope.suppressNotUsedWarning();
      for (NDArray weight : weights) {
        collector.backward(weight.sum());
      }
    }
    for (NDArray weight : weights) {
      try (NDArray gradient = weight.getGradient()) {
        MemoryStepper.memory(gradient).put(slopes);
      }
    }
    if (parts[0].equals("djl")) {
      ai.djl.training.optimizer.Optimizer djl = ai.djl.training.optimizer.Optimizer.adam().build();
      steps = () -> djl(djl);
      return;
    }
    Rule rule = Rule.of(optimizer(parts[1]));
    Stepper stepper =
        parts[0].equals("memory")
            ? new MemoryStepper(rule, targets, Map.of())
            : new EngineStepper(rule, targets, Map.of());
    steps = () -> stepper.step(0.001, step);
    closing = stepper::close;
  }

  private void djl(ai.djl.training.optimizer.Optimizer optimizer) {
    for (int i = 0; i < weights.size(); i++) {
      try (NDArray gradient = weights.get(i).getGradient()) {
        optimizer.update("w" + i, weights.get(i), gradient);
      }
    }
  }

  private static Optimizer optimizer(String name) {
    return switch (name) {
      case "sgd" -> new Optimizer.Sgd();
      case "momentum" -> new Optimizer.Sgd(LearningRate.of(0.01), 0.9, 0, false);
      case "adam" -> new Optimizer.Adam();
      case "adamw" -> new Optimizer.Adamw();
      case "adadelta" -> new Optimizer.Adadelta();
      default -> throw new IllegalArgumentException("no optimiser " + name);
    };
  }

  /** Takes a step. */
  @Benchmark
  public void step() {
    step++;
    steps.run();
  }

  /** Frees the weights. */
  @TearDown(Level.Trial)
  public void close() {
    closing.run();
    manager.close();
  }
}
