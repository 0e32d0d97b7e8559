package io.secateur.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Dropout;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Examples;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A network, a data set and a context small enough to be trained in no time. */
public final class Toys {
  /** Six numbers, three classes. */
  public static final Task.Classification TASK = new Task.Classification(new Shape(6), 3);

  /** With dropout, so that training draws from the engine's generator. */
  public static final Architecture NETWORK =
      new Architecture(
          new Shape(6),
          List.of(
              new Linear("hidden", 8),
              new Relu("relu"),
              new Dropout("dropout", 0.25),
              new Linear("out", 3)));

  private Toys() {}

  /** Returns the network with first parameters. */
  public static Checkpoint dense(long seed) {
    return new Checkpoint(NETWORK, NETWORK.initialise(Initialisation.PYTORCH, seed));
  }

  /** Returns a checkpoint with about half of the weights of every layer pruned. */
  public static Checkpoint pruned(Checkpoint dense, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> parameters = new LinkedHashMap<>(dense.parameters());
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ParameterSpec spec : dense.architecture().prunable()) {
      Mask mask = Mask.of(spec.form(), cell -> random.nextBoolean());
      float[] values = dense.parameter(spec.name()).toFloats();
      mask.zero(FloatBuffer.wrap(values), 0);
      masks.put(spec.name(), mask);
      parameters.put(spec.name(), Tensor.of(spec.shape(), values));
    }
    return dense.withParameters(parameters).withMasks(masks);
  }

  /** Examples whose three classes lie around different points. */
  public static Examples examples(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] inputs = new float[size][6];
    long[] classes = new long[size];
    for (int i = 0; i < size; i++) {
      classes[i] = i % 3;
      for (int k = 0; k < 6; k++) {
        inputs[i][k] = (float) (random.nextDouble(-1, 1) + (k % 3 == classes[i] ? 1 : 0));
      }
    }
    return new Rows(inputs, classes);
  }

  private static final class Rows implements Examples {
    private final float[][] inputs;
    private final long[] classes;

    Rows(float[][] inputs, long[] classes) {
      this.inputs = inputs;
      this.classes = classes;
    }

    @Override
    public int size() {
      return classes.length;
    }

    @Override
    public Batch batch(int[] indices, NDManager manager) {
      float[][] rows = new float[indices.length][];
      long[] targets = new long[indices.length];
      for (int i = 0; i < indices.length; i++) {
        rows[i] = inputs[indices[i]];
        targets[i] = classes[indices[i]];
      }
      return new Batch(manager.create(rows), manager.create(targets));
    }
  }

  /** Remembers what a stage said. */
  public static class Context implements Stage.Context {
    /** What was recorded. */
    public final List<Stage.Row> rows = new ArrayList<>();

    /** What was said. */
    public final List<String> lines = new ArrayList<>();

    /** What can be recalled. */
    public final Map<Point, Checkpoint> past = new HashMap<>();

    /** Which seeds were asked for. */
    public final List<String> purposes = new ArrayList<>();

    private final Examples train;
    private final Examples test;

    /** A context with 50 training and 30 test examples. */
    public Context() {
      this(examples(50, 1), examples(30, 2));
    }

    Context(Examples train, Examples test) {
      this.train = train;
      this.test = test;
    }

    @Override
    public Examples data(Split split) {
      return split == Split.TRAIN ? train : test;
    }

    @Override
    public Task task() {
      return TASK;
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public long seed(String purpose) {
      purposes.add(purpose);
      return purpose.hashCode();
    }

    @Override
    public Checkpoint recall(Point point) {
      Checkpoint checkpoint = past.get(point);
      if (checkpoint == null) {
        throw new IllegalArgumentException("nothing to recall at " + point);
      }
      return checkpoint;
    }

    @Override
    public void record(Stage.Row row) {
      rows.add(row);
    }

    @Override
    public void say(String line) {
      lines.add(line);
    }

    @Override
    public void progress(long done, long total) {}
  }
}
