package @package@;

import io.secateur.spi.Schedule;

/**
 * A power of the progress: fast at first below 1, evenly at 1, fast at the end above.
 *
 * @param exponent the power, above 0
 */
public record @class@(double exponent) implements Schedule {
  /** A square root: most of it early. */
  public @class@() {
    this(0.5);
  }

  public @class@ {
    if (!(exponent > 0 && exponent < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("exponent must be above 0 and finite, was " + exponent);
    }
  }

  @Override
  public String name() {
    return "@name@";
  }

  @Override
  public String description() {
    return """
        Sparsity as a power of the progress: s(p) = target * p^exponent.
        Why it should work: with an exponent below 1 much is pruned early, where much is redundant,
        and little late, where each weight matters.""";
  }

  /** Never falls, and is the target itself at progress 1. */
  @Override
  public double sparsity(double progress, double target) {
    return target * StrictMath.pow(progress, exponent);
  }
}
