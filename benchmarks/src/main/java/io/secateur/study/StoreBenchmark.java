package io.secateur.study;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.Task;
import io.secateur.zoo.Lenet300100;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the store adds to a step of LeNet-300-100, whose 266,610 numbers take 1.07 MB. */
@State(Scope.Benchmark)
public class StoreBenchmark {
  private static final Task TASK = new Task.Classification(new Shape(784), 10);
  private static final String DONE = "a".repeat(64);

  /** Unused; every benchmark has one parameter. */
  @Param("lenet-300-100")
  public String work = "";

  private final Lenet300100 lenet = new Lenet300100();
  private Checkpoint next = lenet.open(TASK, 0);
  private long number;
  private Path folder = Path.of("");
  private Store store = Store.reading(folder);

  /** Opens a store with one finished step. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory("secateur-benchmark");
    store = Store.open(folder, Clock.systemUTC());
    publish(DONE, next);
  }

  private void publish(String key, Checkpoint checkpoint) throws IOException {
    store.publish(
        new Manifest(
            Manifest.FORMAT,
            key,
            "benchmark",
            "",
            store.shelve(checkpoint),
            List.of(),
            List.of(),
            List.of(),
            new Manifest.Made("machine", "host", 1, "now", 1, "version"),
            null));
  }

  /** A checkpoint that no step has given before. */
  @State(Scope.Thread)
  public static class Fresh {
    /** Makes it, outside of what is timed. */
    @Setup(Level.Invocation)
    public void make(StoreBenchmark benchmark) {
      benchmark.number++;
      benchmark.next = benchmark.lenet.open(TASK, benchmark.number);
    }
  }

  /** Stores a checkpoint and publishes its step, until the disk has both. */
  @Benchmark
  public void publish(Fresh fresh) throws IOException {
    publish("%064x".formatted(number), next);
  }

  /** Reads a checkpoint back in a process that has not seen it. */
  @Benchmark
  public Checkpoint readBack() throws IOException {
    return Store.reading(folder).checkpoint(DONE);
  }

  /** Finds, as a run does that has nothing to do, that a step is done and as it was written. */
  @Benchmark
  public boolean findDone() throws IOException {
    return Store.reading(folder).isIntact(DONE);
  }

  /** Removes the store. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    WholeFiles.delete(folder);
  }
}
