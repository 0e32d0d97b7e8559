package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.calibrate.Calibration;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Split;
import io.secateur.spi.Statistics;
import io.secateur.spi.Step;
import io.secateur.spi.Stop;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Step REWIND = new Rewind();
  private static final Step TRAIN = new Train();

  @Test
  void repeatsItsStagesRoundByRound() {
    Rounds rounds =
        new Rounds(2, List.of(new LabelledStep(REWIND, ""), new LabelledStep(TRAIN, "tuned")));

    assertThat(rounds.expand(List.of()))
        .containsExactly(
            new Element.RoundStart(1, 2),
            new Element.Run(REWIND),
            new Element.Run(TRAIN),
            new Element.Label("tuned"),
            new Element.RoundEnd(1),
            new Element.RoundStart(2, 2),
            new Element.Run(REWIND),
            new Element.Run(TRAIN),
            new Element.Label("tuned"),
            new Element.RoundEnd(2));
  }

  private static final Prune PRUNE = prune(new Amount.OfRemaining(.2));

  private static Prune prune(Amount amount) {
    return new Prune(
        Optional.of(new Toy()),
        new Granularity.Element(),
        new Scope.Global(),
        Optional.of(amount),
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        new Calibration());
  }

  private record Toy() implements ScoringMethod {
    @Override
    public String name() {
      return "toy";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix();
    }
  }

  private static Rounds rounds(Optional<Stop> stop, List<Control> controls, Step... stages) {
    List<LabelledStep> steps = Stream.of(stages).map(stage -> new LabelledStep(stage, "")).toList();
    return new Rounds(1, steps, Optional.of(2), stop, controls);
  }

  @Test
  void comparesAndBranchesAtTheEndOfARound() {
    Stop stop = new Stop(Optional.of(new Accuracy()), 1, Split.TEST, 2);
    FineTune tune = new FineTune();
    List<Control> both = List.of(Control.RANDOM_MASK, Control.RANDOM_REINIT);

    List<Element> elements = rounds(Optional.of(stop), both, PRUNE, tune).expand(List.of());

    assertThat(elements)
        .startsWith(
            new Element.RoundStart(1, 2),
            new Element.Run(PRUNE),
            new Element.Run(tune),
            new Element.Check(stop),
            new Element.Branch(
                "random-mask",
                List.of(
                    new Element.Run(new RandomMask()),
                    new Element.Run(new Rewind(new RewindTo.Round(0))),
                    new Element.Run(tune))),
            new Element.Branch(
                "random-reinit",
                List.of(new Element.Run(new Reinitialise()), new Element.Run(tune))),
            new Element.RoundEnd(1))
        .hasSize(14);
  }

  @Test
  void aControlOfARewoundRoundStartsWhereTheRewindGoes() {
    Rewind rewind = new Rewind(new RewindTo.Epoch(1));
    List<Element> elements =
        rounds(Optional.empty(), List.of(Control.RANDOM_MASK), TRAIN, PRUNE, rewind, TRAIN)
            .expand(List.of());
    assertThat(elements.get(5))
        .isEqualTo(
            new Element.Branch(
                "random-mask",
                List.of(
                    new Element.Run(new RandomMask()),
                    new Element.Run(rewind),
                    new Element.Run(TRAIN))));
  }

  @Test
  void refusesControlsThatNothingWouldTrain() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                rounds(Optional.empty(), List.of(Control.RANDOM_REINIT), TRAIN, PRUNE)
                    .expand(List.of()))
        .withMessage(
            "controls are trained as the round trains what it has pruned; write a train or finetune"
                + " stage behind the last prune of the round");
  }

  @Test
  void refusesToHalveAnAmountOfAll() {
    Stop stop = new Stop(Optional.of(new Accuracy()), 1, Split.TEST, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                rounds(Optional.of(stop), List.of(), prune(new Amount.OfAll(.5))).expand(List.of()))
        .withMessage(
            "stop with halve goes with prune stages whose amounts are of the remaining, amount:"
                + " {of-remaining: 0.2}: the half of another amount may be pruned already");
    assertThat(PRUNE.eased(.5).amount()).contains(new Amount.OfRemaining(.1));
  }

  @Test
  void takesOneNumberOfRounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rounds(3, List.of(), Optional.of(2), Optional.empty(), List.of()))
        .withMessage("rounds and max are the same, and one of them is enough: rounds was 3, max 2");
  }

  @Test
  void aStopRefusesWhatItCannotCompare() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stop(Optional.empty(), -1, Split.TEST, 0))
        .withMessage("drop must be a number of at least 0, was -1.0");
    assertThat(
            new Stop(Optional.of(new Accuracy()), 1, Split.TEST, 0)
                .faults(new Task.Regression(new Shape(2), 1)))
        .singleElement()
        .asString()
        .startsWith("metric 'accuracy' of stop does not suit");
    Stop loss = new Stop(Optional.of(new Loss()), .5, Split.TEST, 0);
    assertThat(loss.holds(1, 1.5)).isTrue();
    assertThat(loss.holds(1, 1.51)).isFalse();
    assertThat(loss.holds(1, Double.NaN)).isFalse();
    assertThat(loss.holds(1, .1)).isTrue();
    assertThat(loss.words()).isEqualTo("loss on test worse by more than 0.5");
  }

  @Test
  void refusesNoRoundAndMoreThanAPlanCanHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rounds(0, List.of()))
        .withMessage("rounds must be from 1 to 10000, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rounds(1_000_000, List.of()))
        .withMessage("rounds must be from 1 to 10000, was 1000000");
  }

  @Test
  void refusesRoundsOfNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rounds().expand(List.of()))
        .withMessageStartingWith("rounds needs the stages to repeat");
  }

  @Test
  void refusesToStandInsideARound() {
    Rounds rounds = new Rounds(1, List.of(new LabelledStep(TRAIN, "")));
    Element start = new Element.RoundStart(1, 2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rounds.expand(List.of(start, new Element.Run(TRAIN))))
        .withMessage("rounds cannot stand inside the rounds of another recipe");
    assertThat(rounds.expand(List.of(start, new Element.RoundEnd(1)))).hasSize(3);
  }
}
