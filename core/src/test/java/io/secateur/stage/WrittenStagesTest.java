package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.builtin.PolynomialSchedule;
import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Faults;
import io.secateur.plugin.Setting;
import io.secateur.plugin.Settings;
import io.secateur.plugin.YamlDocument;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Step;
import io.secateur.spi.Stop;
import io.secateur.spi.Task;
import io.secateur.train.BestEpoch;
import io.secateur.train.Distil;
import io.secateur.train.EarlyStop;
import io.secateur.train.LearningRate;
import io.secateur.train.Optimizer;
import io.secateur.train.Toys;
import io.secateur.train.TrainingLoss;
import io.secateur.train.Watch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The stages as study files write them. */
class WrittenStagesTest {
  private final Catalogs catalogs = Catalogs.load(List.of());
  private final Faults faults = new Faults();

  @Test
  void trainTakesAnOptimiserByNameAndARateAsANumber() {
    assertThat(bound("train: {epochs: 2, optimizer: {adam: {learning-rate: 0.001}}, batch: 32}"))
        .isEqualTo(new Train(2, new Optimizer.Adam(), 32));
  }

  @Test
  void fineTuningTakesARateThatSteps() {
    assertThat(
            bound(
                "finetune: {optimizer: {sgd: {momentum: 0.9, weight-decay: 1e-4, learning-rate:"
                    + " {step: {initial: 0.1, every: 30, factor: 0.1}}}}}"))
        .isEqualTo(
            new FineTune(
                1, new Optimizer.Sgd(new LearningRate.Step(0.1, 30, 0.1), 0.9, 1e-4, false), 64));
  }

  @Test
  void ratesAreWrittenWithWhatTheyNeed() {
    assertThat(
            bound(
                "train: {optimizer: {adadelta: {learning-rate: {exponential: {initial: 1, factor:"
                    + " 0.7}}}}}"))
        .isEqualTo(
            new Train(
                1, new Optimizer.Adadelta(new LearningRate.Exponential(1, 0.7), 0.9, 1e-6, 0), 64));
    assertThat(
            bound(
                "train: {optimizer: {sgd: {learning-rate: {warm-up: {epochs: 5, then: {cosine:"
                    + " {initial: 0.1}}}}}}}"))
        .isEqualTo(
            new Train(
                1,
                new Optimizer.Sgd(
                    new LearningRate.WarmUp(
                        Optional.empty(),
                        Optional.of(5),
                        Optional.empty(),
                        new LearningRate.Cosine(0.1, Optional.empty(), Optional.empty())),
                    0,
                    0,
                    false),
                64));
  }

  @Test
  void aTrainingIsWatchedStoppedAndLeftAtItsBest() {
    Train train =
        (Train)
            bound(
                "train: {steps: 2000, loss: nll, watch: {metrics: [accuracy, loss], on: [train,"
                    + " validation]}, stop: {patience: 30}, best: {on: test, metric: accuracy}}");

    assertThat(train.steps()).contains(2000L);
    assertThat(train.loss()).isEqualTo(TrainingLoss.NLL);
    assertThat(train.watch())
        .isEqualTo(
            new Watch(List.of(new Accuracy(), new Loss()), List.of(Split.TRAIN, Split.VALIDATION)));
    assertThat(train.stop()).contains(new EarlyStop(new Loss(), Split.VALIDATION, 30, 0));
    assertThat(train.best()).contains(new BestEpoch(Optional.of(new Accuracy()), Split.TEST));
    assertThat(train.reads()).containsExactlyInAnyOrder(Split.TRAIN, Split.VALIDATION, Split.TEST);
    assertThat(new Train().reads()).isEmpty();
  }

  @Test
  void aTrainingPrunesFromOneMomentToAnother() {
    GradualPruning plain =
        ((Train) bound("train: {prune: {amount: 0.8, frequency: epoch, end: {epoch: 3}}}"))
            .prune()
            .orElseThrow();
    GradualPruning late =
        ((FineTune)
                bound(
                    "finetune: {prune: {amount: 0.8, begin: 0.25, end: {step: 900}, frequency: 50,"
                        + " schedule: {polynomial: {initial: 0.2}}}}"))
            .prune()
            .orElseThrow();

    assertThat(plain.begin()).isEqualTo(new When.Fraction(0));
    assertThat(plain.end()).isEqualTo(new When.Epoch(3));
    assertThat(plain.frequency()).isEqualTo(new Frequency.Epoch());
    assertThat(plain.schedule()).isEqualTo(new PolynomialSchedule());
    assertThat(late.begin()).isEqualTo(new When.Fraction(0.25));
    assertThat(late.end()).isEqualTo(new When.Step(900));
    assertThat(late.frequency()).isEqualTo(new Frequency.Steps(50));
    assertThat(late.schedule()).isEqualTo(new PolynomialSchedule(0.2, 3));
  }

  @Test
  void onlyMetricsOfPredictionsAreMeasuredEveryEpoch() {
    Train train =
        (Train) bound("train: {watch: {metrics: [sparsity]}, stop: {metric: parameters}}");

    assertThat(train.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "watch: sparsity is no metric of predictions, and only those are measured after every"
                + " epoch; such are accuracy and loss",
            "stop: parameters is no metric of predictions, and only those are measured after every"
                + " epoch; such are accuracy and loss");
    assertThat(
            ((Train) bound("train: {best: {metric: accuracy}, loss: nll}"))
                .faults(Toys.NETWORK, new Task.Regression(new Shape(6), 3)))
        .containsExactly(
            "loss: nll is for classes, and the data set asks for numbers; write loss: mse",
            "best: accuracy cannot be measured on this data set's task");
  }

  @Test
  void fineTuningTakesATeacher() {
    FineTune plain = (FineTune) bound("finetune: {distil: {}}");
    FineTune dense = (FineTune) bound("finetune: {distil: {from: dense, temperature: 2}}");

    assertThat(plain.distil()).contains(new Distil("init", 4, 0.9));
    assertThat(plain.recalls()).containsExactly(new Point.Init());
    assertThat(dense.distil()).contains(new Distil("dense", 2, 0.9));
    assertThat(dense.recalls()).containsExactly(new Point.Label("dense"));
    assertThat(new FineTune().recalls()).isEmpty();
    assertThat(Settings.canonical(new FineTune())).isEqualTo("finetune");
  }

  @Test
  void rewindTakesAWordOrAMoment() {
    assertThat(bound("rewind")).isEqualTo(new Rewind());
    assertThat(bound("rewind: {to: learning-rate}"))
        .isEqualTo(new Rewind(new RewindTo.LearningRate()));
    assertThat(bound("rewind: {to: {label: dense}}"))
        .isEqualTo(new Rewind(new RewindTo.Label("dense")));
    assertThat(bound("rewind: {to: {epoch: 1}}")).isEqualTo(new Rewind(new RewindTo.Epoch(1)));
    assertThat(bound("rewind: {to: {step: 500}}")).isEqualTo(new Rewind(new RewindTo.Step(500)));
  }

  @Test
  void roundsMayStopAndHaveControls() {
    assertThat(
            bound(
                "rounds: {max: 20, stop: {metric: accuracy, drop: 0.5, on: test, halve: 2},"
                    + " controls: [random-mask, random-reinit], stages: [rewind: {to: {round: 0}}]}"))
        .isEqualTo(
            new Rounds(
                1,
                List.of(new LabelledStep(new Rewind(new RewindTo.Round(0)), "")),
                Optional.of(20),
                Optional.of(new Stop(Optional.of(new Accuracy()), .5, Split.TEST, 2)),
                List.of(Control.RANDOM_MASK, Control.RANDOM_REINIT)));
  }

  @Test
  void roundsTakeStagesWithLabels() {
    assertThat(bound("rounds: {rounds: 3, stages: [{train: {epochs: 2, label: again}}, rewind]}"))
        .isEqualTo(
            new Rounds(
                3,
                List.of(
                    new LabelledStep(new Train(2, new Optimizer.Adam(), 64), "again"),
                    new LabelledStep(new Rewind(), ""))));
  }

  @Test
  void aWrongSettingIsNamedWithItsPlace() {
    bind("train: {epochs: 0}");
    bind("train: {optimizer: {sgd: {nesterov: true}}}");

    assertThat(faults.list())
        .extracting(fault -> fault.line() + ":" + fault.column() + " " + fault.message())
        .satisfiesExactly(
            first -> assertThat(first).contains("epochs must be at least 1, was 0"),
            second -> assertThat(second).contains("Nesterov momentum needs a momentum above 0"));
  }

  @Test
  void whatIsLeftAtItsDefaultIsNotPartOfAnIdentity() {
    assertThat(Settings.canonical(new Train())).isEqualTo("train");
    assertThat(Settings.canonical(new Train(2, new Optimizer.Adam(), 64)))
        .isEqualTo("train{epochs=2}");
  }

  @Test
  void describingATrainingTellsHowALearningRateIsWritten() {
    Setting optimizer = Settings.describe(Train.class, catalogs).get(1);

    assertThat(optimizer.allowed())
        .startsWith("{adadelta: {learning-rate: ")
        .contains("{adamw: {learning-rate: ", "{rmsprop: {learning-rate: ")
        .endsWith(
            "; a learning rate: a number, {constant: RATE}, {cosine: {initial: …, minimum: …,"
                + " epochs: …}}, {exponential: {initial: …, factor: …}}, {multi-step: {initial: …,"
                + " at: …, factor: …}}, {step: {initial: …, every: …, factor: …}} or {warm-up:"
                + " {steps: …, epochs: …, from: …, then: …}}");
  }

  @Test
  void onlyPlanningCutsATraining() {
    bind("train: {until: 5}");

    assertThat(faults.list())
        .singleElement()
        .asString()
        .contains("'train' has no setting 'until'")
        .endsWith("Its settings: epochs, optimizer, batch, steps, loss, watch, stop, best, prune");
  }

  private Step bound(String text) {
    Step step = bind(text);
    assertThat(faults.list()).isEmpty();
    return step;
  }

  private Step bind(String text) {
    return new Binder(catalogs, faults)
        .bind(YamlDocument.read(text, "study.yaml", faults).orElseThrow(), Step.class)
        .orElseGet(Rewind::new);
  }
}
