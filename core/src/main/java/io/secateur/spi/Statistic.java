package io.secateur.spi;

import ai.djl.ndarray.NDArray;

/**
 * A quantity summed over calibration batches; the sum must be commutative and associative. A plugin
 * may bring its own: a record or enum that implements one of the five kinds.
 */
public sealed interface Statistic {
  /** Returns two parts together. */
  default NDArray plus(NDArray a, NDArray b) {
    return a.add(b);
  }

  /** Observes a layer's inputs: a row per sample and position, a column as in the weight matrix. */
  non-sealed interface OfInputs extends Statistic {
    /** Returns one batch's part. */
    NDArray of(NDArray inputs);
  }

  /**
   * Observes a layer's outputs: a row per sample and position, a column per output unit. Of coupled
   * units those behind a batch norm that follows the layer at once, which goes with the unit.
   */
  non-sealed interface OfOutputs extends Statistic {
    /** Returns one batch's part. */
    NDArray of(NDArray outputs);
  }

  /** Observes the gradient of the batch's mean loss in the shape of the weight matrix. */
  non-sealed interface OfGradients extends Statistic {
    /** Returns one batch's part. */
    NDArray of(NDArray gradient);

    /**
     * Returns whether it observes the gradients of single examples: calibration then shows them one
     * by one, whatever its batch.
     */
    default boolean perExample() {
      return false;
    }
  }

  /**
   * Observes a layer's outputs, as {@link OfOutputs} does, beside the loss's gradient with respect
   * to them, same shapes.
   */
  non-sealed interface OfOutputGradients extends Statistic {
    /** Returns one batch's part. */
    NDArray of(NDArray outputs, NDArray gradients);

    /**
     * Returns one batch's part, where an example must be told from the next: each has equally many
     * rows, one for each position, and its rows follow one another.
     *
     * @param examples how many there are in the batch; the gradient is that of their mean loss
     */
    default NDArray of(NDArray outputs, NDArray gradients, long examples) {
      return of(outputs, gradients);
    }
  }

  /**
   * Observes a weight beside the gradient of the batch's mean loss, both in the shape of the weight
   * matrix, before every optimiser step of the training that prunes by it.
   */
  non-sealed interface OfTraining extends Statistic {
    /** Returns one step's part. */
    NDArray of(NDArray weight, NDArray gradient);

    /** Returns where a training's state keeps the sum of a weight, {@code <weight>/<statistic>}. */
    default String slot(String weight) {
      return weight + "/" + toString().replace('/', '-');
    }
  }

  /** The usual statistics of inputs. */
  enum Inputs implements OfInputs {
    /** Squared norm of each column (Wanda). */
    SQUARED_NORM {
      @Override
      public NDArray of(NDArray inputs) {
        return inputs.square().sum(new int[] {0});
      }
    },
    /** Gram matrix of the columns (SparseGPT, GPTQ). */
    GRAM {
      @Override
      public NDArray of(NDArray inputs) {
        return inputs.transpose().matMul(inputs);
      }
    }
  }

  /** The usual statistics of gradients. */
  enum Gradients implements OfGradients {
    /** Sum of gradients (SNIP, first-order Taylor). */
    SUM {
      @Override
      public NDArray of(NDArray gradient) {
        return gradient.duplicate();
      }
    },
    /** Sum of the gradients' magnitudes. */
    ABSOLUTE {
      @Override
      public NDArray of(NDArray gradient) {
        return gradient.abs();
      }
    },
    /** Sum of squared gradients of batches. */
    SQUARED {
      @Override
      public NDArray of(NDArray gradient) {
        return gradient.square();
      }
    },
    /** Sum of squared gradients of single examples (empirical Fisher diagonal). */
    FISHER {
      @Override
      public NDArray of(NDArray gradient) {
        return gradient.square();
      }

      @Override
      public boolean perExample() {
        return true;
      }
    }
  }
}
