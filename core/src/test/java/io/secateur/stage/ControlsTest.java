package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.secateur.model.Checkpoint;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Point;
import io.secateur.train.Toys;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ControlsTest {
  private final Toys.Context context = new Toys.Context();

  @Test
  void aRandomMaskKeepsTheCountsOfEveryLayer() {
    Checkpoint pruned = Toys.pruned(Toys.dense(2), 3);
    Checkpoint random = new RandomMask().run(pruned, context);
    assertThat(random.masks().keySet()).isEqualTo(pruned.masks().keySet());
    random
        .masks()
        .forEach(
            (name, mask) -> {
              assertThat(mask.pruned()).as(name).isEqualTo(pruned.mask(name).pruned());
              assertThat(mask).as(name).isNotEqualTo(pruned.mask(name));
              float[] values = random.parameter(name).toFloats();
              for (int i = 0; i < values.length; i++) {
                assertThat(mask.keeps(i) || values[i] == 0).isTrue();
              }
            });
    assertThat(random.training()).isEmpty();
    assertThat(context.purposes).allMatch(purpose -> purpose.startsWith("random-mask "));
  }

  @Test
  void randomMasksOfLaterRoundsLieInThoseOfEarlierOnes() {
    Checkpoint some = new RandomMask().run(keeping(2), context);
    Checkpoint more = new RandomMask().run(keeping(1), context);
    more.masks()
        .forEach(
            (name, mask) -> {
              Mask before = some.mask(name);
              assertThat(mask.pruned()).as(name).isGreaterThan(before.pruned());
              for (long cell = 0; cell < mask.form().size(); cell++) {
                assertThat(before.keeps(cell) || !mask.keeps(cell)).isTrue();
              }
            });
    assertThat(new RandomMask().ordinal(7)).isZero();
  }

  /** So many cells of every three. */
  private static Checkpoint keeping(int ofThree) {
    Checkpoint dense = Toys.dense(2);
    Map<String, Mask> masks = new LinkedHashMap<>();
    dense
        .architecture()
        .prunable()
        .forEach(spec -> masks.put(spec.name(), Mask.of(spec.form(), cell -> cell % 3 < ofThree)));
    return dense.withMasks(masks);
  }

  @Test
  void nothingIsMaskedAtRandomWhereNothingIsPruned() {
    Checkpoint dense = Toys.dense(1);
    assertThat(new RandomMask().run(dense, context)).isEqualTo(dense);
    assertThat(context.lines).containsExactly("nothing is pruned, so there is no mask to replace");
  }

  @Test
  void reinitialisingGivesFreshValuesUnderTheSameMasks() throws IOException {
    Checkpoint pruned = Toys.pruned(Toys.dense(2), 3);
    Checkpoint fresh = Toys.dense(9);
    Toys.Context opening =
        new Toys.Context() {
          @Override
          public Checkpoint fresh(long seed) {
            assertThat(seed).isEqualTo("reinitialise".hashCode());
            return fresh;
          }
        };
    Checkpoint again = new Reinitialise().run(pruned, opening);
    assertThat(again.masks()).isEqualTo(pruned.masks());
    again
        .parameters()
        .forEach(
            (name, tensor) -> {
              float[] values = tensor.toFloats();
              float[] wanted = fresh.parameter(name).toFloats();
              for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).isEqualTo(pruned.mask(name).keeps(i) ? wanted[i] : 0);
              }
            });
    assertThat(again.training()).isEqualTo(Optional.empty());
  }

  @Test
  void aTrainingThatPrunesHasNoControls() {
    FineTune plain = new FineTune();
    FineTune pruning =
        new FineTune(
            1,
            plain.optimizer(),
            64,
            plain.steps(),
            plain.loss(),
            plain.watch(),
            plain.stop(),
            plain.best(),
            Optional.of(new GradualPruning()),
            Optional.empty());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Control.RANDOM_REINIT.branch(new RewindTo.Init(), List.of(pruning)))
        .withMessage(
            "controls are trained under the masks that a round has made, and its training prunes"
                + " meanwhile; prune in a stage of its own, or leave controls out");
  }

  @Test
  void aRewindGoesToTheEndOfARound() throws IOException {
    context.past.put(new Point.Round(0), Toys.dense(1));
    Checkpoint pruned = Toys.pruned(Toys.dense(2), 3);
    Checkpoint rewound = new Rewind(new RewindTo.Round(0)).run(pruned, context);
    assertThat(rewound.masks()).isEqualTo(pruned.masks());
    assertThat(rewound.parameter("hidden.bias")).isEqualTo(Toys.dense(1).parameter("hidden.bias"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RewindTo.Round(-1))
        .withMessage("the round to rewind to is at least 0, was -1");
  }

  @Test
  void branchesAreNamedAsStudyFilesNameThem() {
    assertThat(Map.of("random-mask", Control.RANDOM_MASK, "random-reinit", Control.RANDOM_REINIT))
        .allSatisfy(
            (name, control) ->
                assertThat(control.branch(new RewindTo.Init(), List.of()).name()).isEqualTo(name));
  }
}
