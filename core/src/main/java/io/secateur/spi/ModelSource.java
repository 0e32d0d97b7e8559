package io.secateur.spi;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import java.io.IOException;

/** Where a pipeline's first checkpoint comes from: freshly initialised, or read from a file. */
public interface ModelSource extends Plugin {
  /**
   * Returns the architecture for a task; needs no natives and no weights.
   *
   * @throws IllegalArgumentException when the model does not fit the task, saying why
   */
  Architecture architecture(Task task);

  /**
   * Returns a digest of the files that the first parameters come from, which is part of every key;
   * empty for a model that reads none.
   */
  default String fingerprint() throws IOException {
    return "";
  }

  /** Returns the model with its first parameters: equal seeds give equal parameters. */
  Checkpoint open(Task task, long seed) throws IOException;
}
