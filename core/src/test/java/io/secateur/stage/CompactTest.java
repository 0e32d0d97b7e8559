package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Flatten;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.Sigmoid;
import io.secateur.model.Tensor;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import io.secateur.train.Optimizer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class CompactTest {
  private static final Task TASK = new Task.Classification(new Shape(2, 4, 4), 3);

  private static final Architecture NET =
      new Architecture(
          TASK.input(),
          List.of(
              new Conv2d("conv1", 6, 3, 1, 1),
              new BatchNorm("bn1"),
              new Relu("relu1"),
              new Residual(
                  "add",
                  List.of(
                      new Conv2d("conv2", 4, 3, 1, 1),
                      new Relu("relu2"),
                      new Conv2d("conv3", 6, 3, 1, 1)),
                  List.of()),
              new Flatten("flat"),
              new Linear("fc", 3)));

  private record Magnitude() implements ScoringMethod {
    @Override
    public String name() {
      return "magnitude";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().square();
    }
  }

  private static RecordedContext context() {
    Random random = new Random(7);
    float[][] inputs = new float[24][32];
    float[][] targets = new float[24][1];
    for (int i = 0; i < inputs.length; i++) {
      for (int k = 0; k < inputs[i].length; k++) {
        inputs[i][k] = (float) random.nextGaussian();
      }
      targets[i][0] = i % 3;
    }
    return new RecordedContext(TASK, inputs, targets);
  }

  private static Prune half(Granularity granularity, String... exclude) {
    return new Prune(
        Optional.of(new Magnitude()),
        granularity,
        new Scope.Layer(),
        Optional.of(new Amount.OfAll(0.5)),
        Map.of(),
        List.of(exclude),
        List.of(),
        Optional.empty(),
        new Calibration());
  }

  private static Checkpoint open(Architecture architecture) {
    return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, 3));
  }

  private static Architecture chain(boolean bias, Layer between) {
    return new Architecture(
        TASK.input(),
        List.of(
            new Conv2d("conv1", 4, 3, 1, 1, 1, bias),
            between,
            new Conv2d("conv2", 4, 3, 1, 1, 1, bias),
            new Flatten("flat"),
            new Linear("fc", 3)));
  }

  private static float[] outputs(Checkpoint model) {
    float[] numbers = new float[64];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Math.sin(i + 1);
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray batch = manager.create(numbers, new Shape(2, 2, 4, 4));
      return model
          .architecture()
          .block(model.parameters(), manager)
          .forward(batch, false)
          .toFloatArray();
    }
  }

  private static void assertAgree(Checkpoint one, Checkpoint other) {
    assertThat(outputs(other)).containsExactly(outputs(one), within(1e-5f));
  }

  @Test
  void masksOfUnitsHoldInTrainingAndWhatIsLeftTrainsOn() throws IOException {
    RecordedContext context = context();
    Train train = new Train(2, new Optimizer.Adam(), 8);
    Checkpoint trained = train.run(open(NET), context);
    Checkpoint pruned = half(new Granularity.OutputUnits()).run(trained, context);
    Checkpoint tuned = train.run(pruned, context);
    Mask shift = tuned.mask("bn1.bias");
    for (int unit = 0; unit < 6; unit++) {
      assertThat(tuned.parameter("bn1.bias").toFloats()[unit] == 0).isEqualTo(!shift.keeps(unit));
    }

    Checkpoint compact = new Compact().run(tuned, context);

    assertThat(compact.masks()).isEmpty();
    assertThat(compact.architecture().parameter("conv1.weight").shape())
        .isEqualTo(new Shape(3, 2, 3, 3));
    assertThat(compact.architecture().parameter("conv2.weight").shape())
        .isEqualTo(new Shape(2, 3, 3, 3));
    assertThat(compact.architecture().parameter("fc.weight").shape()).isEqualTo(new Shape(3, 48));
    assertThat(context.said())
        .contains(
            "kept out: fc.weight (the network's output)",
            "conv1.weight + conv3.weight  3 of 6 units removed",
            "conv2.weight  2 of 4 units removed",
            "compacted: parameters %,d -> %,d, multiply-accumulates %,d -> %,d"
                .formatted(
                    NET.parameterCount(),
                    compact.architecture().parameterCount(),
                    NET.macs(),
                    compact.architecture().macs()))
        .noneMatch(line -> line.startsWith("left: "));
    assertThat(context.rows()).contains("removed-units 5.0");
    assertAgree(tuned, compact);
    Checkpoint further = train.run(compact, context);
    assertThat(further.architecture()).isEqualTo(compact.architecture());
    assertThat(further.parameters()).isNotEqualTo(compact.parameters());
  }

  @Test
  void unitsGoInATrainingToo() throws IOException {
    RecordedContext context = context();
    GradualPruning gradual =
        new GradualPruning(
            Optional.of(new Magnitude()),
            new Granularity.OutputUnits(),
            new Scope.Layer(),
            Optional.of(new Amount.OfAll(0.5)),
            Map.of(),
            List.of(),
            List.of(),
            new GradualPruning().schedule(),
            new Calibration(),
            new GradualPruning().begin(),
            new GradualPruning().end(),
            new GradualPruning().frequency());

    Checkpoint trained = Gradual.train(4, gradual).run(open(NET), context);
    Checkpoint compact = new Compact().run(trained, context);

    assertThat(compact.architecture().parameter("conv3.weight").shape())
        .isEqualTo(new Shape(3, 2, 3, 3));
    assertThat(context.said()).contains("kept out: fc.weight (the network's output)");
    assertAgree(trained, compact);
  }

  @Test
  void aRowWithoutBiasGoesThoughNothingElseIsMasked() throws IOException {
    Checkpoint pruned =
        half(new Granularity.Slice(Axis.OUTPUT), "conv2*", "fc*")
            .run(open(chain(false, new Relu("relu"))), context());
    assertThat(pruned.masks()).containsOnlyKeys("conv1.weight");

    Checkpoint compact = new Compact().run(pruned, context());

    assertThat(compact.architecture().parameter("conv2.weight").shape())
        .isEqualTo(new Shape(4, 2, 3, 3));
    assertAgree(pruned, compact);
  }

  @Test
  void aRowWithABiasStaysAndIsNamed() throws IOException {
    RecordedContext context = context();
    Checkpoint pruned =
        half(new Granularity.Slice(Axis.OUTPUT), "conv2*", "fc*")
            .run(open(chain(true, new Relu("relu"))), context);

    Checkpoint compact = new Compact().run(pruned, context);

    assertThat(compact).isEqualTo(pruned);
    assertThat(context.said())
        .anyMatch(
            line ->
                line.matches(
                    "left: 2 pruned rows of conv1.weight stay \\(\\d, \\d\\): conv2.weight takes it,"
                        + " and conv1.bias is not 0 there"));
  }

  @Test
  void aRowBehindWhichZeroIsNotZeroStays() throws IOException {
    RecordedContext context = context();
    Checkpoint pruned =
        half(new Granularity.Slice(Axis.OUTPUT), "conv2*", "fc*")
            .run(open(chain(false, new Sigmoid("sigmoid"))), context);

    assertThat(new Compact().run(pruned, context)).isEqualTo(pruned);
    assertThat(context.said())
        .anyMatch(line -> line.endsWith("conv2.weight takes it, and sigmoid does not keep zeros"));
  }

  @Test
  void anInputThatNothingTakesGoesWithWhatMakesIt() throws IOException {
    Checkpoint pruned =
        half(new Granularity.Slice(Axis.INPUT), "conv1*", "fc*")
            .run(open(chain(true, new Sigmoid("sigmoid"))), context());

    Checkpoint compact = new Compact().run(pruned, context());

    assertThat(compact.architecture().parameter("conv1.weight").shape())
        .isEqualTo(new Shape(2, 2, 3, 3));
    assertAgree(pruned, compact);
  }

  @Test
  void whatIsNotPrunedStaysAsItIs() throws IOException {
    Checkpoint dense = open(NET);

    assertThat(new Compact().run(dense, context())).isEqualTo(dense);
  }

  @Test
  void filtersOfAChannelLeftAloneGoOneByOne() throws IOException {
    // Two filters for each of two channels: unit 1 goes with both of its own. The other has one
    // whose row is masked, which is a unit once the convolution has one group.
    Architecture architecture =
        new Architecture(
            TASK.input(),
            List.of(
                new Conv2d("conv", 2, 1, 1, 0, 1, false),
                new Conv2d("own", 4, 3, 1, 1, 2, false),
                new Conv2d("next", 2, 1, 1, 0, 1, false),
                new Flatten("flat"),
                new Linear("fc", 3)));
    Map<String, Mask> masks =
        Map.of(
            "own.weight", Mask.of(architecture.parameter("own.weight").form(), cell -> cell < 9));
    RecordedContext context = context();
    Checkpoint pruned = open(architecture).withMasks(masks);
    float[] own = new float[36];
    System.arraycopy(pruned.parameter("own.weight").toFloats(), 0, own, 0, 9);
    Map<String, Tensor> parameters = new HashMap<>(pruned.parameters());
    parameters.put("own.weight", Tensor.of(new Shape(4, 1, 3, 3), own));
    pruned = pruned.withParameters(parameters);

    Checkpoint compact = new Compact().run(pruned, context);

    assertThat(compact.architecture().parameter("own.weight").shape())
        .isEqualTo(new Shape(1, 1, 3, 3));
    assertThat(context.said())
        .contains(
            "conv.weight + own.weight  1 of 2 units removed", "own.weight  1 of 2 units removed");
    assertThat(compact.masks()).isEmpty();
    assertAgree(pruned, compact);
  }
}
