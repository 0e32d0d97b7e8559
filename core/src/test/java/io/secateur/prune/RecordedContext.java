package io.secateur.prune;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Examples;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;

/** A stage's surroundings in a test: examples in memory, and what the stage recorded and said. */
public final class RecordedContext implements Stage.Context {
  private final Task task;
  private final Examples examples;
  private final List<Stage.Row> rows = new ArrayList<>();
  private final List<String> said = new ArrayList<>();

  /** Examples of a regression, or class numbers as only column of the targets; ids of tokens. */
  public RecordedContext(Task task, float[][] inputs, float[][] targets) {
    this(task, new InMemory(task, inputs, targets));
  }

  /** Examples of any kind. */
  public RecordedContext(Task task, Examples examples) {
    this.task = task;
    this.examples = examples;
  }

  /** No examples at all. */
  public RecordedContext() {
    this(new Task.Classification(new Shape(1), 2), new float[0][], new float[0][]);
  }

  private static final class InMemory implements Examples {
    private final Task task;
    private final float[][] inputs;
    private final float[][] targets;

    InMemory(Task task, float[][] inputs, float[][] targets) {
      this.task = task;
      this.inputs = inputs;
      this.targets = targets;
    }

    @Override
    public int size() {
      return inputs.length;
    }

    @Override
    public Batch batch(int[] indices, NDManager manager) {
      float[][] x = new float[indices.length][];
      float[][] y = new float[indices.length][];
      for (int i = 0; i < indices.length; i++) {
        x[i] = inputs[indices[i]];
        y[i] = targets[indices[i]];
      }
      Shape batch = new Shape(indices.length).addAll(task.input());
      NDArray shown = manager.create(x).reshape(batch);
      if (task instanceof Task.TokenPrediction) {
        shown = shown.toType(DataType.INT64, false);
      }
      NDArray wanted = manager.create(y);
      return new Batch(
          shown,
          task instanceof Task.Regression
              ? wanted
              : wanted.flatten().toType(DataType.INT64, false));
    }
  }

  /** Returns what was recorded, {@code metric layer value}. */
  public List<String> rows() {
    return rows.stream()
        .map(r -> (r.metric() + " " + r.layer() + " " + r.value() + r.unit()).replace("  ", " "))
        .toList();
  }

  /** Returns the lines said. */
  public List<String> said() {
    return said;
  }

  /** Returns the examples. */
  public Examples examples() {
    return examples;
  }

  @Override
  public Examples data(Split split) {
    return examples;
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public Device device() {
    return Device.cpu();
  }

  @Override
  public long seed(String purpose) {
    return purpose.hashCode();
  }

  @Override
  public Checkpoint recall(Point point) {
    throw new AssertionError("nothing is to be recalled: " + point);
  }

  @Override
  public void record(Stage.Row row) {
    rows.add(row);
  }

  @Override
  public void say(String line) {
    said.add(line);
  }

  @Override
  public void progress(long done, long total) {
    if (done > total) {
      throw new AssertionError(done + " of " + total);
    }
  }
}
