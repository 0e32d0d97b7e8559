package io.secateur.sparsity;

import io.secateur.sparsity.Selection.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@link Selection} for weights that are too many to be in memory together: every candidate is
 * asked for when it is needed and forgotten after, under scope global several times. What is
 * decided is the same, bit for bit.
 */
public final class OneByOne {
  private final Pattern pattern;
  private final List<? extends Supplier<Candidate>> candidates;
  private final List<String> warnings = new ArrayList<>();
  private final Optional<Cut> shared;
  private long equals;
  private int next;

  /**
   * Under scope global, finds where the one budget is cut.
   *
   * @param candidates each gives the same one whenever it is asked, in the order that decides ties;
   *     one that is asked may forget what the last one holds
   * @throws IllegalArgumentException as {@link Selection#select}
   */
  public OneByOne(Pattern pattern, List<? extends Supplier<Candidate>> candidates) {
    this.pattern = pattern;
    this.candidates = List.copyOf(candidates);
    this.shared =
        pattern.scope() instanceof Scope.Global && !candidates.isEmpty()
            ? Optional.of(cut())
            : Optional.empty();
    this.equals = shared.map(Cut::equals).orElse(0L);
  }

  private Cut cut() {
    long[] counts = new long[Pool.DIGITS];
    long size = 0;
    int digits = 0;
    Optional<Amount> amount = Optional.empty();
    for (Supplier<Candidate> each : candidates) {
      Candidate candidate = each.get();
      Amount asked = amount.orElse(candidate.amount());
      amount = Optional.of(asked);
      if (!candidate.amount().equals(asked)) {
        throw new IllegalArgumentException(
            "%s: scope global has one budget and one amount, but %s is asked for here and %s before"
                .formatted(candidate.name(), candidate.amount(), asked));
      }
      Units units = Units.of(pattern.granularity(), candidate);
      add(counts, Pool.counts(units, 0, 0));
      size += units.size;
      digits = units.digits();
    }
    Quota quota = new Quota(amount.orElseThrow(), "all weights together");
    long remaining = size - counts[Pool.DIGITS - 1];
    long more = quota.more(size, remaining);
    quota.warning().ifPresent(warnings::add);
    if (quota.limited()) {
      Units any = Units.of(pattern.granularity(), candidates.get(0).get());
      return Cut.through(any.keyAtMost(quota.amount().limit()));
    }
    if (more == 0 || more == remaining) {
      return more == 0 ? Cut.NONE : Cut.ALL;
    }
    return Cut.ofRank(more, digits, counts, this::counts);
  }

  private long[] counts(int level, long known) {
    long[] counts = new long[Pool.DIGITS];
    for (Supplier<Candidate> each : candidates) {
      add(counts, Pool.counts(Units.of(pattern.granularity(), each.get()), level, known));
    }
    return counts;
  }

  private static void add(long[] counts, long[] more) {
    for (int digit = 0; digit < counts.length; digit++) {
      counts[digit] += more[digit];
    }
  }

  /**
   * Decides the next candidate.
   *
   * @throws NoSuchElementException when all are decided
   */
  public Mask next() {
    if (next == candidates.size()) {
      throw new NoSuchElementException("all weights are decided");
    }
    Candidate candidate = candidates.get(next++).get();
    if (shared.isEmpty()) {
      Selection.Outcome outcome = Selection.select(pattern, List.of(candidate));
      warnings.addAll(outcome.warnings());
      Map<String, Mask> masks = outcome.masks();
      return Objects.requireNonNull(masks.get(candidate.name()));
    }
    Cut cut = shared.get();
    Units units = Units.of(pattern.granularity(), candidate);
    long left = Pool.prune(units, cut, equals);
    // A score to prune below is no rank: all that equal it go, however many.
    equals = cut.equals() == Long.MAX_VALUE ? cut.equals() : left;
    return units.mask();
  }

  /** Returns the warnings so far, as {@link Selection.Outcome#warnings}. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
