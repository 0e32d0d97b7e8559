package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class LatencyTest {
  private static final Architecture NET =
      new Architecture(new Shape(3), List.of(new Linear("out", 2, true)));

  /** A bench whose n-th timed call takes n microseconds. */
  private record Bench(NDManager manager, LongSupplier nanos) implements Metric.OfRuntime.Bench {
    @Override
    public Examples data(Split split) {
      return new Examples() {
        @Override
        public int size() {
          return 3;
        }

        @Override
        public Batch batch(int[] indices, NDManager owner) {
          return new Batch(
              owner.ones(new Shape(indices.length, 3)), owner.create(new long[indices.length]));
        }
      };
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public Path folder() {
      throw new AssertionError("latency needs no folder");
    }
  }

  private static LongSupplier ticks() {
    long[] state = {0, 0};
    return () -> {
      // Every second reading ends a call: the n-th call lasts n microseconds.
      state[1]++;
      state[0] += state[1] % 2 == 0 ? state[1] / 2 * 1000 : 0;
      return state[0];
    };
  }

  @Test
  @Tag("engine")
  void takesBatchesInTurnAndLeavesTheWarmUpOut() throws IOException {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 1));
      List<Metric.Value> values =
          new Latency(List.of(1, 64), 2, 5).measure(model, new Bench(manager, ticks()));
      // Calls 1–4 warm up; then batch 1 has calls 5 7 9 11 13, batch 64 has 6 8 10 12 14.
      assertThat(values)
          .extracting(Metric.Value::quantity)
          .containsExactly(
              "latency/batch-1/median",
              "latency/batch-1/p90",
              "latency/batch-64/median",
              "latency/batch-64/p90");
      assertThat(values.get(0).value()).isCloseTo(9e-6, within(1e-12));
      assertThat(values.get(1).value()).isCloseTo(12.2e-6, within(1e-12));
      assertThat(values.get(2).value()).isCloseTo(10e-6, within(1e-12));
      assertThat(values.get(3).value()).isCloseTo(13.2e-6, within(1e-12));
    }
  }

  @Test
  @Tag("engine")
  void keepsOnlyTheNetworkAndItsInputs() throws IOException {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 1));
      new Latency(List.of(1), 0, 1).measure(model, new Bench(manager, ticks()));
      int once = ((BaseNDManager) manager).getManagedArrays().size();
      new Latency(List.of(1), 5, 40).measure(model, new Bench(manager, ticks()));
      assertThat(((BaseNDManager) manager).getManagedArrays()).hasSize(2 * once);
    }
  }

  @Test
  void refusesSettingsThatMeasureNothing() {
    assertThatThrownBy(() -> new Latency(List.of(), 0, 1))
        .hasMessage("batches must be a list of sizes from 1 up, was []");
    assertThatThrownBy(() -> new Latency(List.of(2, 2), 0, 1))
        .hasMessage("batches must differ, were [2, 2]");
    assertThatThrownBy(() -> new Latency(List.of(2), 0, 0))
        .hasMessage("warmup must be at least 0 and rounds at least 1, were 0 and 0");
  }
}
