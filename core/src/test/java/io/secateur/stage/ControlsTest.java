package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Residual;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Point;
import io.secateur.train.Toys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
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

  private static final Architecture BLOCK =
      new Architecture(
          new Shape(1, 4, 4),
          List.of(
              new Conv2d("stem", 8, 3, 1, 1),
              new BatchNorm("bn"),
              new Residual(
                  "add",
                  List.of(new Conv2d("in", 6, 3, 1, 1), new Conv2d("out", 8, 3, 1, 1)),
                  List.of()),
              new GlobalAvgPool2d("pool"),
              new Linear("fc", 2)));

  /** Units by their numbers over all spaces: the network's input is 0. */
  private static Checkpoint without(int... units) {
    BitSet gone = new BitSet();
    for (int unit : units) {
      gone.set(unit);
    }
    return new Checkpoint(BLOCK, BLOCK.initialise(Initialisation.PYTORCH, 1))
        .withMasks(BLOCK.coupling().masks(gone));
  }

  private static List<Integer> gone(Checkpoint model) {
    List<Integer> gone = new ArrayList<>();
    for (int unit = 0; unit < 8; unit++) {
      if (!model.mask("stem.bias").keeps(unit)) {
        gone.add(1 + unit);
      }
    }
    for (int unit = 0; unit < 6; unit++) {
      if (!model.mask("in.bias").keeps(unit)) {
        gone.add(9 + unit);
      }
    }
    return gone;
  }

  @Test
  void whereUnitsArePrunedOtherUnitsGoAsManyOfEverySpace() {
    Checkpoint random = new RandomMask().run(without(1, 2, 3, 9, 10), context);
    Checkpoint later = new RandomMask().run(without(1, 2, 3, 4, 5, 9, 10), context);

    List<Integer> units = gone(random);
    assertThat(units).hasSize(5).isNotEqualTo(List.of(1, 2, 3, 9, 10));
    assertThat(units.stream().filter(unit -> unit < 9)).hasSize(3);
    assertThat(random.masks())
        .isEqualTo(without(units.stream().mapToInt(unit -> unit).toArray()).masks());
    random
        .masks()
        .forEach(
            (name, mask) -> {
              float[] values = random.parameter(name).toFloats();
              for (int i = 0; i < values.length; i++) {
                assertThat(mask.keeps(i) || values[i] == 0).as(name).isTrue();
              }
            });
    assertThat(gone(later)).hasSize(7).containsAll(units);
    assertThat(context.purposes)
        .contains(
            "random-mask units of stem.weight + out.weight", "random-mask units of in.weight");
  }

  @Test
  void whereAlsoSingleWeightsArePrunedSingleWeightsGo() {
    Checkpoint units = without(9, 10);
    Map<String, Mask> masks = new LinkedHashMap<>(units.masks());
    masks.put("fc.weight", Mask.of(Form.matrix(2, 8), cell -> cell != 3));

    Checkpoint random = new RandomMask().run(units.withMasks(masks), context);

    masks.forEach(
        (name, mask) -> assertThat(random.mask(name).pruned()).as(name).isEqualTo(mask.pruned()));
    assertThat(context.purposes).contains("random-mask fc.weight");
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
