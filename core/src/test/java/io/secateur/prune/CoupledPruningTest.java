package io.secateur.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Concat;
import io.secateur.model.Conv2d;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Normalise;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class CoupledPruningTest {
  private static final Architecture CHAIN =
      new Architecture(
          new Shape(1, 2, 2),
          List.of(
              new Conv2d("conv", 4, 1, 1, 0),
              new BatchNorm("bn"),
              new Relu("relu"),
              new Conv2d("next", 3, 1, 1, 0),
              new GlobalAvgPool2d("pool"),
              new Linear("fc", 2)));

  private static final Architecture TIED =
      new Architecture(
          new Shape(1, 2, 2),
          List.of(
              new Conv2d("stem", 2, 1, 1, 0),
              new Residual("add", List.of(new Conv2d("body", 2, 1, 1, 0)), List.of()),
              new GlobalAvgPool2d("pool"),
              new Linear("fc", 2)));

  /** Remembers what it was shown. */
  private record Magnitude(List<String> shown) implements ScoringMethod {
    @Override
    public String name() {
      return "magnitude";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      shown.add(
          weight.name()
              + " "
              + weight.matrix().getShape()
              + " "
              + weight.companions().keySet().stream().sorted().toList());
      return weight.matrix().abs();
    }
  }

  private record WithInputs() implements ScoringMethod {
    @Override
    public String name() {
      return "with-inputs";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(Statistic.Inputs.SQUARED_NORM);
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs();
    }
  }

  private record WithGradients(List<String> shapes) implements ScoringMethod {
    @Override
    public String name() {
      return "with-gradients";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(Statistic.Gradients.SUM);
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      NDArray total = statistics.total(Statistic.Gradients.SUM);
      shapes.add(total.getShape() + " of " + weight.matrix().getShape());
      return total.mul(weight.matrix()).abs();
    }
  }

  /** 1, 2, 3, … in every parameter. */
  private static Checkpoint counting(Architecture architecture) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    architecture
        .parameters()
        .forEach(
            spec -> {
              float[] values = new float[(int) spec.shape().size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = i + 1;
              }
              parameters.put(spec.name(), Tensor.of(spec.shape(), values));
            });
    return new Checkpoint(architecture, parameters);
  }

  private static Pruning pruning(
      Architecture architecture, ScoringMethod method, Scope scope, Amount amount) {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    architecture.prunable().forEach(spec -> amounts.put(spec.name(), amount));
    return new Pruning(method, new Pattern(new Granularity.OutputUnits(), scope), amounts);
  }

  private static String kept(Checkpoint model, String name) {
    Mask mask = model.mask(name);
    StringBuilder bits = new StringBuilder();
    for (long cell = 0; cell < mask.form().size(); cell++) {
      bits.append(mask.keeps(cell) ? '1' : '0');
    }
    return bits.toString();
  }

  @Test
  void masksAllThatAUnitOwns() throws IOException {
    Checkpoint dense = counting(CHAIN);
    Pruning half =
        pruning(CHAIN, new Magnitude(new ArrayList<>()), new Scope.Layer(), new Amount.OfAll(0.5));

    Pruned pruned = Pruner.prune(dense, half, new RecordedContext());

    Checkpoint model = pruned.checkpoint();
    assertThat(kept(model, "conv.weight")).isEqualTo("0011");
    assertThat(kept(model, "conv.bias")).isEqualTo("0011");
    assertThat(kept(model, "bn.weight")).isEqualTo("0011");
    assertThat(kept(model, "bn.bias")).isEqualTo("0011");
    assertThat(model.parameter("bn.bias").toFloats()).containsExactly(0, 0, 3, 4);
    assertThat(model.masks()).doesNotContainKeys("bn.running_mean", "bn.running_var", "fc.bias");
    // Two of three units go by rint(1.5); the inputs lose what conv lost.
    assertThat(kept(model, "next.weight")).isEqualTo("000000000011");
    assertThat(kept(model, "fc.weight")).isEqualTo("001001");
    assertThat(pruned.units())
        .extracting(Pruned.Count::name, Pruned.Count::pruned, Pruned.Count::weights)
        .containsExactly(tuple("conv.weight", 2L, 4L), tuple("next.weight", 2L, 3L));
    assertThat(half.spared(CHAIN)).containsExactly("fc.weight (the network's output)");
  }

  @Test
  void pruningAgainCountsWhatIsGone() throws IOException {
    Magnitude method = new Magnitude(new ArrayList<>());
    Amount quarter = new Amount.Count(1);
    Pruning one = pruning(CHAIN, method, new Scope.Layer(), quarter);
    Checkpoint once = Pruner.prune(counting(CHAIN), one, new RecordedContext()).checkpoint();

    Checkpoint twice = Pruner.prune(once, one, new RecordedContext()).checkpoint();

    assertThat(kept(once, "conv.weight")).isEqualTo("0111");
    assertThat(kept(twice, "conv.weight")).isEqualTo("0011");
  }

  @Test
  void tiedWeightsStandSideBySide() throws IOException {
    Magnitude method = new Magnitude(new ArrayList<>());

    Pruned pruned =
        Pruner.prune(
            counting(TIED),
            pruning(TIED, method, new Scope.Global(), new Amount.OfAll(0.5)),
            new RecordedContext());

    assertThat(method.shown()).containsExactly("stem.weight + body.weight (2, 3) [bias]");
    Checkpoint model = pruned.checkpoint();
    assertThat(kept(model, "stem.weight")).isEqualTo("01");
    assertThat(kept(model, "body.weight")).isEqualTo("0001");
    assertThat(kept(model, "body.bias")).isEqualTo("01");
    assertThat(kept(model, "fc.weight")).isEqualTo("0101");
  }

  @Test
  void aSingleWeightIsShownWithItsVectors() throws IOException {
    Magnitude method = new Magnitude(new ArrayList<>());

    Pruner.prune(
        counting(CHAIN),
        pruning(CHAIN, method, new Scope.Global(), new Amount.OfAll(0.3)),
        new RecordedContext());

    assertThat(method.shown())
        .containsExactly("conv.weight (4, 1) [beta, bias, gamma]", "next.weight (3, 4) [bias]");
  }

  @Test
  void totalsInTheShapeOfWeightsAreLaidOutAsTheMatrix() throws IOException {
    Task task = new Task.Classification(new Shape(1, 2, 2), 2);
    float[][] inputs = {{1, 2, 3, 4}, {4, 3, -2, 1}};
    RecordedContext context = new RecordedContext(task, inputs, new float[][] {{0}, {1}});
    List<String> shapes = new ArrayList<>();

    Pruner.prune(
        counting(TIED),
        pruning(TIED, new WithGradients(shapes), new Scope.Layer(), new Amount.OfAll(0.5)),
        context);

    assertThat(shapes).containsExactly("(2, 3) of (2, 3)");
  }

  @Test
  void sparesUnitsThatNoMethodCouldCompare() {
    Architecture uneven =
        new Architecture(
            new Shape(1, 2, 2),
            List.of(
                new Residual(
                    "add",
                    List.of(new Conv2d("body", 4, 1, 1, 0)),
                    List.of(
                        new Concat(
                            "cat",
                            List.of(
                                List.of(new Conv2d("left", 2, 1, 1, 0)),
                                List.of(new Conv2d("right", 2, 1, 1, 0)))))),
                new Conv2d("next", 2, 1, 1, 0),
                new GlobalAvgPool2d("pool"),
                new Linear("fc", 2)));

    assertThat(
            pruning(
                    uneven,
                    new Magnitude(new ArrayList<>()),
                    new Scope.Layer(),
                    new Amount.OfAll(0.5))
                .spared(uneven))
        .containsExactly(
            "body.weight + left.weight + right.weight (its units own different numbers of rows,"
                + " which no method could compare)",
            "fc.weight (the network's output)");
  }

  @Test
  void warnsOfALayerThatLosesAll() throws IOException {
    Pruning all =
        pruning(CHAIN, new Magnitude(new ArrayList<>()), new Scope.Layer(), new Amount.OfAll(1));

    assertThat(Pruner.prune(counting(CHAIN), all, new RecordedContext()).warnings())
        .contains("conv.weight: all its units are pruned, and what follows sees nothing of them");
  }

  @Test
  void saysWhatIsImpossible() {
    ScoringMethod magnitude = new Magnitude(new ArrayList<>());
    Amount many = new Amount.Count(4);
    assertThat(pruning(CHAIN, magnitude, new Scope.Layer(), many).faults(CHAIN))
        .containsExactly("a count of 4 units was asked of next.weight, which has 3");
    assertThat(pruning(CHAIN, magnitude, new Scope.Global(), new Amount.Count(8)).faults(CHAIN))
        .containsExactly("a count of 8 units was asked of all spaces, which have 7 together");
    assertThat(
            pruning(TIED, new WithInputs(), new Scope.Layer(), new Amount.OfAll(.5)).faults(TIED))
        .containsExactly(
            "with-inputs needs SQUARED_NORM of a single weight, but a unit owns rows of several in"
                + " stem.weight + body.weight; exclude them, or write output-units: {coupled:"
                + " false}");
    Map<String, Amount> uneven =
        Map.of("stem.weight", new Amount.OfAll(.5), "body.weight", new Amount.OfAll(.2));
    Pattern units = new Pattern(new Granularity.OutputUnits(), new Scope.Layer());
    assertThat(new Pruning(magnitude, units, uneven).faults(TIED))
        .containsExactly(
            "stem.weight + body.weight lose the same units, but different amounts are asked of"
                + " them; ask for one");
    assertThat(
            new Pruning(magnitude, units, Map.of("stem.weight", new Amount.OfAll(.5))).faults(TIED))
        .containsExactly(
            "no units can be pruned: stem.weight (tied to body.weight, which stays as it is)");
    assertThatThrownBy(() -> new Pattern(new Granularity.OutputUnits(), new Scope.Row()))
        .hasMessageContaining("not whole slices");
  }

  @Test
  void uncoupledIsASliceOfOneWeight() throws IOException {
    Map<String, Amount> amounts = Map.of("conv.weight", new Amount.OfAll(0.5));
    ScoringMethod magnitude = new Magnitude(new ArrayList<>());
    Pattern alone = new Pattern(new Granularity.OutputUnits(false), new Scope.Layer());
    Pattern slice = new Pattern(new Granularity.Slice(Granularity.Axis.OUTPUT), new Scope.Layer());
    Checkpoint dense = counting(CHAIN);

    Pruned units =
        Pruner.prune(dense, new Pruning(magnitude, alone, amounts), new RecordedContext());

    assertThat(units)
        .isEqualTo(
            Pruner.prune(dense, new Pruning(magnitude, slice, amounts), new RecordedContext()));
    assertThat(units.checkpoint().masks()).containsOnlyKeys("conv.weight");
  }

  private static Pruning byInputs(ScoringMethod method, Scope scope, Amount amount) {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    CHAIN.prunable().forEach(spec -> amounts.put(spec.name(), amount));
    return new Pruning(method, new Pattern(new Granularity.InputUnits(), scope), amounts);
  }

  @Test
  void inputUnitsAreJudgedByTheColumnsThatTakeThem() throws IOException {
    Magnitude method = new Magnitude(new ArrayList<>());
    Pruning one = byInputs(method, new Scope.Layer(), new Amount.Count(1));
    Checkpoint dense = counting(CHAIN);
    Map<String, Tensor> parameters = new LinkedHashMap<>(dense.parameters());
    // The columns of next add up to 15, 9, 18, 24; the rows of conv are 1, 2, 3, 4.
    parameters.put(
        "next.weight", Tensor.of(new Shape(3, 4, 1, 1), 1, 2, 3, 4, 5, 3, 7, 8, 9, 4, 8, 12));

    Pruned pruned = Pruner.prune(dense.withParameters(parameters), one, new RecordedContext());

    assertThat(method.shown())
        .containsExactly("next.weight (4, 3) [beta, bias, gamma]", "fc.weight (3, 2) [bias]");
    assertThat(kept(pruned.checkpoint(), "conv.weight")).isEqualTo("1011");
    assertThat(kept(pruned.checkpoint(), "bn.weight")).isEqualTo("1011");
    // Column 1 of next, and its first row, whose column of fc is the lowest.
    assertThat(kept(pruned.checkpoint(), "next.weight")).isEqualTo("000010111011");
    assertThat(kept(pruned.checkpoint(), "fc.weight")).isEqualTo("011011");
    assertThat(pruned.units())
        .extracting(Pruned.Count::name, Pruned.Count::pruned)
        .containsExactly(tuple("conv.weight", 1L), tuple("next.weight", 1L));
    assertThat(one.spared(CHAIN)).containsExactly("conv.weight (the network's input)");
  }

  @Test
  void inputUnitsAreReachedThroughTheWeightsThatTakeThem() {
    Map<String, Amount> amounts = Map.of("fc.weight", new Amount.OfAll(.5));
    Pattern inputs = new Pattern(new Granularity.InputUnits(), new Scope.Layer());

    assertThat(new Pruning(new WithInputs(), inputs, amounts).faults(CHAIN))
        .containsExactly(
            "with-inputs needs SQUARED_NORM of a single weight, but a unit owns columns in"
                + " fc.weight; exclude them, or write input-units: {coupled: false}");
    assertThat(new Pruning(new Magnitude(List.of()), inputs, amounts).groups(CHAIN))
        .extracting(Pruning.Group::name)
        .containsExactly("next.weight");
  }

  @Test
  void uncoupledInputsAreASliceOfOneWeight() throws IOException {
    Map<String, Amount> amounts = Map.of("next.weight", new Amount.OfAll(0.5));
    ScoringMethod magnitude = new Magnitude(new ArrayList<>());
    Pattern alone = new Pattern(new Granularity.InputUnits(false), new Scope.Layer());
    Pattern slice = new Pattern(new Granularity.Slice(Granularity.Axis.INPUT), new Scope.Layer());

    assertThat(
            Pruner.prune(
                counting(CHAIN), new Pruning(magnitude, alone, amounts), new RecordedContext()))
        .isEqualTo(
            Pruner.prune(
                counting(CHAIN), new Pruning(magnitude, slice, amounts), new RecordedContext()));
  }

  @Test
  void keepsAndRoundsTheUnitsOfEverySpace() throws IOException {
    Magnitude method = new Magnitude(new ArrayList<>());
    Map<String, Amount> amounts = new LinkedHashMap<>();
    CHAIN.prunable().forEach(spec -> amounts.put(spec.name(), new Amount.Count(5)));
    Pattern units = new Pattern(new Granularity.OutputUnits(), new Scope.Global());
    Pruning keeping = new Pruning(method, units, amounts, new Calibration(), limits(.5, 1));
    Pruning rounding = new Pruning(method, units, amounts, new Calibration(), limits(0, 2));

    Pruned kept = Pruner.prune(counting(CHAIN), keeping, new RecordedContext());
    Pruned rounded = Pruner.prune(counting(CHAIN), rounding, new RecordedContext());

    // Half of 4, and of 3 two, stay.
    assertThat(kept.units()).extracting(Pruned.Count::pruned).containsExactly(2L, 1L);
    assertThat(kept.warnings())
        .containsExactly(
            "all weights together: 5 units asked for, 3 can go, for keep-at-least keeps the"
                + " others");
    // All four of conv and one of next go as asked, which leaves 0 and 2.
    assertThat(rounded.units()).extracting(Pruned.Count::pruned).containsExactly(4L, 1L);
    assertThat(rounded.notes()).isEmpty();
    assertThat(new Pruning(method, units, amounts, new Calibration(), limits(4, 1)).faults(CHAIN))
        .containsExactly(
            "keep-at-least 4 leaves nothing to prune, for no weight has more than 4 units; ask for"
                + " less");
  }

  private static Limits limits(double keepAtLeast, int roundTo) {
    return new Limits(keepAtLeast, roundTo, Normalise.NONE);
  }

  /** Scores units by the bias of each, and remembers it. */
  private record ByBias(List<String> seen) implements ScoringMethod {
    @Override
    public String name() {
      return "by-bias";
    }

    @Override
    public boolean unitwise() {
      return true;
    }

    @Override
    public Set<String> companions() {
      return Set.of("bias");
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      NDArray bias = Objects.requireNonNull(weight.companions().get("bias"));
      seen.add(bias.getShape() + " " + Arrays.toString(bias.toFloatArray()));
      return weight.matrix().sum(new int[] {1}, true);
    }
  }

  @Test
  void companionsOfWhichAUnitHasSeveralAreAMatrix() throws IOException {
    ByBias method = new ByBias(new ArrayList<>());
    Pruner.prune(
        counting(TIED),
        pruning(TIED, method, new Scope.Layer(), new Amount.Count(1)),
        new RecordedContext());
    assertThat(method.seen()).containsExactly("(2, 2) [1.0, 1.0, 2.0, 2.0]");
  }

  @Test
  void methodsOfUnitsAreRefusedWhereTheyLackSomething() {
    Architecture bare =
        new Architecture(
            new Shape(1, 2, 2),
            List.of(
                new Conv2d("conv", 4, 1, 1, 0, 1, false),
                new GlobalAvgPool2d("pool"),
                new Linear("fc", 2)));
    ByBias method = new ByBias(new ArrayList<>());
    Amount half = new Amount.OfAll(.5);
    assertThat(pruning(bare, method, new Scope.Layer(), half).faults(bare))
        .containsExactly(
            "by-bias needs a bias of every unit, and those of conv.weight have none; exclude them,"
                + " or use another method");
    Map<String, Amount> alone = Map.of("conv.weight", half);
    Pattern rows = new Pattern(new Granularity.OutputUnits(false), new Scope.Layer());
    assertThat(new Pruning(method, rows, alone).faults(bare))
        .containsExactly(
            "by-bias needs a bias of every unit, and conv.weight has none in its own layer; write"
                + " granularity: output-units, under which that of a batch norm behind it counts");
    assertThat(new Pruning(method, rows, alone).faults(CHAIN)).isEmpty();
    Pattern cells = new Pattern(new Granularity.Element(), new Scope.Layer());
    assertThat(new Pruning(method, cells, alone).faults(CHAIN))
        .containsExactly(
            "by-bias scores whole units, and granularity Element[] has none; write granularity:"
                + " output-units");
    Pattern columns = new Pattern(new Granularity.Slice(Axis.INPUT), new Scope.Layer());
    assertThat(new Pruning(new ByOutputs(), columns, alone).faults(CHAIN))
        .containsExactly(
            "by-outputs needs Positions[], which has a number for each output, and granularity"
                + " Slice[axis=INPUT] prunes others; write granularity: output-units");
  }

  /** How often a unit was seen, times its number from 1 on, by each of the weights that make it. */
  private record Positions() implements Statistic.OfOutputGradients {
    @Override
    public NDArray of(NDArray outputs, NDArray gradients) {
      throw new AssertionError("the one with the number of examples is called");
    }

    @Override
    public NDArray of(NDArray outputs, NDArray gradients, long examples) {
      long each = outputs.getShape().get(0) / examples;
      return outputs.getManager().create(new float[] {each * examples, 2f * each * examples});
    }
  }

  private record ByOutputs() implements ScoringMethod {
    @Override
    public String name() {
      return "by-outputs";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(new Positions());
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      NDArray mean = statistics.total(new Positions()).div(statistics.count(new Positions()));
      assertThat(mean.toFloatArray()).containsExactly(2, 4);
      return mean;
    }
  }

  @Test
  void averagesOfAllWeightsThatMakeAUnitAddUp() throws IOException {
    // The second weight sees a quarter of the positions: its filters are those of the channels.
    Architecture striding =
        new Architecture(
            new Shape(1, 4, 4),
            List.of(
                new Conv2d("conv", 2, 1, 1, 0),
                new Conv2d("own", 2, 1, 2, 0, 2, true),
                new GlobalAvgPool2d("pool"),
                new Linear("fc", 2)));
    Task task = new Task.Classification(new Shape(1, 4, 4), 2);
    float[][] inputs = new float[3][16];
    RecordedContext context = new RecordedContext(task, inputs, new float[][] {{0}, {1}, {1}});

    Pruned pruned =
        Pruner.prune(
            counting(striding),
            pruning(striding, new ByOutputs(), new Scope.Layer(), new Amount.Count(1)),
            context);

    assertThat(kept(pruned.checkpoint(), "own.weight")).isEqualTo("01");
  }
}
