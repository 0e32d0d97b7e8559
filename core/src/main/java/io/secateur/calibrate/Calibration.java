package io.secateur.calibrate;

/**
 * How much is shown to a network to gather statistics, in which portions, and through which layers
 * it comes.
 *
 * @param examples drawn from the training part without replacement; all of it when it has fewer
 * @param batch shown at once; a gradient is one of a batch's mean loss
 * @param order whether what is pruned before a layer counts for what the layer sees
 */
public record Calibration(int examples, int batch, Order order) {
  public Calibration {
    if (examples < 1) {
      throw new IllegalArgumentException("examples must be at least 1, was " + examples);
    }
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, was " + batch);
    }
  }

  /** All weights from the model as it is. */
  public Calibration(int examples, int batch) {
    this(examples, batch, Order.PARALLEL);
  }

  /** 512 examples, 64 at once. */
  public Calibration() {
    this(512, 64);
  }

  /** Through which layers the examples reach a layer whose inputs are observed. */
  public enum Order {
    /** Through the model as it is, all of it in one pass. */
    PARALLEL,
    /** Through the pruned layers before it; a layer is pruned once it has been observed. */
    SEQUENTIAL,
    /**
     * Through the pruned blocks before it and its own block as it is; all weights of a block are
     * observed, then pruned, then the block's outputs computed anew, as the published code of
     * SparseGPT and Wanda does.
     */
    BLOCKS
  }
}
