package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Linear;
import io.secateur.prune.Pruning;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Normalise;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForesightTest {
  /** Weights of 10 × 6 and 3 × 10. */
  private static final Architecture NET =
      new Architecture(new Shape(6), List.of(new Linear("a", 10), new Linear("b", 3)));

  private static final Map<String, Long> DENSE = Map.of("a.weight", 0L, "b.weight", 0L);
  private static final Granularity ELEMENT = new Granularity.Element();

  private static Map<String, Long> after(
      Granularity granularity, Scope scope, Amount amount, Map<String, Long> before) {
    return new Foresight(new Pattern(granularity, scope), Limits.NONE, NET, before)
        .after(Map.of("a.weight", amount));
  }

  private static Map<String, Long> global(Amount amount, Map<String, Long> before) {
    Map<String, Amount> both = new LinkedHashMap<>();
    both.put("a.weight", amount);
    both.put("b.weight", amount);
    return new Foresight(new Pattern(ELEMENT, new Scope.Global()), Limits.NONE, NET, before)
        .after(both);
  }

  @Test
  void countsAllWeightsTogetherUnderGlobalScope() {
    Map<String, Long> once = global(new Amount.OfRemaining(0.33), DENSE);
    assertThat(once).isEqualTo(Map.of("a.weight, b.weight", 30L));
    assertThat(global(new Amount.OfRemaining(0.33), once))
        .isEqualTo(Map.of("a.weight, b.weight", 50L));
    assertThat(global(new Amount.OfAll(0.1), once)).isEqualTo(once);
  }

  @Test
  void countsAWeightUnderLayerScope() {
    assertThat(after(ELEMENT, new Scope.Layer(), new Amount.Count(7), DENSE))
        .isEqualTo(Map.of("a.weight", 7L, "b.weight", 0L));
  }

  @Test
  void countsEqualRowsAndTiles() {
    // 6 cells a row: rint(0.4 · 6) = 2. Tiles of 4 and 2: 2 and 1 of each.
    assertThat(after(ELEMENT, new Scope.Row(), new Amount.OfAll(0.4), DENSE).values())
        .contains(20L);
    assertThat(after(ELEMENT, new Scope.Tile(4), new Amount.OfAll(0.5), DENSE).values())
        .contains(30L);
  }

  @Test
  void countsWholeSlices() {
    Granularity rows = new Granularity.Slice(Axis.OUTPUT);
    Map<String, Long> once = after(rows, new Scope.Layer(), new Amount.OfAll(0.3), DENSE);
    assertThat(once.values()).contains(18L);
    assertThat(after(rows, new Scope.Layer(), new Amount.OfRemaining(0.5), once).values())
        .contains(18L + 24L);
  }

  @Test
  void doesNotGuessWhatDependsOnScores() {
    assertThat(after(ELEMENT, new Scope.Layer(), new Amount.Below(0.1), DENSE))
        .isEqualTo(Map.of("b.weight", 0L));
    Map<String, Long> together = global(new Amount.OfAll(0.5), DENSE);
    assertThat(after(ELEMENT, new Scope.Layer(), new Amount.Count(7), together)).isEmpty();
    Map<String, Long> slices =
        after(new Granularity.Slice(Axis.OUTPUT), new Scope.Layer(), new Amount.Count(2), DENSE);
    assertThat(after(ELEMENT, new Scope.Layer(), new Amount.Count(7), slices))
        .isEqualTo(Map.of("b.weight", 0L));
  }

  @Test
  void countsWhatLimitsLeaveOfSlices() {
    Pattern rows = new Pattern(new Granularity.Slice(Axis.OUTPUT), new Scope.Layer());
    Map<String, Amount> most = Map.of("a.weight", new Amount.OfAll(0.9));
    // 10 rows of 6 cells: 9 are asked for, 4 must stay, of which the next multiple of 3 is 6.
    Limits limits = new Limits(0.4, 3, Normalise.NONE);
    assertThat(new Foresight(rows, limits, NET, DENSE).after(most)).containsValue(24L);
  }

  private static Map<String, Long> units(
      Scope scope, Limits limits, Amount amount, Map<String, Long> before) {
    return new UnitForesight(scope, limits, NET, before)
        .after(
            List.of(
                new Pruning.Group("a.weight", 10, amount),
                new Pruning.Group("c.weight + d.weight", 5, amount)));
  }

  @Test
  void countsCoupledUnitsByGroup() {
    Scope layer = new Scope.Layer();
    Amount some = new Amount.OfRemaining(0.4);
    Map<String, Long> once = units(layer, Limits.NONE, some, DENSE);
    assertThat(once).isEqualTo(Map.of("units of a.weight", 4L, "units of c.weight + d.weight", 2L));
    assertThat(units(layer, Limits.NONE, some, once))
        .isEqualTo(Map.of("units of a.weight", 6L, "units of c.weight + d.weight", 3L));
    assertThat(units(layer, new Limits(0, 4, Normalise.NONE), some, DENSE))
        .isEqualTo(Map.of("units of a.weight", 2L, "units of c.weight + d.weight", 1L));
    assertThat(units(new Scope.Global(), Limits.NONE, some, DENSE))
        .isEqualTo(Map.of("units of a.weight, c.weight + d.weight", 6L));
  }

  @Test
  void doesNotGuessAtUnitsWhereScoresOrMasksDecide() {
    Amount some = new Amount.Count(3);
    Map<String, Long> unknown =
        Map.of("units of a.weight", -1L, "units of c.weight + d.weight", -1L);
    Scope layer = new Scope.Layer();
    assertThat(units(layer, Limits.NONE, some, Map.of())).isEqualTo(unknown);
    assertThat(units(layer, Limits.NONE, some, unknown)).isEqualTo(unknown);
    assertThat(units(layer, Limits.NONE, some, Map.of("a.weight", 7L, "b.weight", 0L)))
        .isEqualTo(unknown);
    assertThat(units(layer, Limits.NONE, new Amount.Below(.1), DENSE)).isEqualTo(unknown);
    String both = "units of a.weight, c.weight + d.weight";
    Scope global = new Scope.Global();
    assertThat(units(global, new Limits(0, 2, Normalise.NONE), some, DENSE))
        .isEqualTo(Map.of(both, -1L));
    // Of 10 and 5 units, 4 and 4 stay.
    Limits least = new Limits(4, 1, Normalise.NONE);
    assertThat(units(global, least, new Amount.Count(9), DENSE)).isEqualTo(Map.of(both, 7L));
    assertThat(units(global, least, some, DENSE)).isEqualTo(Map.of(both, 3L));
    // Single weights behind units: how many of them were gone is not known.
    Map<String, Long> once = units(new Scope.Layer(), Limits.NONE, some, DENSE);
    assertThat(after(ELEMENT, new Scope.Layer(), new Amount.OfAll(.5), once)).isEmpty();
  }
}
