package io.secateur.builtin;

import io.secateur.model.Checkpoint;
import io.secateur.model.Encoding;
import io.secateur.spi.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Sizes of files that were written, read back, and found to hold the same numbers.
 *
 * @param deflated whether the sizes of the same files, deflated, are measured too
 */
public record DiskSize(boolean deflated) implements Metric.OfRuntime {
  /** The level of gzip and of zlib's default. */
  private static final int LEVEL = 6;

  /** The files as they are. */
  public DiskSize() {
    this(false);
  }

  @Override
  public String name() {
    return "disk-size";
  }

  @Override
  public String description() {
    return """
        Bytes of a file of the whole model, biases included, in MB (10^6 bytes); each file is \
        written, read back and compared.
        dense: every number, 4 bytes. coo: an int64 index per dimension and the value for every \
        number that is not zero. weights-and-masks: as PyTorch stores a model that is being \
        pruned. bitmask: a bit per weight, then the weights that are not zero. Of a quantized model \
        these hold the float32 numbers that its integers stand for.
        int8, of quantized models alone: the integers and the scales of their rows. int8-bitmask: \
        a bit per weight, then the integers that are not zero. A table has no number there for \
        other models.
        COO is not in proportion to sparsity: a kept weight of a matrix takes 20 bytes (two 8-byte \
        indices and 4 bytes of value) against 4 when dense, so COO is the smaller one only above \
        80 % sparsity.
        With deflated: true, also the size of each file compressed by DEFLATE (zlib, level 6), \
        inflated again and compared: dense-deflated, coo-deflated and so on.""";
  }

  @Override
  public List<Quantity> quantities() {
    List<Quantity> quantities = new ArrayList<>();
    for (Encoding encoding : Encoding.values()) {
      quantities.add(new Quantity(quantity(encoding), "MB", false, true));
      if (deflated) {
        quantities.add(new Quantity(deflated(encoding), "MB", false, true));
      }
    }
    return quantities;
  }

  private static String quantity(Encoding encoding) {
    return "disk-size/" + encoding.label();
  }

  private static String deflated(Encoding encoding) {
    return quantity(encoding) + "-deflated";
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    List<Value> values = new ArrayList<>();
    for (Encoding encoding : Encoding.values()) {
      if (!encoding.suits(model)) {
        continue;
      }
      Path file = bench.folder().resolve(encoding.label() + ".safetensors");
      encoding.write(model, file);
      compare(model, encoding.read(file), encoding);
      values.add(new Value(quantity(encoding), Files.size(file) / 1e6));
      if (deflated) {
        values.add(new Value(deflated(encoding), deflate(file) / 1e6));
      }
    }
    return values;
  }

  /** Returns the bytes of a file when deflated. */
  private static long deflate(Path file) throws IOException {
    Path small = file.resolveSibling(file.getFileName() + ".z");
    Deflater level = new Deflater(LEVEL);
    try (OutputStream out =
        new DeflaterOutputStream(Files.newOutputStream(small), level, 1 << 16)) {
      Files.copy(file, out);
    } finally {
      level.end();
    }
    Path again = file.resolveSibling(file.getFileName() + ".inflated");
    try (InputStream in = new InflaterInputStream(Files.newInputStream(small))) {
      Files.copy(in, again);
    }
    if (Files.mismatch(file, again) >= 0) {
      throw new IllegalStateException(file.getFileName() + " inflated is not what was deflated");
    }
    Files.delete(again);
    return Files.size(small);
  }

  private static void compare(Checkpoint written, Checkpoint read, Encoding encoding) {
    if (encoding.ofIntegers() && !read.quantization().equals(written.quantization())) {
      throw new IllegalStateException(
          "what was read back from the %s file has other scales or ranges than were written"
              .formatted(encoding.label()));
    }
    written
        .parameters()
        .forEach(
            (name, tensor) -> {
              if (!tensor.sameNumbers(read.parameter(name))) {
                throw new IllegalStateException(
                    "%s read back from its %s file holds other numbers than were written"
                        .formatted(name, encoding.label()));
              }
            });
  }
}
