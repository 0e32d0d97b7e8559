package io.secateur.quantization;

/** How weights are rounded to integers. */
public sealed interface WeightRounding {
  /** Each weight to the nearest integer, ties to even. */
  record Nearest() implements WeightRounding {}

  /**
   * Column by column, what rounding a column costs being made good by those behind it (Frantar et
   * al., 2023).
   *
   * @param damping what is added to the diagonal of the inputs' Gram matrix, as a part of its mean
   * @param block columns whose effect on the columns behind is computed together
   * @param columns in which order columns are rounded
   */
  record Gptq(double damping, int block, Columns columns) implements WeightRounding {
    /** The paper's: damping 0.01, blocks of 128 columns, in order. */
    public Gptq() {
      this(0.01, 128, Columns.IN_ORDER);
    }

    public Gptq {
      if (!(damping >= 0) || Double.isInfinite(damping)) {
        throw new IllegalArgumentException("damping must be at least 0, was " + damping);
      }
      if (block < 1) {
        throw new IllegalArgumentException("block must be at least 1, was " + block);
      }
    }
  }

  /** In which order columns are rounded. */
  enum Columns {
    /** From left to right. */
    IN_ORDER,
    /** Those whose inputs are largest first, while most others can still make good for them. */
    BY_DIAGONAL
  }
}
