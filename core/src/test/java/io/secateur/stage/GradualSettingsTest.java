package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.secateur.builtin.ConstantSchedule;
import io.secateur.builtin.PolynomialSchedule;
import io.secateur.calibrate.Calibration;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Normalise;
import io.secateur.sparsity.Scope;
import io.secateur.train.EarlyStop;
import io.secateur.train.Toys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GradualSettingsTest {
  @Test
  void aMethodThatNeedsATrainingIsRefusedOutsideOne() {
    Prune plain =
        new Prune(
            Optional.of(new Gradual.Moving()),
            new Granularity.Element(),
            new Scope.Global(),
            Optional.of(new Amount.OfAll(0.5)),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            new Calibration());

    assertThat(plain.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "moving needs the steps of a training: write finetune: {prune: {method: moving, amount:"
                + " 0.5}}");
  }

  @Test
  void faultsAreFoundWhenPlanning() {
    When end = new When.Fraction(1);
    Frequency often = new Frequency.Steps(10);
    Train noStep =
        Gradual.train(
            2,
            Gradual.gradual(
                new Gradual.Moving(), new ConstantSchedule(), 0.5, Gradual.START, end, often));
    Train beyond =
        Gradual.train(
            2,
            Gradual.gradual(
                new Gradual.Magnitude(),
                new PolynomialSchedule(),
                0.5,
                Gradual.START,
                new When.Epoch(3),
                often));
    Train tooLate =
        Gradual.train(
            2,
            Gradual.gradual(
                new Gradual.Magnitude(), new PolynomialSchedule(), 0.5, Gradual.START, end, often),
            Optional.of(new EarlyStop()),
            Optional.empty());

    assertThat(noStep.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "moving needs steps of the training before it prunes, and schedule constant prunes"
                + " before the first; set begin to a later moment, such as 0.1");
    assertThat(beyond.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly("pruning to epoch 3 lies beyond the 2 epochs of the training");
    assertThat(tooLate.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "stop and best look at the epochs after the pruning, and it ends with the training; set"
                + " its end to an earlier moment, such as 0.5");
    assertThat(Gradual.train(2, new GradualPruning()).faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "prune needs a method, as in prune: {method: l1, amount: 0.5}",
            "prune needs an amount, as in prune: {method: l1, amount: 0.5}");
  }

  @Test
  void aPlanForeseesWhatWillBePruned() {
    Train train =
        Gradual.train(
            2,
            Gradual.gradual(
                new Gradual.Magnitude(),
                new PolynomialSchedule(),
                0.5,
                Gradual.START,
                new When.Fraction(0.5),
                new Frequency.Steps(10)));
    Map<String, Long> dense = Map.of("hidden.weight", 0L, "out.weight", 0L);

    assertThat(train.foresee(Toys.NETWORK, dense))
        .isEqualTo(Map.of("hidden.weight", 24L, "out.weight", 12L));
    assertThat(train.until(3).foresee(Toys.NETWORK, dense))
        .isEqualTo(train.foresee(Toys.NETWORK, dense));
  }

  @Test
  void limitsGoWithEveryUpdate() {
    GradualPruning plain = new GradualPruning();
    GradualPruning limited =
        new GradualPruning(
            Optional.of(new Gradual.Magnitude()),
            new Granularity.Slice(Granularity.Axis.OUTPUT),
            new Scope.Global(),
            Optional.of(new Amount.OfAll(0.5)),
            Map.of(),
            List.of(),
            List.of(),
            plain.schedule(),
            new Calibration(),
            plain.begin(),
            plain.end(),
            plain.frequency(),
            0.1,
            4,
            Normalise.MAX);

    Prune halfway = limited.at(0.5);

    assertThat(halfway.keepAtLeast()).isEqualTo(0.1);
    assertThat(halfway.roundTo()).isEqualTo(4);
    assertThat(halfway.normalise()).isEqualTo(Normalise.MAX);
    assertThat(plain.at(0.5).roundTo()).isEqualTo(1);
  }

  @Test
  void updatesComeAtTheirStepsAndAtTheEnd() {
    GradualPruning pruning =
        Gradual.gradual(
            new Gradual.Magnitude(),
            new PolynomialSchedule(),
            0.5,
            new When.Fraction(0.1),
            new When.Fraction(0.8),
            new Frequency.Steps(30));

    assertThat(pruning.updates(10, 100)).containsExactly(10L, 40L, 70L, 80L);
    assertThat(pruning.progress(45, 10, 100)).isEqualTo(0.5);
    assertThat(new Frequency.Epoch().between(0, 25, 10)).containsExactly(10L, 20L);
    assertThat(new Frequency.Epoch().between(11, 30, 10)).containsExactly(20L, 30L);
  }

  @Test
  void momentsAndFrequenciesThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> When.of(200))
        .withMessage(
            "a plain number is a fraction of the training, from 0 to 1, was 200.0; write {step: 200}"
                + " or {epoch: 3} for what they mean");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new When.Step(-1))
        .withMessage("the step of a moment in a training is at least 0, was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Frequency.of(0))
        .withMessage("a frequency is at least 1 optimiser step, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Frequency.of(0.5))
        .withMessage("a frequency is a whole number of optimiser steps, or epoch, was 0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Gradual.gradual(
                    new Gradual.Magnitude(),
                    new PolynomialSchedule(),
                    0.5,
                    new When.Fraction(0.5),
                    new When.Fraction(0.2),
                    new Frequency.Epoch()))
        .withMessage("pruning cannot end at 0.2 of the training before it begins at 0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Gradual.gradual(
                        new Gradual.Magnitude(),
                        new PolynomialSchedule(),
                        0.5,
                        Gradual.START,
                        new When.Step(200),
                        new Frequency.Epoch())
                    .updates(10, 100))
        .withMessage("pruning from step 0 to step 200 does not fit a training of 100 steps");
  }
}
