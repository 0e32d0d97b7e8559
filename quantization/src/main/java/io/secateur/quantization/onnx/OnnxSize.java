package io.secateur.quantization.onnx;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** The size of a model as one file of ONNX, and of the same file deflated. */
public record OnnxSize() implements Metric.OfRuntime {
  private static final String SIZE = "onnx-size";
  private static final String DEFLATED = "onnx-size/deflated";

  /** The level of gzip and of zlib's default. */
  private static final int LEVEL = 6;

  @Override
  public String name() {
    return SIZE;
  }

  @Override
  public String description() {
    return """
        Bytes of the file that the onnx format writes, in MB (10^6 bytes), graph and description \
        of the network included; and of the same file compressed by DEFLATE (zlib, level 6). \
        Masked weights take as much as any other in the file itself; weights of quantized models \
        take a byte each.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(
        new Quantity(SIZE, "MB", false, true), new Quantity(DEFLATED, "MB", false, true));
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    Path file = bench.folder().resolve("model.onnx");
    new OnnxFormat().write(model, file);
    return List.of(
        new Value(SIZE, Files.size(file) / 1e6), new Value(DEFLATED, deflated(file) / 1e6));
  }

  private static long deflated(Path file) throws IOException {
    Deflater deflater = new Deflater(LEVEL);
    try (OutputStream out =
        new DeflaterOutputStream(OutputStream.nullOutputStream(), deflater, 1 << 16)) {
      Files.copy(file, out);
    }
    long bytes = deflater.getBytesWritten();
    deflater.end();
    return bytes;
  }
}
