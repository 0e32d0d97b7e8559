package io.secateur.spi;

import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;

/** A file format that checkpoints are written to and read from. */
public interface Format extends Plugin {
  /** Returns whether a path looks like this format: by name, or by its first bytes. */
  boolean reads(Path path);

  /** Reads a checkpoint. Malformed files are refused with the offset. */
  Checkpoint read(Path path) throws IOException;

  /** Writes a checkpoint, whole or not at all. */
  void write(Checkpoint checkpoint, Path path) throws IOException;
}
