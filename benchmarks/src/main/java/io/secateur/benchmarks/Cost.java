package io.secateur.benchmarks;

/**
 * What a piece of work cannot do without, and so which of the machine's limits it meets.
 *
 * @param amount bytes that must be read or written, or floating-point operations
 */
public record Cost(double amount, Limit limit) {

  /** A limit of the machine, measured in the same run. */
  public enum Limit {
    /** All cores read memory. */
    MEMORY("GB/s"),
    /** The engine's product of float32 matrices. */
    FLOAT32("GFLOP/s"),
    /** The engine's product of float64 matrices. */
    FLOAT64("GFLOP/s"),
    /** Waits for disks or processes: no limit that is measured here. */
    NONE("GB/s");

    private final String unit;

    Limit(String unit) {
      this.unit = unit;
    }

    /** Returns the unit of rates, a billion a second. */
    String unit() {
      return unit;
    }
  }

  /** Bytes. */
  static Cost bytes(double bytes) {
    return new Cost(bytes, Limit.MEMORY);
  }

  /** Returns what was done in a second, in billions. */
  double rate(double seconds) {
    return amount / seconds / 1e9;
  }
}
