package io.secateur.prune;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Examples;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;

/** The surroundings of a pruning that needs no data. */
final class Alone implements Stage.Context {
  @Override
  public Examples data(Split split) {
    throw new UnsupportedOperationException("there is no data here");
  }

  @Override
  public Task task() {
    return new Task.Classification(new Shape(1), 2);
  }

  @Override
  public Device device() {
    return Device.cpu();
  }

  @Override
  public long seed(String purpose) {
    return 1;
  }

  @Override
  public Checkpoint recall(Point point) {
    throw new UnsupportedOperationException("nothing came before");
  }

  @Override
  public void record(Stage.Row row) {}

  @Override
  public void say(String line) {}

  @Override
  public void progress(long done, long total) {}
}
