package io.secateur.builtin;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import java.util.List;

/** Non-zero parameters × bits: a size that is computed, not that of a file. */
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
        small, since it would not say where the zeros are; see disk-size.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity("ideal-size", "MiB", false, true));
  }

  @Override
  public List<Value> measure(Checkpoint model) {
    return List.of(new Value("ideal-size", NonZeros.of(model) * (bits / 8.0) / (1 << 20)));
  }
}
