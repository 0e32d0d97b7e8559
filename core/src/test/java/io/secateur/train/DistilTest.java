package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.spi.Point;
import io.secateur.spi.Task;
import io.secateur.stage.FineTune;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class DistilTest {
  private static final Architecture WIDE =
      new Architecture(
          new Shape(6), List.of(new Linear("hidden", 20), new Relu("relu"), new Linear("out", 3)));

  private final Toys.Context context = new Toys.Context();

  private static Checkpoint open(Architecture architecture, long seed) {
    return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, seed));
  }

  @Test
  void isHintonsLossOfSoftenedOutputs() {
    double[] student = {1, -2, 0.5, 0, 3, 1};
    double[] teacher = {2, 0, 1, -1, 1, 4};
    double temperature = 2;
    double divergence = 0;
    for (int row = 0; row < 2; row++) {
      for (int i = 0; i < 3; i++) {
        double soft = softmax(teacher, row, i, temperature);
        divergence += soft * Math.log(soft / softmax(student, row, i, temperature)) / 2;
      }
    }
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Teacher of = teacher(new Distil("dense", temperature, 0.7), Toys.TASK, manager);
      NDArray loss = of.loss(rows(student, manager), rows(teacher, manager), manager.create(5f));

      assertThat((double) loss.getFloat()).isCloseTo(0.7 * 4 * divergence + 0.3 * 5, within(1e-5));
      // Log-probabilities are logits too.
      NDArray logarithms = rows(student, manager).logSoftmax(1);
      assertThat(of.loss(logarithms, rows(teacher, manager), manager.create(5f)).getFloat())
          .isCloseTo(loss.getFloat(), within(1e-5f));
    }
  }

  @Test
  void isTheSquaredDistanceForNumbers() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Teacher of =
          teacher(new Distil("init", 9, 0.5), new Task.Regression(new Shape(6), 3), manager);
      double[] zeros = new double[6];

      NDArray loss =
          of.loss(
              rows(zeros, manager),
              rows(new double[] {1, 2, 0, 0, 0, 1}, manager),
              manager.create(3f));

      assertThat(loss.getFloat()).isCloseTo(0.5f + 1.5f, within(1e-6f));
    }
  }

  private static Teacher teacher(Distil distil, Task task, NDManager manager) {
    return new Teacher(distil, open(WIDE, 1), WIDE, task, manager);
  }

  private static NDArray rows(double[] numbers, NDManager manager) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return manager.create(floats, new Shape(2, 3));
  }

  private static double softmax(double[] logits, int row, int at, double temperature) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      sum += Math.exp(logits[3 * row + i] / temperature);
    }
    return Math.exp(logits[3 * row + at] / temperature) / sum;
  }

  @Test
  void aStudentComesNearATeacherOfAnotherArchitecture() throws IOException {
    Checkpoint teacher = open(WIDE, 5);
    context.past.put(new Point.Label("dense"), teacher);
    Checkpoint student = open(Toys.NETWORK, 2);
    FineTune tune = tuned(new Distil("dense", 1, 1));

    Checkpoint taught = tune.run(student, context);

    assertThat(distance(taught, teacher)).isLessThan(distance(student, teacher) / 2);
    assertThat(tune.run(student, context)).isEqualTo(taught);
  }

  private static FineTune tuned(Distil distil) {
    FineTune plain = new FineTune(20, new Optimizer.Adam(), 8);
    return new FineTune(
        plain.epochs(),
        new Optimizer.Adam(LearningRate.of(0.02), 0.9, 0.99, 1e-8, 0),
        plain.batch(),
        plain.steps(),
        plain.loss(),
        plain.watch(),
        plain.stop(),
        plain.best(),
        plain.prune(),
        Optional.of(distil));
  }

  private static double distance(Checkpoint one, Checkpoint other) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      int[] all = IntStream.range(0, 50).toArray();
      NDArray inputs = Toys.examples(50, 1).batch(all, manager).inputs();
      NDArray first = probabilities(one, inputs, manager);
      NDArray second = probabilities(other, inputs, manager);
      return first.sub(second).square().mean().getFloat();
    }
  }

  private static NDArray probabilities(Checkpoint model, NDArray inputs, NDManager manager) {
    return model
        .architecture()
        .block(model.parameters(), manager)
        .forward(inputs, false)
        .softmax(1);
  }

  @Test
  void goesOnWhereItWasCut() throws IOException {
    context.past.put(new Point.Init(), open(WIDE, 5));
    Optional<Distil> distil = Optional.of(new Distil());
    Trainer trainer = new Trainer(2, new Optimizer.Adam(), 8);
    Checkpoint start = Toys.pruned(Toys.dense(3), 4);
    Checkpoint whole =
        trainer.train(start, OptionalLong.empty(), 9, context, Interlude.NONE, distil);

    Checkpoint cut = trainer.train(start, OptionalLong.of(5), 9, context, Interlude.NONE, distil);
    Checkpoint pieced =
        trainer.train(cut, OptionalLong.empty(), 9, context, Interlude.NONE, distil);

    assertThat(pieced).isEqualTo(whole);
    assertThat(whole).isNotEqualTo(trainer.train(start, OptionalLong.empty(), 9, context));
  }

  @Test
  void refusesATeacherOfSomethingElseAndSettingsThatTeachNothing() {
    Architecture four = new Architecture(new Shape(6), List.of(new Linear("out", 4)));
    context.past.put(new Point.Label("other"), open(four, 1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> tuned(new Distil("other", 4, 0.9)).run(Toys.dense(1), context))
        .withMessage(
            "distil: the model of other makes (4) of (6), the one to train makes (3) of (6)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Distil("dense", 0, 0.9))
        .withMessage("distil: temperature must be above 0 and finite, was 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Distil("dense", 4, 1.5))
        .withMessage("distil: weight must be above 0 and at most 1, was 1.5");
    assertThatIllegalArgumentException().isThrownBy(() -> new Distil(" ", 4, 0.9));
  }
}
