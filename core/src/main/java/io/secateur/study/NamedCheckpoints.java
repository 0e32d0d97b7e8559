package io.secateur.study;

import com.google.inject.Inject;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads checkpoints by what people call them: a folder, a file of any format that is read, or
 * {@code RUN#arm/seed/round}.
 */
public final class NamedCheckpoints {
  private final Runs runs;
  private final Catalogs catalogs;

  /** Checkpoints in files of these formats, and of runs. */
  @Inject
  public NamedCheckpoints(Runs runs, Catalogs catalogs) {
    this.runs = runs;
    this.catalogs = catalogs;
  }

  /**
   * Reads a checkpoint; nothing when no file is there and the name is not one of a run's.
   *
   * @throws StudyException when a run has no such checkpoint
   */
  public Optional<Checkpoint> find(String name) throws IOException {
    Optional<Path> path = path(name);
    if (path.isPresent() && Files.exists(path.get())) {
      return Optional.of(read(path.get()));
    }
    return Runs.isReference(name) ? Optional.of(runs.read(name)) : Optional.empty();
  }

  private Checkpoint read(Path path) throws IOException {
    for (Catalog.Entry<Format> entry : catalogs.of(Format.class).entries()) {
      Format format = entry.defaults();
      if (format.reads(path)) {
        return format.read(path);
      }
    }
    return CheckpointFiles.read(path);
  }

  private static Optional<Path> path(String name) {
    try {
      return Optional.of(Path.of(name));
    } catch (InvalidPathException e) {
      // What cannot be a path may still name a run.
      return Optional.empty();
    }
  }
}
