package io.secateur.quantization.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class SparseLatencyTest {
  private static final Architecture NET =
      new Architecture(
          new Shape(5), List.of(new Linear("fc1", 7), new Relu("relu1"), new Linear("fc2", 3)));

  private record Bench(NDManager manager, LongSupplier nanos, int threads)
      implements Metric.OfRuntime.Bench {
    @Override
    public Examples data(Split split) {
      throw new AssertionError("weights are multiplied with what is drawn for them");
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public Path folder() {
      throw new AssertionError("needs no folder");
    }
  }

  /** Sparse products of the first layer take 2 s, of the second 4 s; dense ones 1 s and 16 s. */
  private static LongSupplier clock() {
    return new LongSupplier() {
      private final int[] seconds = {2, 1, 4, 16};
      private long now;
      private int calls;

      @Override
      public long getAsLong() {
        if (calls % 2 == 1) {
          now += seconds[calls / 2 % 4] * 1_000_000_000L;
        }
        calls++;
        return now;
      }
    };
  }

  private static Checkpoint model() {
    Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 3));
    Map<String, Tensor> parameters = new HashMap<>(model.parameters());
    parameters.put("fc2.weight", Tensor.zeros(new Shape(3, 7)));
    return model.withParameters(parameters);
  }

  @Test
  void timesEveryLayerBothWaysAndTheirSum() throws IOException {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      List<Metric.Value> values =
          new SparseLatency(List.of(1, 4), 2, 3)
              .measure(model(), new Bench(manager, clock(), JniUtils.getNumThreads()));

      assertThat(values.get(0).quantity()).isEqualTo("sparse-latency/zeros");
      assertThat(values.get(0).value()).isCloseTo(100 * 21 / 56.0, within(1e-12));
      assertThat(values)
          .hasSize(19)
          .contains(
              new Metric.Value("sparse-latency/batch-4/csr", 6),
              new Metric.Value("sparse-latency/batch-4/dense", 17),
              new Metric.Value("sparse-latency/batch-4/ratio", 6 / 17.0),
              new Metric.Value("sparse-latency/batch-4/ratio", 2, "fc1.weight"),
              new Metric.Value("sparse-latency/batch-1/ratio", 0.25, "fc2.weight"),
              new Metric.Value("sparse-latency/batch-1/csr", 4, "fc2.weight"),
              new Metric.Value("sparse-latency/batch-1/dense", 16, "fc2.weight"));
      assertThat(new SparseLatency(List.of(1, 4), 2, 3).quantities())
          .extracting(Metric.Quantity::name)
          .containsExactlyInAnyOrderElementsOf(
              values.stream().map(Metric.Value::quantity).distinct().toList());
    }
  }

  @Test
  void theEngineHasItsThreadsAgainAndNoArraysMore() throws IOException {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      int before = JniUtils.getNumThreads();
      int[] during = {0};
      LongSupplier clock = clock();
      LongSupplier watching =
          () -> {
            during[0] = Math.max(during[0], JniUtils.getNumThreads());
            return clock.getAsLong();
          };
      int arrays = ((BaseNDManager) manager).getManagedArrays().size();
      var unused =
          new SparseLatency(List.of(2), 0, 1).measure(model(), new Bench(manager, watching, 2));

      assertThat(during[0]).isEqualTo(1);
      assertThat(JniUtils.getNumThreads()).isEqualTo(2);
      assertThat(((BaseNDManager) manager).getManagedArrays()).hasSize(arrays);
      JniUtils.setNumThreads(before);
    }
  }

  @Test
  void aModelWithoutLinearLayersIsRefusedWhenPlanning() throws IOException {
    Architecture convolutions =
        new Architecture(new Shape(1, 4, 4), List.of(new Conv2d("conv1", 2, 3, 1, 0)));
    Checkpoint model =
        new Checkpoint(convolutions, convolutions.initialise(Initialisation.PYTORCH, 3));

    assertThat(new SparseLatency().faults(NET)).isEmpty();
    assertThat(new SparseLatency().faults(convolutions))
        .containsExactly("it times linear layers, and the model has none");
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      assertThat(new SparseLatency().measure(model, new Bench(manager, clock(), 1))).isEmpty();
    }
  }

  @Test
  void refusesSettingsThatTimeNothing() {
    assertThatThrownBy(() -> new SparseLatency(List.of(), 1, 1))
        .hasMessage("batches must be a list of sizes from 1 up, was []");
    assertThatThrownBy(() -> new SparseLatency(List.of(4, 4), 1, 1))
        .hasMessage("batches must differ, were [4, 4]");
    assertThatThrownBy(() -> new SparseLatency(List.of(4), 1, 0))
        .hasMessageContaining("rounds at least 1, were 1 and 0");
  }
}
