package io.secateur.study;

import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run folder's store with checkpoints and kept files that no run made. */
public final class MadeUpStore {
  private final Path run;
  private final Store store;

  /** A store in the folder of a run, which is made. */
  public MadeUpStore(Path run) {
    this.run = run;
    try {
      Files.createDirectories(run);
      this.store = Store.open(run.resolve("store"), Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a checkpoint where an arm stands next. */
  public MadeUpStore at(
      String arm, long seed, int round, String stage, String label, Checkpoint checkpoint) {
    try {
      String key = Digests.sha256("%s %d %d %s %s".formatted(arm, seed, round, stage, label));
      publish(key, store.shelve(checkpoint), List.of());
      Files.writeString(
          run.resolve("checkpoints.jsonl"),
          Json.line(new CheckpointRef(arm, seed, round, stage, label, "", key, "store")) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a measurement that keeps files. */
  public MadeUpStore keeping(String key, Map<String, byte[]> files) {
    try {
      publish(key, null, store.keep(files));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void publish(String key, Manifest.@Nullable Model model, List<Manifest.Bytes> kept)
      throws IOException {
    store.publish(
        new Manifest(
            Manifest.FORMAT,
            key,
            "why",
            "",
            model,
            List.of(),
            List.of(),
            kept,
            new Manifest.Made("m", "h", 2, "now", 1.5, "v"),
            null));
  }
}
