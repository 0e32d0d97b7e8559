package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.CellwiseMethod;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.concurrent.atomic.AtomicInteger;

/** Methods of which each breaks one rule. */
public final class MethodDefects {
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final float TIED = 0.5f;

  private MethodDefects() {}

  /** Magnitudes, without a fault. */
  public interface Magnitude extends ScoringMethod {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "Scores by magnitude.";
    }

    @Override
    default NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs();
    }
  }

  /** Keeps what is large as it is, without a fault. */
  public interface Keeping extends ReconstructingMethod {
    @Override
    default String name() {
      return "planted";
    }

    @Override
    default String description() {
      return "Keeps the largest.";
    }

    @Override
    default NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      return kept(weight.matrix(), selector.keep(weight.matrix().abs(), 0));
    }
  }

  private static NDArray kept(NDArray matrix, NDArray keep) {
    return NDArrays.where(keep, matrix, matrix.zerosLike());
  }

  private static int cells(Weight weight, boolean zero) {
    int count = 0;
    for (float cell : weight.matrix().toFloatArray()) {
      count += (zero ? cell == 0 : cell == TIED) ? 1 : 0;
    }
    return count;
  }

  /** Breaks nothing. */
  public record Sound() implements Magnitude {}

  /** Breaks nothing. */
  public record SoundRepair() implements Keeping {}

  /** No service file names it. */
  public record Unregistered() implements Magnitude {}

  /** Its name is none. */
  public record BadName() implements Magnitude {
    @Override
    public String name() {
      return "Bad_Name";
    }
  }

  /** Equal to nothing but itself. */
  public record OwnIdentity() implements Magnitude {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** Says nothing of itself. */
  public record Silent() implements Magnitude {
    @Override
    public String description() {
      return " ";
    }
  }

  /** Its constructor changes what it is given. */
  public record Shrinking(double rate) implements Magnitude {
    public Shrinking() {
      this(1);
    }

    public Shrinking {
      rate *= 0.75;
    }
  }

  /** Its constructor throws what it should not. */
  public record Dividing(int parts) implements Magnitude {
    public Dividing() {
      this(2);
    }

    public Dividing {
      if (1 / parts > 1) {
        throw new IllegalArgumentException("parts must be at least 1, was " + parts);
      }
    }
  }

  /** Gives one score per row without saying so. */
  public record OnePerRow() implements Magnitude {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs().sum(new int[] {1}, true);
    }
  }

  /** Divides by the sum of a row, which may be 0. */
  public record RowShare() implements Magnitude {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      NDArray size = weight.matrix().abs();
      return size.div(size.sum(new int[] {1}, true));
    }
  }

  /** Remembers how often it was called. */
  public record Remembering() implements Magnitude {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs().add(CALLS.incrementAndGet());
    }
  }

  /** Says that rows are independent and divides by the sum of all. */
  public record FalselyRowwise() implements Magnitude {
    @Override
    public boolean rowwise() {
      return true;
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs().div(weight.matrix().abs().sum());
    }
  }

  /** Scores in Java by other numbers than in the engine. */
  public record FalselyCellwise() implements Magnitude, CellwiseMethod {
    @Override
    public boolean rowwise() {
      return true;
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs();
    }

    @Override
    public void score(float[] numbers, int length) {
      for (int i = 0; i < length; i++) {
        numbers[i] = 1 + Math.abs(numbers[i]);
      }
    }
  }

  /** Writes to the weight. */
  public record Writing() implements Magnitude {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().muli(2).abs();
    }
  }

  /** Makes an array in a manager that it never closes. */
  public record Hoarding() implements Magnitude {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      NDManager.newBaseManager("PyTorch").ones(new Shape(3));
      return weight.matrix().abs();
    }
  }

  /** Fails on a shape that only slices of a model have. */
  public record Choosy() implements Magnitude {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      if (weight.form().rows() == 32) {
        throw new IllegalStateException("32 rows");
      }
      return weight.matrix().abs();
    }
  }

  /** Fails where all weights are equal. */
  public record AfraidOfTies() implements Magnitude {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      if (cells(weight, false) > 24) {
        throw new IllegalStateException("ties");
      }
      return weight.matrix().abs();
    }
  }

  /** Fails where more than half is pruned already. */
  public record AfraidOfZeros() implements Magnitude {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      if (weight.matrix().size() > 24 && cells(weight, true) > 0.55 * weight.matrix().size()) {
        throw new IllegalStateException("zeros");
      }
      return weight.matrix().abs();
    }
  }

  /** Fails where few columns are decided together. */
  public record AfraidOfTiles() implements Keeping {
    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      if (selector.width() == 2 || selector.width() == 4) {
        throw new IllegalStateException("tiles");
      }
      return Keeping.super.reconstruct(weight, statistics, selector);
    }
  }

  /** Multiplies by 0, which leaves -0.0. */
  public record SignedZeros() implements Keeping {
    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      NDArray keep = selector.keep(weight.matrix().abs(), 0);
      return weight.matrix().mul(keep.toType(weight.matrix().getDataType(), true));
    }
  }

  /** Repairs for the worse. */
  public record Worsening() implements Keeping {
    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      return Keeping.super.reconstruct(weight, statistics, selector).mul(3);
    }
  }

  /** Overflows on large weights. */
  public record Overflowing() implements Keeping {
    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      NDArray kept = Keeping.super.reconstruct(weight, statistics, selector);
      return NDArrays.where(kept.abs().gt(1000), kept.mul(1e38f), kept);
    }
  }

  /** Fails on a single row. */
  public record NoSingleRows() implements Keeping {
    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      if (weight.form().rows() == 1) {
        throw new IllegalStateException("a single row");
      }
      return Keeping.super.reconstruct(weight, statistics, selector);
    }
  }

  /** Remembers how often it was called, where weights are large. */
  public record RememberingRepair() implements Keeping {
    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      NDArray kept = Keeping.super.reconstruct(weight, statistics, selector);
      NDArray more = kept.add(CALLS.incrementAndGet());
      return NDArrays.where(kept.abs().gt(1000), more, kept);
    }
  }

  /** Writes to the weight behind its back. */
  public record WritingRepair() implements Keeping {
    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      NDArray kept = Keeping.super.reconstruct(weight, statistics, selector);
      weight.matrix().muli(2);
      return kept;
    }
  }

  /** Makes an array in a manager that it never closes. */
  public record HoardingRepair() implements Keeping {
    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      NDManager.newBaseManager("PyTorch").ones(new Shape(3));
      return Keeping.super.reconstruct(weight, statistics, selector);
    }
  }
}
