package io.secateur.sparsity;

import java.util.List;
import java.util.Map;

/**
 * Decides which units go: exactly as many of every budget as its amount asks for, the lowest scores
 * first, ties in the order of a stable ascending sort (of equals the lower flat index is pruned
 * first, weights in the order given), never one that an earlier mask has pruned.
 */
public final class Selection {
  private Selection() {}

  /**
   * A weight that takes part.
   *
   * @param name names the weight in results and errors
   * @param before what is kept so far
   * @param scores for {@code Element} and {@code Block} one score per cell (a block's score is the
   *     sum over its remaining cells); for {@code Slice} one score per slice
   * @param amount how much goes; under global scope all candidates must have equal amounts
   */
  public record Candidate(String name, Mask before, Scores scores, Amount amount) {}

  /**
   * What was decided.
   *
   * @param masks the new masks by weight name, in the order of the candidates
   * @param warnings one line per budget group that had already lost more than asked
   */
  public record Outcome(Map<String, Mask> masks, List<String> warnings) {}

  /**
   * Selects.
   *
   * @throws IllegalArgumentException when a score is NaN, a count exceeds its budget's units, or
   *     sizes disagree; names the weight
   */
  public static Outcome select(Pattern pattern, List<Candidate> candidates) {
    throw new UnsupportedOperationException(pattern.toString() + candidates);
  }
}
