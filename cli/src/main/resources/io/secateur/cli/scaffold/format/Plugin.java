package @package@;

import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parameters as text, a line for each number, for spreadsheets and scripts. */
public record @class@() implements Format {
  @Override
  public String name() {
    return "@name@";
  }

  @Override
  public String description() {
    return """
        A table in text: parameter, index in row-major order, value; a line for each number. It is
        for others to read, and is not read back.""";
  }

  /** What is written does not hold the architecture. */
  @Override
  public boolean reads(Path path) {
    return false;
  }

  @Override
  public Checkpoint read(Path path) {
    throw new UnsupportedOperationException("@name@ holds no architecture, and is not read back");
  }

  /** Whole or not at all, and never over a file that is there. */
  @Override
  public void write(Checkpoint checkpoint, Path path) throws IOException {
    if (Files.exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    WholeFiles.write(
        path,
        channel -> {
          ByteBuffer bytes = ByteBuffer.wrap(text(checkpoint).getBytes(StandardCharsets.UTF_8));
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  static String text(Checkpoint checkpoint) {
    StringBuilder text = new StringBuilder("parameter,index,value\n");
    checkpoint
        .parameters()
        .forEach(
            (name, tensor) -> {
              float[] values = tensor.toFloats();
              for (int i = 0; i < values.length; i++) {
                text.append(name).append(',').append(i).append(',').append(values[i]).append('\n');
              }
            });
    return text.toString();
  }
}
