package io.secateur.builtin;

import ai.djl.ndarray.types.DataType;
import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.spi.Metric;
import java.util.List;
import java.util.Map;

/**
 * Non-zero parameters × bits: a size that is computed, not that of a file.
 *
 * @param bits of a float32 number, as one would store it
 */
public record IdealSize(int bits) implements Metric.OfModel {
  public IdealSize() {
    this(32);
  }

  public IdealSize {
    if (bits < 1 || bits > 64) {
      throw new IllegalArgumentException("bits must be from 1 to 64, was " + bits);
    }
  }

  @Override
  public String name() {
    return "ideal-size";
  }

  @Override
  public String description() {
    return """
        Non-zero parameters × bits per weight, in MiB (2^20 bytes). Computed: no file is that \
        small, since it would not say where the zeros are; see disk-size. Of a quantized model, integers \
        count with 8 bits (those of biases with 32), each scale with 32, and other numbers with \
        'bits'.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity("ideal-size", "MiB", false, true));
  }

  @Override
  public List<Value> measure(Checkpoint model) {
    return List.of(new Value("ideal-size", bits(model) / 8.0 / (1 << 20)));
  }

  private long bits(Checkpoint model) {
    Map<String, Grid> grids = model.quantization().map(Quantization::grids).orElse(Map.of());
    long sum = 0;
    for (Map.Entry<String, Tensor> each : model.parameters().entrySet()) {
      Grid grid = grids.get(each.getKey());
      long width = grid == null ? bits : grid.type() == DataType.INT8 ? Byte.SIZE : Integer.SIZE;
      sum += NonZeros.of(each.getValue()) * width;
      sum += grid == null ? 0 : Float.SIZE * grid.scales().size();
    }
    return sum;
  }
}
