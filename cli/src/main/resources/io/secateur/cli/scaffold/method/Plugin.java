package @package@;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;

/**
 * Magnitude against the mean magnitude of the row.
 *
 * @param exponent how much the row counts, from 0 (not at all, which is plain magnitude) to 1
 */
public record @class@(double exponent) implements ScoringMethod {
  /** Added to every divisor, so that a row of zeros gives scores of 0, not NaN. */
  private static final float TINY = 1e-30f;

  /** The row counts in full. */
  public @class@() {
    this(1);
  }

  public @class@ {
    if (!(exponent >= 0 && exponent <= 1)) {
      throw new IllegalArgumentException("exponent must be from 0 to 1, was " + exponent);
    }
  }

  @Override
  public String name() {
    return "@name@";
  }

  @Override
  public String description() {
    return """
        Scores a weight by its magnitude over a power of the mean magnitude of its row:
        s = |w| / mean(|row|)^exponent.
        Why it should work: rows of small weights keep their largest ones.""";
  }

  /** A row's scores depend on that row alone, so that large weights may come some rows at a time. */
  @Override
  public boolean rowwise() {
    return true;
  }

  /** A row per output unit; the lowest scores are pruned, the highest are kept. */
  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray size = weight.matrix().abs();
    NDArray row = size.mean(new int[] {1}, true).pow(exponent);
    return size.div(row.add(TINY));
  }
}
