package io.secateur.prune;

import static io.secateur.prune.Toys.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Tensor;
import io.secateur.prune.Toys.Scored;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.spi.PruningMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class PrunerTest {
  private static final Granularity ELEMENT = new Granularity.Element();
  private static final Pattern GLOBAL = new Pattern(ELEMENT, new Scope.Global());
  private static final Pattern LAYER = new Pattern(ELEMENT, new Scope.Layer());

  private static Pruned prune(
      Checkpoint model, PruningMethod method, Pattern pattern, Map<String, Amount> amounts)
      throws IOException {
    return Pruner.prune(model, new Pruning(method, pattern, amounts), new RecordedContext());
  }

  private static Map<String, Amount> all(Checkpoint model, Amount amount) {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    model.architecture().prunable().forEach(spec -> amounts.put(spec.name(), amount));
    return amounts;
  }

  @Test
  void ranksAllWeightsTogetherUnderGlobalScope() throws IOException {
    Checkpoint model = Toys.chain(2, 3, 2);

    Pruned pruned = prune(model, Toys.magnitude(), GLOBAL, all(model, new Amount.Count(5)));

    assertThat(values(pruned.checkpoint(), "l0.weight")).containsExactly(0, 0, 0, 4, 5, 6);
    assertThat(values(pruned.checkpoint(), "l1.weight")).containsExactly(0, 0, 3, 4, 5, 6);
    assertThat(values(pruned.checkpoint(), "l0.bias")).containsExactly(.5f, .5f, .5f);
    assertThat(pruned.pruned()).isEqualTo(5);
    assertThat(pruned.requested()).hasValueCloseTo(5 / 12., within(1e-12));
    assertThat(pruned.counts()).allMatch(count -> count.requested().isEmpty());
  }

  @Test
  void prunesEveryLayerByItsOwnAmountUnderScopeLayer() throws IOException {
    Checkpoint model = Toys.chain(2, 3, 2);

    Pruned pruned =
        prune(
            model,
            Toys.magnitude(),
            LAYER,
            Map.of("l1.weight", new Amount.Count(1), "l0.weight", new Amount.OfAll(.5)));

    assertThat(values(pruned.checkpoint(), "l0.weight")).containsExactly(0, 0, 0, 4, 5, 6);
    assertThat(values(pruned.checkpoint(), "l1.weight")).containsExactly(0, 2, 3, 4, 5, 6);
    assertThat(pruned.counts())
        .extracting(Pruned.Count::name)
        .containsExactly("l0.weight", "l1.weight");
    assertThat(pruned.requested()).hasValueCloseTo(4 / 12., within(1e-12));
  }

  @Test
  void aSecondPruningCountsWhatTheFirstHasTaken() throws IOException {
    Checkpoint model = Toys.chain(10, 10);
    Amount third = new Amount.OfRemaining(.33);

    Pruned once = prune(model, Toys.magnitude(), GLOBAL, all(model, third));
    Pruned twice = prune(once.checkpoint(), Toys.magnitude(), GLOBAL, all(model, third));

    assertThat(once.pruned()).isEqualTo(33);
    assertThat(twice.pruned()).isEqualTo(55);
    assertThat(twice.requested()).hasValueCloseTo(.5511, within(1e-12));
    Mask first = once.checkpoint().mask("l0.weight");
    assertThat(first.and(twice.checkpoint().mask("l0.weight")))
        .isEqualTo(twice.checkpoint().mask("l0.weight"));
  }

  @Test
  void leavesPositiveZerosWhateverWasThere() throws IOException {
    Checkpoint model = Toys.chain(2, 2);
    Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
    parameters.put("l0.weight", Tensor.of(new Shape(2, 2), -1, -0f, Float.POSITIVE_INFINITY, 2));
    Scored reverse =
        new Scored("reverse", true, (weight, statistics) -> weight.matrix().abs().neg());

    Pruned pruned =
        prune(model.withParameters(parameters), reverse, LAYER, all(model, new Amount.OfAll(1)));

    for (float value : values(pruned.checkpoint(), "l0.weight")) {
      assertThat(Float.floatToRawIntBits(value)).isZero();
    }
  }

  @Test
  void aFailingPruneLeavesTheInputAsItWas() {
    Checkpoint model = Toys.chain(2, 3, 2);
    Checkpoint same = Toys.chain(2, 3, 2);
    Scored broken =
        new Scored(
            "broken",
            true,
            (weight, statistics) ->
                weight.name().equals("l1.weight")
                    ? weight.matrix().mul(Float.NaN)
                    : weight.matrix().abs());

    assertThatThrownBy(() -> prune(model, broken, LAYER, all(model, new Amount.OfAll(.5))))
        .hasMessageContaining("l1.weight")
        .hasMessageContaining("NaN");
    assertThat(model).isEqualTo(same);
  }

  @Test
  void asksRowwiseMethodsInBlocksOfRowsWithTheSameResult() throws IOException {
    Checkpoint model = Toys.chain(5, 7);
    List<Shape> asked = new ArrayList<>();
    Scored watched =
        new Scored(
            "watched",
            true,
            (weight, statistics) -> {
              asked.add(weight.matrix().getShape());
              assertThat(weight.form().rows()).isEqualTo(weight.matrix().getShape().get(0));
              NDArray bias = java.util.Objects.requireNonNull(weight.companions().get("bias"));
              assertThat(bias.size()).isEqualTo(weight.form().rows());
              // A view of the matrix that the next block is written to.
              return weight.matrix();
            });
    Pruning pruning = new Pruning(watched, LAYER, all(model, new Amount.OfAll(.4)));

    Pruned blocks = Pruner.prune(model, pruning, new RecordedContext(), 10);
    Pruned whole = Pruner.prune(model, pruning, new RecordedContext());

    // The whole once; rows whenever their scores are read.
    assertThat(asked).endsWith(new Shape(7, 5));
    assertThat(asked).containsOnly(new Shape(2, 5), new Shape(1, 5), new Shape(7, 5));
    assertThat(blocks.checkpoint()).isEqualTo(whole.checkpoint());
    assertThat(blocks.pruned()).isEqualTo(14);
  }

  @Test
  void readsScoresThatLieAcrossTheMatrix() throws IOException {
    Checkpoint model = Toys.chain(3, 3);
    Scored across =
        new Scored("across", false, (weight, statistics) -> weight.matrix().abs().transpose());

    Pruned pruned = prune(model, across, LAYER, all(model, new Amount.Count(3)));

    // The transposed scores: 1 4 7, 2 5 8, 3 6 9
    assertThat(values(pruned.checkpoint(), "l0.weight")).containsExactly(0, 2, 3, 0, 5, 6, 0, 8, 9);
  }

  @Test
  void givesSlicesOfAnyAxisAsRows() throws IOException {
    Architecture net = new Architecture(new Shape(2, 4, 4), List.of(new Conv2d("c", 3, 2, 1, 0)));
    Checkpoint model = Toys.counting(net);
    Map<Axis, Long> lengths = Map.of(Axis.OUTPUT, 3L, Axis.INPUT, 2L, Axis.KERNEL_ROW, 2L);
    for (Map.Entry<Axis, Long> axis : lengths.entrySet()) {
      Scored sums =
          new Scored(
              "sums",
              true,
              (weight, statistics) -> {
                assertThat(weight.matrix().getShape().get(0)).isEqualTo(axis.getValue());
                assertThat(weight.form().rows()).isEqualTo(axis.getValue());
                return weight.matrix().sum(new int[] {1}, true);
              });

      Pruned pruned =
          prune(
              model,
              sums,
              new Pattern(new Granularity.Slice(axis.getKey()), new Scope.Layer()),
              all(model, new Amount.Count(1)));

      float[] values = values(pruned.checkpoint(), "c.weight");
      for (int cell = 0; cell < 24; cell++) {
        // (output, input, kernel row, kernel column): the first slice has the smallest sum.
        int index =
            switch (axis.getKey()) {
              case OUTPUT -> cell / 8;
              case INPUT -> cell / 4 % 2;
              case KERNEL_ROW -> cell / 2 % 2;
              case KERNEL_COLUMN -> cell % 2;
            };
        assertThat(values[cell]).as(axis + " " + cell).isEqualTo(index == 0 ? 0 : cell + 1);
      }
    }
  }

  @Test
  void addsUpTheScoresOfASlicesRemainingCells() throws IOException {
    Architecture net = new Architecture(new Shape(2, 4, 4), List.of(new Conv2d("c", 3, 2, 1, 0)));
    Checkpoint model = Toys.counting(net);
    Form form = model.mask("c.weight").form();
    for (Axis axis : Axis.values()) {
      // Kept of the last slice is one cell, whose score is the highest, and its sum the lowest.
      Checkpoint before =
          model.withMasks(
              Map.of("c.weight", Mask.of(form, cell -> !last(axis, cell) || cell == 23)));
      Scored cells =
          new Scored(
              "cells",
              true,
              (weight, statistics) -> weight.matrix().onesLike().add(weight.matrix()));
      Pruned pruned =
          Pruner.prune(
              before,
              new Pruning(
                  cells,
                  new Pattern(new Granularity.Slice(axis), new Scope.Layer()),
                  all(model, new Amount.Count(1))),
              new RecordedContext(),
              axis == Axis.OUTPUT ? 8 : Scoring.BLOCK);
      assertThat(pruned.checkpoint().mask("c.weight"))
          .as("%s", axis)
          .isEqualTo(Mask.of(form, cell -> !last(axis, cell)));
    }
  }

  private static boolean last(Axis axis, long cell) {
    return switch (axis) {
      case OUTPUT -> cell / 8 == 2;
      case INPUT -> cell / 4 % 2 == 1;
      case KERNEL_ROW -> cell / 2 % 2 == 1;
      case KERNEL_COLUMN -> cell % 2 == 1;
    };
  }

  @Test
  void prunesABiasThatIsNamed() throws IOException {
    Checkpoint model = Toys.chain(2, 4);
    Pruned pruned = prune(model, Toys.magnitude(), LAYER, Map.of("l0.bias", new Amount.Count(3)));
    assertThat(values(pruned.checkpoint(), "l0.bias")).containsExactly(0, 0, 0, .5f);
  }

  @Test
  void takesScoresAtHandInsteadOfAMethod() {
    Checkpoint model = Toys.chain(2, 2);
    Pruned pruned =
        Pruner.prune(
            model,
            LAYER,
            all(model, new Amount.Count(2)),
            Map.of("l0.weight", Scores.of(4, 1, 3, 2)));
    assertThat(values(pruned.checkpoint(), "l0.weight")).containsExactly(1, 0, 3, 0);
  }

  @Test
  void refusesScoresOfTheWrongShapeOrType() {
    Checkpoint model = Toys.chain(2, 3);
    Map<String, Amount> amounts = all(model, new Amount.Count(1));
    Pattern filters = new Pattern(new Granularity.Slice(Axis.OUTPUT), new Scope.Layer());
    Scored whole =
        new Scored("whole", false, (weight, statistics) -> weight.matrix().sum().reshape(1));
    assertThatThrownBy(() -> prune(model, whole, filters, amounts))
        .hasMessage(
            "method 'whole' gave l0.weight scores of shape (1), granularity Slice[axis=OUTPUT] takes"
                + " (3, 1) or (3, 2): one score per unit, or one per cell, which are added up");
    Scored kept =
        new Scored(
            "kept",
            false,
            (weight, statistics) -> weight.matrix().abs().toType(DataType.BOOLEAN, false));
    assertThatThrownBy(() -> prune(model, kept, LAYER, amounts))
        .hasMessage("method 'kept' gave l0.weight scores of type boolean, they must be float32");
  }

  @Test
  void refusesCountsThatNoShapeAllows() {
    Checkpoint model = Toys.chain(2, 3, 2);
    assertThatThrownBy(() -> prune(model, Toys.magnitude(), LAYER, all(model, new Amount.Count(7))))
        .hasMessage(
            "a count of 7 units was asked of l0.weight, which has 6; a count of 7 units was asked of"
                + " l1.weight, which has 6");
    assertThatThrownBy(
            () -> prune(model, Toys.magnitude(), GLOBAL, all(model, new Amount.Count(13))))
        .hasMessage("a count of 13 units was asked of all weights, which have 12 together");
    Pattern rows = new Pattern(ELEMENT, new Scope.Row());
    assertThatThrownBy(
            () -> prune(model, Toys.magnitude(), rows, Map.of("l0.weight", new Amount.Count(3))))
        .hasMessage("a count of 3 units was asked of l0.weight, which has 2 in a row");
  }

  @Test
  void leavesNothingInTheEngine() throws IOException {
    Checkpoint model = Toys.chain(4, 5, 3);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDManager system = manager.getParentManager();
      manager.create(1f);
      int before = system.getManagedArrays().size();
      assertThat(before).as("arrays of all managers are counted").isPositive();
      for (Pattern pattern : List.of(GLOBAL, LAYER)) {
        Pruning pruning = new Pruning(Toys.magnitude(), pattern, all(model, new Amount.OfAll(.5)));
        Pruner.prune(model, pruning, new RecordedContext(), 4);
        Pruner.prune(model, pruning, new RecordedContext());
      }
      prune(model, new Toys.Doubling(2), LAYER, all(model, new Amount.OfAll(.5)));
      assertThat(system.getManagedArrays()).hasSize(before);
    }
  }
}
