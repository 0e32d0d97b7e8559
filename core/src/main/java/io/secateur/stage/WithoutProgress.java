package io.secateur.stage;

import ai.djl.Device;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Examples;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;

/** A stage's surroundings for what is done within its steps, whose progress is not the stage's. */
public record WithoutProgress(Stage.Context whole) implements Stage.Context {
  @Override
  public Examples data(Split split) throws IOException {
    return whole.data(split);
  }

  @Override
  public Task task() {
    return whole.task();
  }

  @Override
  public Device device() {
    return whole.device();
  }

  @Override
  public long seed(String purpose) {
    return whole.seed(purpose);
  }

  @Override
  public Checkpoint recall(Point point) throws IOException {
    return whole.recall(point);
  }

  @Override
  public Checkpoint fresh(long seed) throws IOException {
    return whole.fresh(seed);
  }

  @Override
  public void record(Stage.Row row) {
    whole.record(row);
  }

  @Override
  public void say(String line) {
    whole.say(line);
  }

  @Override
  public void progress(long done, long total) {
    // The stage counts its own steps.
  }
}
