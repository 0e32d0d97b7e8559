package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.ExponentialSchedule;
import io.secateur.builtin.LinearSchedule;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Normalise;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PruneTest {
  private static final Task TASK = new Task.Classification(new Shape(4), 2);
  private static final Architecture NET =
      new Architecture(
          new Shape(4), List.of(new Linear("fc1", 5), new Relu("r"), new Linear("fc2", 2)));

  private record Magnitude() implements ScoringMethod {
    @Override
    public String name() {
      return "magnitude";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
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
      return weight.matrix().abs().mul(statistics.total(Statistic.Inputs.SQUARED_NORM));
    }
  }

  /** A stage whose settings are changed one by one. */
  private record With(
      PruningMethod method,
      Scope scope,
      Optional<Amount> amount,
      Map<String, Amount> amounts,
      List<String> exclude,
      List<String> include,
      Optional<Schedule> schedule) {
    With(Scope scope) {
      this(
          new Magnitude(),
          scope,
          Optional.empty(),
          Map.of(),
          List.of(),
          List.of(),
          Optional.empty());
    }

    With amount(Amount value) {
      return new With(method, scope, Optional.of(value), amounts, exclude, include, schedule);
    }

    With amounts(Map<String, Amount> value) {
      return new With(method, scope, amount, value, exclude, include, schedule);
    }

    With exclude(String... value) {
      return new With(method, scope, amount, amounts, List.of(value), include, schedule);
    }

    With include(String... value) {
      return new With(method, scope, amount, amounts, exclude, List.of(value), schedule);
    }

    With schedule(Schedule value) {
      return new With(method, scope, amount, amounts, exclude, include, Optional.of(value));
    }

    With method(PruningMethod value) {
      return new With(value, scope, amount, amounts, exclude, include, schedule);
    }

    Prune stage() {
      return new Prune(
          Optional.of(method),
          new Granularity.Element(),
          scope,
          amount,
          amounts,
          exclude,
          include,
          schedule,
          new Calibration());
    }

    List<String> faults() {
      return stage().faults(NET, TASK);
    }
  }

  private static With layer() {
    return new With(new Scope.Layer());
  }

  private static With global() {
    return new With(new Scope.Global());
  }

  @Test
  @Tag("engine")
  void recordsAndSaysWhatWasAskedAndWhatWent() throws IOException {
    Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 1));
    RecordedContext context = new RecordedContext();

    Checkpoint pruned =
        layer()
            .amount(new Amount.OfAll(.5))
            .amounts(Map.of("fc2.*", new Amount.OfRemaining(.2)))
            .stage()
            .run(model, context);

    assertThat(context.said())
        .containsExactly(
            "fc1.weight  10 / 20 (50.00 %)",
            "fc2.weight  2 / 10 (20.00 %)", "global  12 / 30 (40.00 %)");
    assertThat(context.rows())
        .containsExactly(
            "requested fc1.weight 50.0%",
            "pruned fc1.weight 10.0",
            "weights fc1.weight 20.0",
            "requested fc2.weight 20.0%",
            "pruned fc2.weight 2.0",
            "weights fc2.weight 10.0",
            "requested 40.0%",
            "pruned 12.0",
            "weights 30.0");
    assertThat(pruned.mask("fc1.weight").pruned()).isEqualTo(10);
    assertThat(pruned.masks()).containsOnlyKeys("fc1.weight", "fc2.weight");
  }

  @Test
  @Tag("engine")
  void saysWhatIsKeptOutAndWhereNothingMoreGoes() throws IOException {
    Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 1));
    Checkpoint half =
        global().amount(new Amount.OfAll(.5)).stage().run(model, new RecordedContext());
    RecordedContext context = new RecordedContext();

    layer().amount(new Amount.OfAll(.1)).exclude("fc2*").stage().run(half, context);

    assertThat(context.said())
        .hasSize(4)
        .anyMatch(line -> line.startsWith("warning: fc1.weight"))
        .endsWith("kept out: fc2.weight");
  }

  @Test
  @Tag("engine")
  void includesABiasThatIsNamed() throws IOException {
    Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 1));
    RecordedContext context = new RecordedContext();
    layer().amount(new Amount.OfAll(.6)).include("fc1.bias").stage().run(model, context);
    assertThat(context.said()).contains("fc1.bias  3 / 5 (60.00 %)");
  }

  @Test
  void includeIsRefusedWhereItAddsNothing() {
    assertThat(layer().amount(new Amount.OfAll(.6)).include("fc1.weight").faults())
        .containsExactly(
            "include: fc1.weight is pruned anyway; include adds biases, scales and shifts. To prune"
                + " it alone, exclude the others");
    assertThat(layer().amount(new Amount.OfAll(.6)).include("fc1*").faults()).isEmpty();
  }

  @Test
  void takesTheAmountOfTheMostExactPattern() {
    Prune stage =
        layer()
            .amounts(
                Map.of(
                    "*", new Amount.OfAll(.1),
                    "fc1*", new Amount.OfAll(.2),
                    "fc1.w*", new Amount.OfAll(.3)))
            .stage();
    assertThat(Targets.of(stage, NET).amounts())
        .containsExactly(
            Map.entry("fc1.weight", new Amount.OfAll(.3)),
            Map.entry("fc2.weight", new Amount.OfAll(.1)));
  }

  @Test
  void equallyExactPatternsMustAgree() {
    assertThat(
            layer()
                .amounts(Map.of("fc1*", new Amount.OfAll(.2), "*ght", new Amount.OfAll(.3)))
                .faults())
        .singleElement()
        .asString()
        .contains("both match fc1.weight and ask for different amounts; name it more exactly");
  }

  @Test
  void schedulesBecomeNumbersRoundByRound() {
    Prune stage =
        layer()
            .amount(new Amount.OfAll(.8))
            .amounts(Map.of("fc2*", new Amount.OfAll(.4)))
            .schedule(new LinearSchedule())
            .stage();
    Prune second = stage.at(2, 4);
    assertThat(second.amount()).contains(new Amount.OfAll(.4));
    assertThat(second.amounts()).containsEntry("fc2*", new Amount.OfAll(.2));
    assertThat(second.schedule()).isEmpty();
    assertThat(stage.at(4, 4).amount()).contains(new Amount.OfAll(.8));
    assertThat(stage.at(0, 0).amount()).contains(new Amount.OfAll(.8));
    assertThat(second.at(3, 4)).isEqualTo(second);
  }

  @Test
  void schedulesGoWithAmountsOfAllThatTheyReach() {
    assertThatThrownBy(
            () -> layer().amount(new Amount.Count(5)).schedule(new LinearSchedule()).stage())
        .hasMessage("a schedule goes with an amount of all, such as 0.8, not with Count[units=5]");
    assertThatThrownBy(
            () -> layer().amount(new Amount.OfAll(1)).schedule(new ExponentialSchedule()).stage())
        .hasMessageStartingWith("an exponential schedule never reaches a target of 1");
    assertThatThrownBy(
            () -> layer().amount(new Amount.OfAll(.2)).schedule(new LinearSchedule(.5)).stage())
        .hasMessageStartingWith("schedule linear cannot step down");
  }

  @Test
  void amountsByNameDoNotGoWithGlobalScope() {
    assertThatThrownBy(() -> global().amounts(Map.of("*", new Amount.OfAll(.5))).stage())
        .hasMessage(
            "amounts by name do not go with scope global, under which all weights share one budget;"
                + " use amount alone, or scope layer");
  }

  @Test
  void isFineWithAMethodAndAnAmount() {
    assertThat(global().amount(new Amount.OfAll(.5)).faults()).isEmpty();
  }

  @Test
  void needsAMethodAndAnAmount() {
    assertThat(new Prune().faults(NET, TASK))
        .containsExactly(
            "prune needs a method, as in prune: {method: l1, amount: 0.5}",
            "prune needs an amount, as in prune: {method: l1, amount: 0.5}");
    assertThat(layer().amounts(Map.of("fc1*", new Amount.OfAll(.5))).faults())
        .containsExactly(
            "no amount is given for fc2.weight; write amount, a pattern of amounts that matches it,"
                + " or exclude it");
  }

  @Test
  void patternsMustMatchSomething() {
    With stage = layer().amount(new Amount.OfAll(.5));
    assertThat(stage.exclude("fc3.weight").faults())
        .containsExactly(
            "exclude: fc3.weight matches no parameter; did you mean fc1.weight? (there are"
                + " fc1.weight, fc2.weight)");
    assertThat(stage.include("norm*").faults())
        .singleElement()
        .asString()
        .startsWith("include: norm* matches no parameter")
        .endsWith("(there are fc1.weight, fc1.bias, fc2.weight, fc2.bias)");
    assertThat(stage.amounts(Map.of("fc9*", new Amount.OfAll(.5))).faults())
        .singleElement()
        .asString()
        .startsWith("amounts: fc9* matches no parameter");
  }

  @Test
  void somethingMustBeLeftToPrune() {
    assertThat(layer().amount(new Amount.OfAll(.5)).exclude("*").faults())
        .containsExactly("nothing is left to prune: exclude takes all of fc1.weight, fc2.weight");
  }

  @Test
  void countsMustNotExceedTheUnits() {
    assertThat(layer().amount(new Amount.Count(15)).faults())
        .containsExactly("a count of 15 units was asked of fc2.weight, which has 10");
    assertThat(global().amount(new Amount.Count(31)).faults())
        .containsExactly("a count of 31 units was asked of all weights, which have 30 together");
    assertThat(global().amount(new Amount.Count(30)).faults()).isEmpty();
  }

  @Test
  void biasesHaveNoInputsToCalibrateOn() {
    assertThat(
            layer()
                .amount(new Amount.OfAll(.5))
                .include("*.bias")
                .exclude("fc2*")
                .method(new WithInputs())
                .faults())
        .containsExactly(
            "with-inputs needs SQUARED_NORM, which only weights of linear layers and"
                + " convolutions have; do not include fc1.bias");
  }

  @Test
  void isFoundByName() {
    assertThat(ServiceLoader.load(Stage.class)).extracting(Stage::name).contains("prune");
  }

  private static Prune limited(
      Granularity granularity, Scope scope, double keepAtLeast, int roundTo, Normalise normalise) {
    return new Prune(
        Optional.of(new Magnitude()),
        granularity,
        scope,
        Optional.of(new Amount.OfAll(.6)),
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        new Calibration(),
        keepAtLeast,
        roundTo,
        normalise);
  }

  @Test
  @Tag("engine")
  void limitsHoldInARunAndAreReported() throws IOException {
    Granularity rows = new Granularity.Slice(Axis.OUTPUT);
    Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 1));
    RecordedContext context = new RecordedContext();

    Prune rounded = limited(rows, new Scope.Layer(), .5, 2, Normalise.NONE);
    Checkpoint pruned = rounded.run(model, context);

    // rint(3) of 5 rows are asked for, of which 3 stay by keep-at-least, and 4 by round-to.
    assertThat(pruned.mask("fc1.weight").pruned()).isEqualTo(4);
    assertThat(context.said())
        .contains(
            "fc1.weight: 2 units asked for, 1 go by round-to 2",
            "warning: fc1.weight: 3 units asked for, 2 can go, for keep-at-least keeps the others");
    assertThat(rounded.at(1, 1)).isEqualTo(rounded);
    assertThat(rounded.eased(.5)).isEqualTo(rounded);
    assertThat(rounded.foresee(NET, Map.of("fc1.weight", 0L, "fc2.weight", 0L)).values())
        .containsExactly(4L, 0L);
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    Granularity element = new Granularity.Element();
    assertThatThrownBy(() -> limited(element, new Scope.Layer(), 0, 1, Normalise.MEAN))
        .hasMessageContaining("under scope layer none compete");
    assertThatThrownBy(() -> limited(element, new Scope.Global(), 0, 8, Normalise.NONE))
        .hasMessageContaining("round-to counts whole units");
    assertThat(limited(element, new Scope.Layer(), 20, 1, Normalise.NONE).faults(NET, TASK))
        .containsExactly(
            "keep-at-least 20 leaves nothing to prune, for no weight has more than 20 units; ask for"
                + " less");
  }

  @Test
  @Tag("engine")
  void blocksGoExactlyAsAskedInALayerAndInAll() throws IOException {
    Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 1));
    Granularity blocks = new Granularity.Block(1, 2);
    Checkpoint layer =
        limited(blocks, new Scope.Layer(), 0, 1, Normalise.NONE).run(model, new RecordedContext());
    Checkpoint all =
        limited(blocks, new Scope.Global(), 0, 1, Normalise.MAX).run(model, new RecordedContext());

    // fc1 is 10 blocks of 2 cells; a row of fc2 is two blocks of 2 and one of 1: 6 blocks,
    // rint(3.6).
    assertThat(layer.mask("fc1.weight").pruned()).isEqualTo(12);
    assertThat(blocks(layer, "fc2.weight", 5)).isEqualTo(4);
    assertThat(blocks(all, "fc1.weight", 4) + blocks(all, "fc2.weight", 5)).isEqualTo(10);
  }

  /** Counts blocks of two columns in which nothing is kept; any other is kept whole. */
  private static int blocks(Checkpoint model, String name, int columns) {
    int blocks = 0;
    for (int first = 0; first < model.mask(name).form().size(); first += columns) {
      for (int column = 0; column < columns; column += 2) {
        boolean kept = model.mask(name).keeps(first + column);
        assertThat(column + 1 == columns || model.mask(name).keeps(first + column + 1) == kept)
            .isTrue();
        blocks += kept ? 0 : 1;
      }
    }
    return blocks;
  }
}
