package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Point;
import io.secateur.train.Toys;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RewindTest {
  private final Checkpoint first = Toys.dense(1);
  private final Checkpoint pruned = Toys.pruned(Toys.dense(2), 3).withTraining(training(9));
  private final Toys.Context context = new Toys.Context();

  @Test
  void survivorsGoBackAndPrunedCellsStayZero() throws IOException {
    context.past.put(new Point.Init(), first);

    Checkpoint rewound = new Rewind().run(pruned, context);

    assertThat(rewound.masks()).isEqualTo(pruned.masks());
    rewound.masks().forEach((name, mask) -> masked(rewound.parameter(name), first, name, mask));
    assertThat(rewound.parameter("hidden.bias")).isEqualTo(first.parameter("hidden.bias"));
  }

  @Test
  void initAndLabelsStartTrainingAgain() throws IOException {
    Checkpoint trained = first.withTraining(training(4));
    context.past.put(new Point.Init(), trained);
    context.past.put(new Point.Label("dense"), trained);

    assertThat(new Rewind().run(pruned, context).training()).isEmpty();
    assertThat(new Rewind(new RewindTo.Label("dense")).run(pruned, context).training()).isEmpty();
  }

  @Test
  void epochsAndStepsGoOnWithTheOptimisersStateMasked() throws IOException {
    context.past.put(new Point.Epoch(1), first.withTraining(training(4)));
    context.past.put(new Point.Step(4), first.withTraining(training(4)));
    for (RewindTo to : List.of(new RewindTo.Epoch(1), new RewindTo.Step(4))) {
      TrainingState state = new Rewind(to).run(pruned, context).training().orElseThrow();

      assertThat(state.step()).isEqualTo(4);
      assertThat(state.total()).isEqualTo(20);
      assertThat(state.history()).isEqualTo(training(4).orElseThrow().history());
      Mask mask = pruned.mask("hidden.weight");
      float[] slot = Objects.requireNonNull(state.optimizer().get("hidden.weight/m")).toFloats();
      for (int i = 0; i < slot.length; i++) {
        assertThat(slot[i]).isEqualTo(mask.keeps(i) ? 0.5f : 0);
      }
    }
  }

  @Test
  void theLearningRateAloneLeavesWeightsAsTheyAre() throws IOException {
    assertThat(new Rewind(new RewindTo.LearningRate()).run(pruned, context))
        .isEqualTo(pruned.withTraining(Optional.empty()));
  }

  @Test
  void refusesAnotherArchitecture() {
    Architecture other = new Architecture(new Shape(6), List.of(new Linear("out", 3)));
    context.past.put(
        new Point.Init(), new Checkpoint(other, other.initialise(Initialisation.PYTORCH, 1)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rewind().run(pruned, context))
        .withMessage(
            "cannot rewind: the model had another architecture then; rewind before what changes it");
  }

  @Test
  void asksOnlyForWhatItTakes() {
    assertThat(new Rewind(new RewindTo.Step(7)).recalls()).containsExactly(new Point.Step(7));
    assertThat(new Rewind(new RewindTo.LearningRate()).recalls()).isEmpty();
  }

  private static void masked(Tensor actual, Checkpoint expected, String name, Mask mask) {
    float[] values = actual.toFloats();
    float[] target = expected.parameter(name).toFloats();
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      assertThat(bits).isEqualTo(mask.keeps(i) ? Float.floatToRawIntBits(target[i]) : 0);
    }
  }

  private static Optional<TrainingState> training(long step) {
    float[] half = new float[48];
    Arrays.fill(half, 0.5f);
    Tensor slot = Tensor.of(new Shape(8, 6), half);
    return Optional.of(
        new TrainingState(
            step,
            20,
            Map.of("hidden.weight/m", slot),
            List.of(new TrainingState.Epoch(1, Map.of("train loss", 1.0, "revived", 0.0)))));
  }
}
