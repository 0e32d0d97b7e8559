package io.secateur;

import ai.djl.Device;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.sparsity.Lanes;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Examples;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import io.secateur.study.Seeds;
import io.secateur.study.StoredMasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The surroundings of a stage, or of a measurement, outside any study: the seeds are those that a
 * study's stage before any rounds would have.
 *
 * @param folder in which metrics may make folders
 */
record ModelContext(
    Data data, Task task, Device device, long replicate, Consumer<String> listener, Path folder)
    implements Stage.Context, Evaluation.Setting {

  /** Where examples come from. */
  interface Data {
    Examples of(Split split) throws IOException;
  }

  @Override
  public Examples data(Split split) throws IOException {
    return data.of(split);
  }

  @Override
  public long seed(String purpose) {
    return Seeds.of(replicate, purpose, 0);
  }

  @Override
  public Checkpoint recall(Point point) {
    throw new IllegalStateException(
        "there is no pipeline here whose %s could be gone back to; run a study".formatted(point));
  }

  @Override
  public Map<String, Mask> storedMasks(String place, Architecture architecture) throws IOException {
    return StoredMasks.read(place, architecture);
  }

  @Override
  public void record(Stage.Row row) {
    // What was measured on the way is said too; results are those of evaluate.
  }

  @Override
  public void say(String line) {
    listener.accept(line);
  }

  @Override
  public void progress(long done, long total) {
    // A program that calls has its own thread to show that it waits.
  }

  @Override
  public int threads() {
    return Lanes.most();
  }

  @Override
  public LongSupplier nanos() {
    return System::nanoTime;
  }
}
