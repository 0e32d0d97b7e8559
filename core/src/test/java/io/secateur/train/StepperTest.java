package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class StepperTest {
  private static final LearningRate RATE = LearningRate.of(0.1);
  private static final List<Optimizer> OPTIMIZERS =
      List.of(
          new Optimizer.Sgd(RATE, 0, 0.1, false),
          new Optimizer.Sgd(RATE, 0.9, 0.1, false),
          new Optimizer.Sgd(RATE, 0.9, 0.1, true),
          new Optimizer.Adam(RATE, 0.9, 0.99, 1e-6, 0.1),
          new Optimizer.Adamw(RATE, 0.9, 0.99, 1e-6, 0.1),
          new Optimizer.Adadelta(RATE, 0.9, 1e-4, 0.1),
          new Optimizer.Rmsprop(RATE, 0.9, 1e-4, 0, false, 0.1),
          new Optimizer.Rmsprop(RATE, 0.9, 1e-4, 0.5, true, 0.1));

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private interface Kind {
    Stepper of(Rule rule, List<Stepper.Target> targets, Map<String, Tensor> state);
  }

  private static final List<Kind> KINDS = List.of(MemoryStepper::new, EngineStepper::new);

  @Test
  void bothKindsAgree() {
    for (Optimizer optimizer : OPTIMIZERS) {
      Run memory = new Run(MemoryStepper::new, optimizer, 500, Map.of());
      Run engine = new Run(EngineStepper::new, optimizer, 500, Map.of());
      memory.steps(1, 20);
      engine.steps(1, 20);

      close(memory.weight.toFloatArray(), engine.weight.toFloatArray(), optimizer);
      memory
          .state()
          .forEach(
              (name, slot) ->
                  close(
                      slot.toFloats(),
                      engine.state().getOrDefault(name, slot).toFloats(),
                      optimizer));
      assertThat(engine.state()).containsOnlyKeys(memory.state().keySet());
    }
  }

  @Test
  void prunedCellsStayZeroInWeightsAndSlotsWhateverTheirGradients() {
    for (Kind kind : KINDS) {
      for (Optimizer optimizer : OPTIMIZERS) {
        Run run = new Run(kind, optimizer, 200, Map.of());
        run.poison = Float.NaN;
        run.steps(1, 5);

        run.zeroWherePruned(run.weight.toFloatArray());
        run.state().values().forEach(slot -> run.zeroWherePruned(slot.toFloats()));
      }
    }
  }

  @Test
  void stateHandedOverGoesOnAsIfItHadNot() {
    for (Kind kind : KINDS) {
      for (Optimizer optimizer : OPTIMIZERS) {
        Run straight = new Run(kind, optimizer, 100, Map.of());
        straight.steps(1, 7);
        Run first = new Run(kind, optimizer, 100, Map.of());
        first.steps(1, 3);
        Run second = new Run(kind, optimizer, 100, first.state());
        MemoryStepper.memory(second.weight).put(first.weight.toFloatArray());
        second.steps(4, 7);

        assertThat(second.weight.toFloatArray()).isEqualTo(straight.weight.toFloatArray());
        assertThat(second.state()).isEqualTo(straight.state());
      }
    }
  }

  @Test
  void theNumberOfThreadsDoesNotShow() {
    Optimizer adam = OPTIMIZERS.get(3);
    Run one = new Run((r, t, s) -> new MemoryStepper(r, t, s, 1), adam, 30000, Map.of());
    Run four = new Run((r, t, s) -> new MemoryStepper(r, t, s, 4), adam, 30000, Map.of());
    one.steps(1, 3);
    four.steps(1, 3);

    assertThat(four.weight.toFloatArray()).isEqualTo(one.weight.toFloatArray());
  }

  @Test
  void noSlotBecomesSubnormalWhenGradientsEnd() {
    for (Optimizer optimizer : OPTIMIZERS) {
      // Decay of weights is a gradient too: without it, what the first steps left only shrinks.
      Run run = new Run(MemoryStepper::new, withoutDecay(optimizer), 200, Map.of());
      run.steps(1, 3);
      run.still = true;
      run.steps(4, 12_000);

      for (Tensor slot : run.state().values()) {
        for (float number : slot.toFloats()) {
          assertThat(number == 0 || Math.abs(number) >= Float.MIN_NORMAL)
              .as("%s: %s", optimizer, number)
              .isTrue();
        }
      }
    }
  }

  private static Optimizer withoutDecay(Optimizer optimizer) {
    if (optimizer instanceof Optimizer.Sgd sgd) {
      return new Optimizer.Sgd(RATE, sgd.momentum(), 0, sgd.nesterov());
    }
    if (optimizer instanceof Optimizer.Rmsprop rmsprop) {
      return new Optimizer.Rmsprop(
          RATE, rmsprop.alpha(), 1e-4, rmsprop.momentum(), rmsprop.centered(), 0);
    }
    return optimizer instanceof Optimizer.Adadelta
        ? new Optimizer.Adadelta(RATE, 0.9, 1e-4, 0)
        : new Optimizer.Adam(RATE, 0.9, 0.99, 1e-6, 0);
  }

  @Test
  void stepsLeaveNoArraysBehind() {
    for (Kind kind : KINDS) {
      Run run = new Run(kind, OPTIMIZERS.get(3), 20, Map.of());
      run.steps(1, 1);
      int arrays = ((BaseNDManager) manager).getManagedArrays().size();
      run.steps(2, 6);

      assertThat(((BaseNDManager) manager).getManagedArrays()).hasSize(arrays);
    }
  }

  @Test
  void refusesSlotsOfAnotherShape() {
    Map<String, Tensor> state = Map.of("w/m", Tensor.of(new Shape(3), 1, 2, 3));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Run(MemoryStepper::new, OPTIMIZERS.get(3), 20, state))
        .withMessage("the training state's m of w has shape (3), the parameter has (20)");
  }

  private static void close(float[] actual, float[] expected, Object what) {
    assertThat(actual).as("%s", what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("%s, cell %d", what, i).isCloseTo(expected[i], within(1e-6f));
    }
  }

  /** One weight that seeded gradients move; a third of it is pruned. */
  private final class Run {
    final NDArray weight;
    final Mask mask;
    final Stepper stepper;
    final float[] slopes;
    float poison;
    boolean still;

    Run(Kind kind, Optimizer optimizer, int size, Map<String, Tensor> state) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) Math.sin(i);
      }
      weight = manager.create(values);
      slopes = new float[size];
      mask = Mask.of(Form.of(size), cell -> cell % 3 != 1);
      Stepper.Target target =
          new Stepper.Target("w", weight, () -> manager.create(slopes), Optional.of(mask));
      stepper = kind.of(Rule.of(optimizer), List.of(target), state);
    }

    void steps(int first, int last) {
      for (int step = first; step <= last; step++) {
        SplittableRandom random = new SplittableRandom(step);
        for (int i = 0; i < slopes.length; i++) {
          float slope = (float) random.nextDouble(-1, 1);
          slopes[i] = still ? 0 : mask.keeps(i) ? slope : slope + poison;
        }
        stepper.step(0.1, step);
      }
    }

    Map<String, Tensor> state() {
      return stepper.state();
    }

    void zeroWherePruned(float[] values) {
      for (int i = 0; i < values.length; i++) {
        if (mask.keeps(i)) {
          assertThat(values[i]).isFinite();
        } else {
          assertThat(Float.floatToRawIntBits(values[i])).as("cell %d: %s", i, values[i]).isZero();
        }
      }
    }
  }
}
