package io.secateur.study;

import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run left in its store, for reports: its checkpoints, and the files that measurements gave
 * beside their values. Reads only; needs no natives. Checkpoints that were read are kept.
 */
public final class Archive {
  private final Path run;
  private final List<CheckpointRef> checkpoints;
  private final Map<String, Checkpoint> read = new HashMap<>();

  private Archive(Path run, List<CheckpointRef> checkpoints) {
    this.run = run;
    this.checkpoints = checkpoints;
  }

  /**
   * Opens the archive of a run; a folder without {@code checkpoints.jsonl} has an empty one.
   *
   * @throws IllegalArgumentException when that file is damaged
   */
  public static Archive of(Path run) throws IOException {
    Path file = run.resolve("checkpoints.jsonl");
    if (!Files.isRegularFile(file)) {
      return new Archive(run, List.of());
    }
    try {
      return new Archive(run, RunFile.lines(file, CheckpointRef.class));
    } catch (StudyException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Returns the checkpoints in the order of arms, seeds and pipelines. */
  public List<CheckpointRef> checkpoints() {
    return checkpoints;
  }

  /**
   * Returns whether a checkpoint has masks; says so without reading its tensors.
   *
   * @throws IOException when the store does not have it, in a sentence
   */
  public boolean masked(CheckpointRef ref) throws IOException {
    Manifest.Model model = manifest(ref).model();
    return model != null && !model.masks().isEmpty();
  }

  /**
   * Returns whether a checkpoint is quantized; says so without reading its tensors.
   *
   * @throws IOException when the store does not have it, in a sentence
   */
  public boolean quantized(CheckpointRef ref) throws IOException {
    Manifest.Model model = manifest(ref).model();
    return model != null && model.quantization() != null;
  }

  /**
   * Reads a checkpoint.
   *
   * @throws IOException when the store does not have it undamaged, in a sentence
   */
  public Checkpoint read(CheckpointRef ref) throws IOException {
    Checkpoint known = read.get(ref.key());
    if (known != null) {
      return known;
    }
    // What a training needs to go on with is twice the size of the rest.
    Checkpoint checkpoint = store(ref.store()).checkpoint(ref.key()).withTraining(Optional.empty());
    read.put(ref.key(), checkpoint);
    return checkpoint;
  }

  /**
   * Reads a file that a measurement gave; nothing when it gave none of that name.
   *
   * @param key the measurement's step, as result rows name it
   * @throws IOException when the store is not there or the file is damaged, in a sentence
   */
  public Optional<byte[]> kept(String key, String name) throws IOException {
    if (checkpoints.isEmpty()) {
      return Optional.empty();
    }
    return store(checkpoints.get(0).store()).kept(key, name);
  }

  private Manifest manifest(CheckpointRef ref) throws IOException {
    return store(ref.store())
        .manifest(ref.key())
        .orElseThrow(
            () -> new IOException("the store has the checkpoint %s no more".formatted(ref.name())));
  }

  private Store store(String folder) throws IOException {
    Path store = run.resolve(folder);
    if (!Files.isDirectory(store)) {
      throw new IOException("the run's store, %s, is not there".formatted(store));
    }
    return Store.reading(store);
  }
}
