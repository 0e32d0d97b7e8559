package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Dropout;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class RecalibrateTest {
  private static final Task VECTORS = new Task.Classification(new Shape(2), 3);

  private static RecordedContext context(int examples) {
    float[][] inputs = new float[examples][2];
    float[][] targets = new float[examples][1];
    for (int i = 0; i < examples; i++) {
      inputs[i] = new float[] {i, -3 * i + 5};
    }
    return new RecordedContext(VECTORS, inputs, targets);
  }

  private static Checkpoint open(Shape input, Layer... layers) {
    Architecture architecture = new Architecture(input, List.of(layers));
    return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, 1));
  }

  private static Checkpoint vectors() {
    return open(new Shape(2), new BatchNorm("bn"), new Linear("fc", 3));
  }

  @Test
  void takesTheMeanAndTheUnbiasedVarianceOfABatch() throws IOException {
    RecordedContext context = context(5);

    Checkpoint after = new Recalibrate(100, 64).run(vectors(), context);

    // 0, 1, 2, 3, 4 have the mean 2 and, divided by 4, the variance 2.5.
    assertThat(after.parameter("bn.running_mean").toFloats())
        .containsExactly(new float[] {2, -1}, within(1e-6f));
    assertThat(after.parameter("bn.running_var").toFloats())
        .containsExactly(new float[] {2.5f, 22.5f}, within(1e-5f));
    assertThat(context.said())
        .containsExactly("statistics of batch norms estimated on 1 batches of 5 examples");
  }

  @Test
  void averagesOverWholeBatchesAndLeavesTheRestOut() throws IOException {
    Checkpoint after = new Recalibrate(7, 2).run(vectors(), context(50));

    // The variance of two numbers is half of their difference's square; the second input is −3
    // times the first, so that its mean and variance follow, whichever were drawn.
    float[] means = after.parameter("bn.running_mean").toFloats();
    float[] variances = after.parameter("bn.running_var").toFloats();
    assertThat(means[1]).isCloseTo(-3 * means[0] + 5, within(1e-4f));
    assertThat(variances[1]).isCloseTo(9 * variances[0], within(1e-2f));
    // Six whole numbers: their mean is a sixth of one, and no mean of seven.
    assertThat(means[0] * 6).isCloseTo(Math.round(means[0] * 6), within(1e-4f));
  }

  @Test
  void changesNothingButStatisticsAndHeedsNoDropout() throws IOException {
    Task task = new Task.Classification(new Shape(2, 4, 4), 3);
    Random random = new Random(3);
    float[][] inputs = new float[40][32];
    for (float[] input : inputs) {
      for (int i = 0; i < input.length; i++) {
        input[i] = random.nextFloat();
      }
    }
    RecordedContext context = new RecordedContext(task, inputs, new float[40][1]);
    List<Checkpoint> models = new ArrayList<>();
    for (double dropout : new double[] {0.5, 0}) {
      Checkpoint model =
          open(
              task.input(),
              new Conv2d("conv", 4, 3, 1, 1),
              new Dropout("drop", dropout),
              new Residual("add", List.of(new BatchNorm("bn1"), new Relu("relu")), List.of()),
              new Conv2d("next", 4, 3, 1, 1),
              new BatchNorm("bn2"),
              new GlobalAvgPool2d("pool"),
              new Linear("fc", 3));
      Mask mask = Mask.of(model.architecture().parameter("next.weight").form(), c -> c % 2 == 0);
      models.add(model.withMasks(Map.of("next.weight", mask)));
    }

    Checkpoint after = new Recalibrate(40, 10).run(models.get(0), context);
    Checkpoint without = new Recalibrate(40, 10).run(models.get(1), context);

    assertThat(after.parameters()).isEqualTo(without.parameters());
    assertThat(after.masks()).isEqualTo(models.get(0).masks());
    for (ParameterSpec spec : after.architecture().parameters()) {
      boolean same =
          Arrays.equals(
              after.parameter(spec.name()).toFloats(),
              models.get(0).parameter(spec.name()).toFloats());
      assertThat(same).as(spec.name()).isEqualTo(spec.trainable());
    }
  }

  @Test
  void refusesWhatCannotBeEstimated() {
    Checkpoint plain = open(new Shape(2), new Linear("fc", 3));
    String none =
        "recalibrate estimates the statistics of batch norms, and the model has none; leave it out";
    assertThat(new Recalibrate().faults(plain.architecture(), VECTORS)).containsExactly(none);
    assertThat(new Recalibrate().faults(vectors().architecture(), VECTORS)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Recalibrate().run(plain, context(5)))
        .withMessage(none);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Recalibrate().run(vectors(), context(1)))
        .withMessage("recalibrate needs 2 training examples at least, the data set has 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Recalibrate(100, 1))
        .withMessage("batch must be at least 2, was 1");
  }
}
