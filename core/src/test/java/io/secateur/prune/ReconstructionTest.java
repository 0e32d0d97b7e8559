package io.secateur.prune;

import static io.secateur.prune.Toys.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class ReconstructionTest {
  private static final Granularity ELEMENT = new Granularity.Element();
  private static final String W = "l0.weight";

  private static Pruned prune(
      Checkpoint model, ReconstructingMethod method, Scope scope, Amount amount)
      throws IOException {
    Pruning pruning = new Pruning(method, new Pattern(ELEMENT, scope), Map.of(W, amount));
    return Pruner.prune(model, pruning, new RecordedContext());
  }

  @Test
  void keepsTheMethodsWeightsWhereItsSelectorKept() throws IOException {
    Pruned pruned =
        prune(Toys.chain(4, 2), new Toys.Doubling(2), new Scope.Layer(), new Amount.OfAll(.5));
    // 1 2 | 3 4 and 5 6 | 7 8: two of each block of four go.
    assertThat(values(pruned.checkpoint(), W)).containsExactly(0, 0, 0, 0, 10, 12, 14, 16);
    assertThat(pruned.pruned()).isEqualTo(4);
  }

  @Test
  void decidesRowsEachForItself() throws IOException {
    Pruned pruned =
        prune(Toys.chain(4, 2), new Toys.Doubling(2), new Scope.Row(), new Amount.OfAll(.5));
    assertThat(values(pruned.checkpoint(), W)).containsExactly(0, 4, 0, 8, 0, 12, 0, 16);
  }

  @Test
  void decidesTilesTogether() throws IOException {
    Pruned pruned =
        prune(Toys.chain(6, 2), new Toys.Doubling(128), new Scope.Tile(2), new Amount.OfAll(.5));
    assertThat(values(pruned.checkpoint(), W))
        .containsExactly(0, 4, 0, 8, 0, 12, 0, 16, 0, 20, 0, 24);
  }

  @Test
  void aTileAsWideAsARowMayBeDecidedInBlocks() throws IOException {
    for (int width : new int[] {4, 9}) {
      Pruned pruned =
          prune(
              Toys.chain(4, 2), new Toys.Doubling(2), new Scope.Tile(width), new Amount.OfAll(.5));
      assertThat(values(pruned.checkpoint(), W)).containsExactly(0, 4, 0, 8, 0, 12, 0, 16);
    }
  }

  @Test
  void prunesAllBelowAScoreInEveryBlock() throws IOException {
    Pruned pruned =
        prune(Toys.chain(4, 2), new Toys.Doubling(3), new Scope.Layer(), new Amount.Below(5));
    assertThat(values(pruned.checkpoint(), W)).containsExactly(0, 0, 0, 0, 0, 12, 14, 16);
    assertThat(pruned.requested()).isEmpty();
  }

  @Test
  void countsAreExactOverBlocksAndRoundsAndMasksNested() throws IOException {
    long seed = 99;
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 40; trial++) {
      int columns = 1 + random.nextInt(12);
      int rows = 1 + random.nextInt(6);
      Checkpoint model = Toys.chain(columns, rows);
      Scope scope = random.nextBoolean() ? new Scope.Layer() : new Scope.Row();
      for (int round = 0; round < 3; round++) {
        double fraction = random.nextDouble();
        Mask before = model.mask(W);
        Amount amount =
            random.nextBoolean() ? new Amount.OfAll(fraction) : new Amount.OfRemaining(fraction);
        Toys.Doubling method = new Toys.Doubling(1 + random.nextInt(columns));
        model = prune(model, method, scope, amount).checkpoint();
        Mask after = model.mask(W);
        String trace = "seed " + seed + ", trial " + trial + ", round " + round + ", " + amount;
        assertThat(before.and(after)).as(trace).isEqualTo(after);
        int budgets = scope instanceof Scope.Row ? rows : 1;
        long cells = (long) rows * columns / budgets;
        for (int budget = 0; budget < budgets; budget++) {
          long was = pruned(before, budget * cells, cells);
          long wanted =
              amount instanceof Amount.OfAll
                  ? Math.max(was, (long) Math.rint(fraction * cells))
                  : was + (long) Math.rint(fraction * (cells - was));
          assertThat(pruned(after, budget * cells, cells)).as(trace).isEqualTo(wanted);
        }
      }
    }
  }

  private static long pruned(Mask mask, long first, long cells) {
    long pruned = 0;
    for (long cell = first; cell < first + cells; cell++) {
      pruned += mask.keeps(cell) ? 0 : 1;
    }
    return pruned;
  }

  @Test
  void warnsWhereMoreIsLostThanAsked() throws IOException {
    Checkpoint half =
        prune(Toys.chain(4, 2), new Toys.Doubling(2), new Scope.Layer(), new Amount.OfAll(.5))
            .checkpoint();
    Pruned again = prune(half, new Toys.Doubling(2), new Scope.Layer(), new Amount.OfAll(.25));
    assertThat(again.pruned()).isEqualTo(4);
    assertThat(again.warnings())
        .containsExactly(
            "l0.weight has already lost more than the OfAll[fraction=0.25] asked for; what is left"
                + " stays");
  }

  /** Asks its selector for given columns. */
  private record Asking(List<Integer> firsts, int width) implements ReconstructingMethod {
    @Override
    public String name() {
      return "asking";
    }

    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      for (int first : firsts) {
        selector.keep(weight.matrix().get(":, 0:" + width), first);
      }
      return weight.matrix().duplicate();
    }
  }

  @Test
  void refusesColumnsOutOfOrderOrLeftOver() {
    Amount half = new Amount.OfAll(.5);
    assertThatThrownBy(
            () -> prune(Toys.chain(4, 2), new Asking(List.of(0, 0), 2), new Scope.Layer(), half))
        .hasMessage(
            "columns 0 to 1 of l0.weight were to be decided where columns from 2 up to 3 are left;"
                + " each is decided once, in order");
    assertThatThrownBy(
            () -> prune(Toys.chain(4, 2), new Asking(List.of(0), 3), new Scope.Layer(), half))
        .hasMessage("l0.weight has 4 columns, its method decided 3 of them");
    assertThatThrownBy(
            () -> prune(Toys.chain(4, 2), new Asking(List.of(0), 3), new Scope.Tile(2), half))
        .hasMessage(
            "3 columns of l0.weight were to be decided together, a multiple of 2 is wanted");
  }

  @Test
  void refusesWeightsThatAreNotFinite() {
    ReconstructingMethod broken =
        new ReconstructingMethod() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
            selector.keep(weight.matrix(), 0);
            return weight.matrix().div(0);
          }
        };
    assertThatThrownBy(
            () -> prune(Toys.chain(2, 1), broken, new Scope.Layer(), new Amount.Count(1)))
        .hasMessage(
            "method 'broken' gave l0.weight the weight Infinity at cell 1; a repaired weight must be"
                + " finite");
  }

  @Test
  void isImpossibleUnderGlobalScopeForSlicesAndForTilesOnKernels() {
    Checkpoint convolution =
        Toys.counting(new Architecture(new Shape(4, 4, 4), List.of(new Conv2d("l0", 3, 2, 1, 0))));
    ReconstructingMethod method = new Toys.Doubling(2);
    Map<String, Amount> amounts = Map.of(W, new Amount.OfAll(.5));
    assertThat(
            new Pruning(method, new Pattern(ELEMENT, new Scope.Global()), amounts)
                .faults(convolution.architecture()))
        .containsExactly(
            "doubling repairs weight by weight and cannot rank all of them first; use scope layer,"
                + " row or tile, not global");
    assertThat(
            new Pruning(
                    method,
                    new Pattern(new Granularity.Slice(Granularity.Axis.OUTPUT), new Scope.Layer()),
                    amounts)
                .faults(convolution.architecture()))
        .containsExactly(
            "doubling repairs a weight for single cells pruned; use granularity element, not"
                + " Slice[axis=OUTPUT]");
    assertThat(
            new Pruning(method, new Pattern(ELEMENT, new Scope.Tile(2)), amounts)
                .faults(convolution.architecture()))
        .containsExactly(
            "doubling decides neighbouring columns together, but the tiles of l0.weight (kernel 2 x"
                + " 2) lie across kernel cells; exclude it, or use scope layer or row");
    assertThat(new Form(3, 4, 2, 2)).isEqualTo(convolution.mask(W).form());
  }
}
