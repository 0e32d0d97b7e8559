package io.secateur.quantization.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.Format;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models as graphs of ONNX: one file each, for a runtime; they are not read back. */
public record OnnxFormat() implements Format {
  /** What protobuf reads at most. */
  private static final long MOST = Integer.MAX_VALUE;

  /** What a node and the names around it take, at most. */
  private static final long SPARE = 16 << 20;

  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public String description() {
    return """
        One file in ONNX (operators of version 17) that computes what the model predicts, for \
        batches of any size: input 'input', output 'output', initializers named like the \
        parameters, nodes like the layers. Quantized models keep their integers, with \
        QuantizeLinear and DequantizeLinear around what a runtime computes in 8 bits. Written only.\
        """;
  }

  @Override
  public boolean reads(Path path) {
    return false;
  }

  @Override
  public Checkpoint read(Path path) {
    throw new UnsupportedOperationException(
        path
            + ": models are written to onnx, not read from it; give the checkpoint that it was"
            + " written from");
  }

  /**
   * Writes a new file.
   *
   * @throws IllegalArgumentException for models that have no such file: with layers that it does
   *     not know, or of more than 2 GiB
   * @throws FileAlreadyExistsException when there is something at that path
   */
  @Override
  public void write(Checkpoint checkpoint, Path path) throws IOException {
    refuse(size(checkpoint));
    if (Files.exists(path)) {
      throw new FileAlreadyExistsException(
          path.toString(), null, "a model is written to a new file; delete this first");
    }
    ModelProto model = Export.of(checkpoint);
    WholeFiles.write(
        path,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          model.writeTo(out);
          out.flush();
        });
  }

  private static long size(Checkpoint checkpoint) {
    return checkpoint.parameters().entrySet().stream()
        .mapToLong(
            parameter ->
                checkpoint
                    .quantization()
                    .filter(each -> each.grids().containsKey(parameter.getKey()))
                    .map(each -> each.grids().get(parameter.getKey()))
                    .filter(grid -> grid.largest() <= Byte.MAX_VALUE)
                    .map(grid -> parameter.getValue().size())
                    .orElse(parameter.getValue().bytes()))
        .sum();
  }

  /** Refuses parameters of so many bytes that no file holds them. */
  static void refuse(long bytes) {
    if (bytes > MOST - SPARE) {
      throw new IllegalArgumentException(
          "a file of ONNX holds less than 2 GiB, the parameters of this model take %.1f GiB"
              .formatted(bytes / (double) (1 << 30)));
    }
  }
}
