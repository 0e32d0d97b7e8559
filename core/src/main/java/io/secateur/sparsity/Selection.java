package io.secateur.sparsity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
   * @param warnings one line per budget group that had already lost more than asked, or that limits
   *     keep from losing as much
   * @param notes one line per budget group that loses less so that what stays is a multiple
   */
  public record Outcome(Map<String, Mask> masks, List<String> warnings, List<String> notes) {
    public Outcome {
      masks = Collections.unmodifiableMap(new LinkedHashMap<>(masks));
      warnings = List.copyOf(warnings);
      notes = List.copyOf(notes);
    }

    /** Without notes. */
    public Outcome(Map<String, Mask> masks, List<String> warnings) {
      this(masks, warnings, List.of());
    }
  }

  /**
   * Selects within limits. Exactly as many units go as are asked for, but where limits keep them: a
   * weight that has no more to give under global scope leaves the rest to the others.
   *
   * @throws IllegalArgumentException as without limits; also when scores cannot be normalised
   */
  public static Outcome select(Pattern pattern, List<Candidate> candidates, Limits limits) {
    limits.requireSuited(pattern);
    return limits.equals(Limits.NONE) || candidates.isEmpty()
        ? select(pattern, candidates)
        : Bounded.select(pattern, limits, candidates);
  }

  /**
   * Selects. Scores of units that are pruned already play no part, whatever they are.
   *
   * @throws IllegalArgumentException when the score of a remaining unit is NaN, a count exceeds
   *     what remains of its budget, sizes disagree, a name stands twice, or amounts differ under
   *     global scope; names the weight
   */
  public static Outcome select(Pattern pattern, List<Candidate> candidates) {
    requireDistinctNames(candidates);
    List<Units> all = candidates.stream().map(c -> Units.of(pattern.granularity(), c)).toList();
    List<String> warnings = new ArrayList<>();
    if (pattern.scope() instanceof Scope.Global && !candidates.isEmpty()) {
      Quota quota = new Quota(sharedAmount(candidates), together(candidates));
      Pool.prune(all.stream().map(units -> new Pool.Span(units, 0, units.size)).toList(), quota);
      quota.warning().ifPresent(warnings::add);
    } else {
      for (int i = 0; i < all.size(); i++) {
        Quota quota = new Quota(candidates.get(i).amount(), candidates.get(i).name());
        prune(pattern.scope(), all.get(i), quota);
        quota.warning().ifPresent(warnings::add);
      }
    }
    Map<String, Mask> masks = new LinkedHashMap<>();
    all.forEach(units -> masks.put(units.weight, units.mask()));
    return new Outcome(masks, warnings);
  }

  private static void prune(Scope scope, Units units, Quota quota) {
    if (scope instanceof Scope.Tile tile && units instanceof CellUnits cells) {
      Tiles.prune(cells, tile.width(), quota);
    } else if (scope instanceof Scope.Row) {
      Runs.prune(units, units.across(), quota);
    } else {
      Runs.prune(units, units.size, quota);
    }
  }

  private static void requireDistinctNames(List<Candidate> candidates) {
    Set<String> names = new HashSet<>();
    for (Candidate candidate : candidates) {
      if (!names.add(candidate.name())) {
        throw new IllegalArgumentException(
            "%s: stands twice among the weights to prune; each may stand once"
                .formatted(candidate.name()));
      }
    }
  }

  private static Amount sharedAmount(List<Candidate> candidates) {
    Candidate first = candidates.get(0);
    for (Candidate candidate : candidates) {
      if (!candidate.amount().equals(first.amount())) {
        throw new IllegalArgumentException(
            "%s: scope global has one budget and one amount, but %s is asked for here and %s for %s"
                .formatted(candidate.name(), candidate.amount(), first.amount(), first.name()));
      }
    }
    return first.amount();
  }

  private static String together(List<Candidate> candidates) {
    return candidates.size() == 1
        ? candidates.get(0).name()
        : "%s to %s, %d weights together"
            .formatted(
                candidates.get(0).name(),
                candidates.get(candidates.size() - 1).name(),
                candidates.size());
  }
}
