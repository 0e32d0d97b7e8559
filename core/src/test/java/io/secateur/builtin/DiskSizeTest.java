package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.Linear;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskSizeTest {
  private static final int SIDE = 1000;

  /** Header, architecture and names: what a file holds beside its numbers, in MB. */
  private static final double HEADER = 0.002;

  @TempDir Path folder;

  private record Bench(Path folder) implements Metric.OfRuntime.Bench {
    @Override
    public Examples data(Split split) {
      throw new AssertionError("disk size needs no data");
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
    public LongSupplier nanos() {
      throw new AssertionError("disk size needs no clock");
    }

    @Override
    public NDManager manager() {
      throw new AssertionError("disk size needs no engine");
    }
  }

  /** A million weights of which one in {@code every} is kept. */
  private Map<String, Double> sizes(int every) throws IOException {
    return sizes(new DiskSize(), every);
  }

  private Map<String, Double> sizes(DiskSize metric, int every) throws IOException {
    float[] weights = new float[SIDE * SIDE];
    for (int i = 0; i < weights.length; i += every) {
      weights[i] = i + 1;
    }
    Checkpoint model =
        new Checkpoint(
                new Architecture(new Shape(SIDE), List.of(new Linear("out", SIDE, false))),
                Map.of("out.weight", Tensor.of(new Shape(SIDE, SIDE), weights)))
            .withMasks(
                Map.of("out.weight", Mask.of(Form.matrix(SIDE, SIDE), cell -> cell % every == 0)));
    return sizes(metric, model);
  }

  private Map<String, Double> sizes(DiskSize metric, Checkpoint model) throws IOException {
    Map<String, Double> sizes = new LinkedHashMap<>();
    metric
        .measure(model, new Bench(folder))
        .forEach(value -> sizes.put(value.quantity(), value.value()));
    return sizes;
  }

  @Test
  void weighsWhatEachEncodingMustHold() throws IOException {
    Map<String, Double> sizes = sizes(10);
    assertThat(sizes).hasSize(4);
    assertThat(sizes.get("disk-size/dense")).isCloseTo(4.0, within(HEADER));
    assertThat(sizes.get("disk-size/coo")).isCloseTo(0.1 * 20, within(HEADER));
    assertThat(sizes.get("disk-size/weights-and-masks")).isCloseTo(8.0, within(HEADER));
    // A bit per weight, 4 bytes per kept weight, and 8 bytes per row to find them.
    assertThat(sizes.get("disk-size/bitmask")).isCloseTo(0.125 + 0.4 + 0.008, within(HEADER));
  }

  @Test
  void showsThatCooIsLargerThanDenseBelowFourFifths() throws IOException {
    assertThat(sizes(4).get("disk-size/coo")).isGreaterThan(4.99);
    assertThat(sizes(8).get("disk-size/coo")).isLessThan(2.51);
  }

  @Test
  void deflatesEveryFileWhenAsked() throws IOException {
    Map<String, Double> sizes = sizes(new DiskSize(true), 10);
    assertThat(sizes.keySet())
        .containsExactlyElementsOf(
            new DiskSize(true)
                .quantities().stream()
                    .map(Metric.Quantity::name)
                    .filter(name -> !name.contains("int8"))
                    .toList());
    assertThat(sizes).hasSize(8);
    // Nine zeros of ten compress well, and never to less than the numbers that are left need.
    assertThat(sizes.get("disk-size/dense-deflated")).isBetween(0.1, 1.0);
    assertThat(sizes.get("disk-size/bitmask-deflated")).isLessThan(sizes.get("disk-size/bitmask"));
  }

  @Test
  void ofAQuantizedModelItWeighsTheIntegersToo() throws IOException {
    float[] weights = new float[SIDE * SIDE];
    for (int i = 0; i < weights.length; i += 10) {
      weights[i] = (i % 127 + 1) * 0.5f;
    }
    float[] scales = new float[SIDE];
    Arrays.fill(scales, 0.5f);
    Grid grid = new Grid(Tensor.of(new Shape(SIDE), scales), 127);
    Checkpoint model =
        new Checkpoint(
                new Architecture(new Shape(SIDE), List.of(new Linear("out", SIDE, false))),
                Map.of("out.weight", Tensor.of(new Shape(SIDE, SIDE), weights)))
            .withQuantization(
                Optional.of(new Quantization(Map.of("out.weight", grid), Map.of(), Set.of())));

    Map<String, Double> sizes = sizes(new DiskSize(true), model);

    assertThat(sizes.keySet())
        .containsExactlyElementsOf(
            new DiskSize(true).quantities().stream().map(Metric.Quantity::name).toList());
    assertThat(sizes.get("disk-size/dense")).isCloseTo(4.0, within(HEADER));
    // A byte per weight and a scale per row; then a bit per weight, a byte per kept one, and 8
    // bytes per row to find them.
    assertThat(sizes.get("disk-size/int8")).isCloseTo(1.004, within(HEADER));
    assertThat(sizes.get("disk-size/int8-bitmask"))
        .isCloseTo(0.125 + 0.1 + 0.008 + 0.004, within(HEADER));
    assertThat(sizes.get("disk-size/int8-deflated")).isLessThan(sizes.get("disk-size/int8"));
  }
}
