package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.SafetensorsFormat;
import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Format;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Data sets and formats of which each breaks one rule. */
public final class DatasetDefects {
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final int SIZE = 20;
  private static final Task TASK = new Task.Classification(new Shape(4), 3);

  private DatasetDefects() {}

  /** Made-up numbers, without a fault. */
  public interface MadeUp extends DatasetSource {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "Made-up numbers.";
    }

    @Override
    default Task task() {
      return TASK;
    }

    @Override
    default int size(Split split, DataFiles files) {
      return split == Split.TRAIN || split == Split.TEST ? SIZE : 0;
    }

    @Override
    default Examples open(Split split, DataFiles files) {
      return new TrialExamples(TASK, SIZE, split.name().hashCode());
    }

    @Override
    default String fingerprint(DataFiles files) {
      return "made up";
    }
  }

  /** Counts one too many. */
  public record Miscounting() implements MadeUp {
    @Override
    public int size(Split split, DataFiles files) {
      return MadeUp.super.size(split, files) == 0 ? 0 : SIZE + 1;
    }
  }

  /** Has a class that the task does not know. */
  public record UnknownClass() implements MadeUp {
    @Override
    public Examples open(Split split, DataFiles files) {
      return new Changed(MadeUp.super.open(split, files), false);
    }
  }

  /** Gives examples in its own order. */
  public record OwnOrder() implements MadeUp {
    @Override
    public Examples open(Split split, DataFiles files) {
      return new Changed(MadeUp.super.open(split, files), true);
    }
  }

  private record Changed(Examples examples, boolean sorted) implements Examples {
    @Override
    public int size() {
      return examples.size();
    }

    @Override
    public Batch batch(int[] indices, NDManager manager) {
      int[] own = indices.clone();
      if (sorted) {
        Arrays.sort(own);
        return examples.batch(own, manager);
      }
      Batch batch = examples.batch(indices, manager);
      NDArray targets = batch.targets().add(manager.create(1L));
      return new Batch(batch.inputs(), targets);
    }
  }

  /** Other examples whenever it is opened. */
  public record Changing() implements MadeUp {
    @Override
    public Examples open(Split split, DataFiles files) {
      return new TrialExamples(TASK, SIZE, CALLS.incrementAndGet());
    }
  }

  /** Tests on what it trains on. */
  public record OnePart() implements MadeUp {
    @Override
    public Examples open(Split split, DataFiles files) {
      return MadeUp.super.open(Split.TRAIN, files);
    }
  }

  /** Folders of safetensors, without a fault. */
  public interface Folders extends Format {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "Folders of safetensors.";
    }

    @Override
    default boolean reads(Path path) {
      return new SafetensorsFormat().reads(path);
    }

    @Override
    default Checkpoint read(Path path) throws IOException {
      return new SafetensorsFormat().read(path);
    }

    @Override
    default void write(Checkpoint checkpoint, Path path) throws IOException {
      new SafetensorsFormat().write(checkpoint, path);
    }
  }

  /** Does not know its own files. */
  public record Stranger() implements Folders {
    @Override
    public boolean reads(Path path) {
      return false;
    }
  }

  /** Forgets the masks. */
  public record Forgetful() implements Folders {
    @Override
    public Checkpoint read(Path path) throws IOException {
      return Folders.super.read(path).withMasks(Map.of());
    }
  }

  /** Takes the place of what is there. */
  public record Ruthless() implements Folders {
    @Override
    public void write(Checkpoint checkpoint, Path path) throws IOException {
      if (Files.isRegularFile(path)) {
        Files.delete(path);
      }
      Folders.super.write(checkpoint, path);
    }
  }

  /** Leaves what it needed on its way. */
  public record Littering() implements Folders {
    @Override
    public void write(Checkpoint checkpoint, Path path) throws IOException {
      Path way = path.resolveSibling("on-its-way");
      if (Files.isDirectory(way)) {
        WholeFiles.delete(way);
      }
      Folders.super.write(checkpoint, way);
      Folders.super.write(checkpoint, path);
    }
  }

  /** Makes something up for what it cannot read. */
  public record Inventing() implements Folders {
    @Override
    public Checkpoint read(Path path) throws IOException {
      try {
        return Folders.super.read(path);
      } catch (IOException e) {
        return Trial.numbers().model();
      }
    }
  }
}
