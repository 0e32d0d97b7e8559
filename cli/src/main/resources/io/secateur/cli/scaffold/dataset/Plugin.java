package @package@;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.util.Random;

/**
 * Points of the plane on rings around its origin, drawn by the program; the ring is the class.
 *
 * @param train how many to train on
 * @param test how many to test on
 * @param rings how many rings, with the radii 1, 2, ...
 * @param noise how far points lie off their ring
 */
public record @class@(int train, int test, int rings, double noise) implements DatasetSource {
  /** Three rings that hardly touch. */
  public @class@() {
    this(600, 300, 3, 0.15);
  }

  public @class@ {
    if (train < 1 || test < 1 || rings < 2 || !(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "train and test must be at least 1, rings at least 2, noise at least 0 and finite; were"
              + " %d, %d, %d and %s".formatted(train, test, rings, noise));
    }
  }

  @Override
  public String name() {
    return "@name@";
  }

  @Override
  public String description() {
    return """
        Points of the plane on rings with the radii 1, 2, ..., some noise off; the ring is the class.
        Drawn by the program; needs no files.""";
  }

  @Override
  public Task task() {
    return new Task.Classification(new Shape(2), rings);
  }

  /** Statistics are gathered from the training part; there is no part to choose by. */
  @Override
  public int size(Split split, DataFiles files) {
    return switch (split) {
      case TRAIN, CALIBRATION -> train;
      case TEST -> test;
      case VALIDATION -> 0;
    };
  }

  /** Equal settings give equal points; the parts are drawn from different seeds. */
  @Override
  public Examples open(Split split, DataFiles files) {
    int size = size(split, files);
    if (size == 0) {
      throw new IllegalArgumentException("@name@ has no examples for " + split);
    }
    Random random = new Random(split == Split.TEST ? 1 : 2);
    float[] points = new float[2 * size];
    long[] classes = new long[size];
    for (int i = 0; i < size; i++) {
      classes[i] = i % rings;
      double radius = 1 + classes[i] + noise * random.nextGaussian();
      double angle = 2 * Math.PI * random.nextDouble();
      points[2 * i] = (float) (radius * StrictMath.cos(angle));
      points[2 * i + 1] = (float) (radius * StrictMath.sin(angle));
    }
    return new Points(points, classes);
  }

  /** The settings are all that the points follow from; where files are read, it is their digest. */
  @Override
  public String fingerprint(DataFiles files) {
    return "drawn-1 " + this;
  }

  /** Two numbers and a class each. */
  private record Points(float[] points, long[] classes) implements Examples {
    @Override
    public int size() {
      return classes.length;
    }

    @Override
    public Batch batch(int[] indices, NDManager manager) {
      float[] inputs = new float[2 * indices.length];
      long[] targets = new long[indices.length];
      for (int i = 0; i < indices.length; i++) {
        System.arraycopy(points, 2 * indices[i], inputs, 2 * i, 2);
        targets[i] = classes[indices[i]];
      }
      return new Batch(
          manager.create(inputs, new Shape(indices.length, 2)), manager.create(targets));
    }
  }
}
