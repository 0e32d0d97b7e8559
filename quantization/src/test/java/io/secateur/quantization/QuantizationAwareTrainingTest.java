package io.secateur.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.Accuracy;
import io.secateur.data.Digits;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Flatten;
import io.secateur.model.Grid;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import io.secateur.stage.FineTune;
import io.secateur.train.LearningRate;
import io.secateur.train.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class QuantizationAwareTrainingTest {
  private static final Architecture NETWORK =
      new Architecture(
          new Shape(1, 28, 28),
          List.of(
              new Flatten("flatten"),
              new Linear("fc1", 24),
              new Relu("relu1"),
              new Linear("fc2", 10)));

  @TempDir Path cache;

  @Test
  void recoversWhatRoundingToFiveNumbersLoses() throws IOException {
    OnDigits digits = new OnDigits(cache);
    Checkpoint first = new Checkpoint(NETWORK, NETWORK.initialise(Initialisation.PYTORCH, 1));
    Optimizer adam = new Optimizer.Adam(LearningRate.of(0.002), 0.9, 0.999, 1e-8, 0);
    Checkpoint floats = new FineTune(8, adam, 32).run(thinned(first), digits);
    Checkpoint rounded = rounded(floats, 2);

    digits.rows.clear();
    Checkpoint trained = new QuantizationAwareTraining(4, adam, 32).run(rounded, digits);

    double after = digits.accuracy(trained);
    Checkpoint longer = new FineTune(4, adam, 32).run(floats, digits);
    // Not by training longer: as many more epochs before the rounding leave it as it is.
    assertThat(after).isGreaterThan(digits.accuracy(rounded) + 4);
    assertThat(after).isGreaterThan(digits.accuracy(rounded(longer, 2)) + 4);
    assertThat(digits.rows.stream().filter(row -> row.metric().equals("accuracy")).toList().get(3))
        .extracting(Stage.Row::value)
        .isEqualTo(after);
    assertThat(trained.masks()).isEqualTo(rounded.masks());
    for (Map.Entry<String, Mask> each : trained.masks().entrySet()) {
      Grid grid =
          Objects.requireNonNull(trained.quantization().orElseThrow().grids().get(each.getKey()));
      assertThat(grid.largest()).isEqualTo(2);
      Tensor integers = grid.integers(trained.parameter(each.getKey()));
      byte[] bytes = new byte[(int) integers.size()];
      integers.chunks().get(0).get(0, bytes);
      for (int cell = 0; cell < bytes.length; cell++) {
        assertThat(Math.abs(bytes[cell])).isLessThanOrEqualTo(each.getValue().keeps(cell) ? 2 : 0);
      }
    }
    assertThat(new QuantizationAwareTraining(4, adam, 32).run(rounded, digits)).isEqualTo(trained);
  }

  /** Two thirds of every weight are pruned, at random places that are always the same. */
  private static Checkpoint thinned(Checkpoint model) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
    for (ParameterSpec spec : model.architecture().prunable()) {
      Mask mask = Mask.of(spec.form(), cell -> cell * 2654435761L % 3 == 0);
      float[] values = model.parameter(spec.name()).toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = mask.keeps(i) ? values[i] : 0;
      }
      masks.put(spec.name(), mask);
      parameters.put(spec.name(), Tensor.of(spec.shape(), values));
    }
    return model.withParameters(parameters).withMasks(masks);
  }

  /** Rounds weights to the nearest of few integers, one scale for each tensor. */
  private static Checkpoint rounded(Checkpoint floats, int largest) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(floats.parameters());
    Map<String, Grid> grids = new LinkedHashMap<>();
    for (ParameterSpec spec : floats.architecture().prunable()) {
      float most = 0;
      for (float value : floats.parameter(spec.name()).toFloats()) {
        most = Math.max(most, Math.abs(value));
      }
      Grid grid = new Grid(Tensor.of(new Shape(1), most / largest), largest);
      grids.put(spec.name(), grid);
      parameters.put(spec.name(), grid.rounded(floats.parameter(spec.name())));
    }
    return floats.withParameters(
        parameters, Optional.of(new Quantization(grids, Map.of(), Set.of())));
  }

  @Test
  void needsAModelOfIntegers() {
    QuantizationAwareTraining stage = new QuantizationAwareTraining();
    Checkpoint floats = new Checkpoint(NETWORK, NETWORK.initialise(Initialisation.PYTORCH, 1));

    assertThat(stage.refusal(true)).isEmpty();
    assertThat(stage.quantizes()).isTrue();
    assertThat(stage.refusal(false))
        .contains(
            "quantization-aware-training goes on from integers, and the model is not quantized;"
                + " put quantize before it");
    assertThatThrownBy(() -> stage.run(floats, new OnDigits(cache)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("put quantize before it");
  }

  @Test
  void refusesSettingsThatNoTrainingHas() {
    assertThatThrownBy(() -> new QuantizationAwareTraining(0, new Optimizer.Adam(), 64))
        .hasMessage("epochs must be at least 1, was 0");
    assertThat(
            new QuantizationAwareTraining()
                .faults(NETWORK, new Task.Classification(NETWORK.input(), 7)))
        .containsExactly("the model gives 10 outputs, the data set asks for 7");
  }

  /** A few of the embedded digits. */
  private static final class OnDigits implements Stage.Context {
    final List<Stage.Row> rows = new ArrayList<>();
    private final Digits digits = new Digits(1000, 500, 3, 0);
    private final DataFiles files;

    OnDigits(Path cache) {
      this.files =
          new DataFiles() {
            @Override
            public Path require(String folder, String file, String source) {
              throw new AssertionError("needs no files");
            }

            @Override
            public Optional<Path> find(String folder, String file) {
              return Optional.empty();
            }

            @Override
            public List<Path> searched() {
              return List.of();
            }

            @Override
            public Path cache() {
              return cache;
            }
          };
    }

    double accuracy(Checkpoint model) {
      Metric.OfPredictions accuracy = new Accuracy();
      try (NDManager manager = NDManager.newBaseManager(device(), "PyTorch")) {
        Map<Metric.OfPredictions, List<Metric.Value>> values =
            Evaluation.predictions(
                model.block(manager),
                data(Split.TEST),
                task(),
                List.of(accuracy),
                Evaluation.batchSize(model.architecture()),
                manager);
        return Objects.requireNonNull(values.get(accuracy)).get(0).value();
      }
    }

    @Override
    public Examples data(Split split) {
      return digits.open(split, files);
    }

    @Override
    public Task task() {
      return digits.task();
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public long seed(String purpose) {
      return 5;
    }

    @Override
    public Checkpoint recall(Point point) {
      throw new AssertionError("nothing is to be recalled: " + point);
    }

    @Override
    public void record(Stage.Row row) {
      rows.add(row);
    }

    @Override
    public void say(String line) {}

    @Override
    public void progress(long done, long total) {}
  }
}
