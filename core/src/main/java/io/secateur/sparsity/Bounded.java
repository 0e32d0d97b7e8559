package io.secateur.sparsity;

import io.secateur.sparsity.Selection.Candidate;
import io.secateur.sparsity.Selection.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A selection within {@link Limits}: first how many units of every weight go, then, of each, the
 * lowest. Which of a weight's own units go first so never depends on what scores are divided by.
 */
final class Bounded {
  private final Pattern pattern;
  private final Limits limits;
  private final List<Candidate> candidates;
  private final List<Candidate> scored;
  private final long[] units;
  private final long[] remaining;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private Bounded(Pattern pattern, Limits limits, List<Candidate> candidates) {
    this.pattern = pattern;
    this.limits = limits;
    this.candidates = candidates;
    this.scored =
        candidates.stream()
            .map(each -> Normalised.of(pattern.granularity(), each, limits.normalise()))
            .toList();
    this.units = new long[candidates.size()];
    this.remaining = new long[candidates.size()];
    for (int i = 0; i < units.length; i++) {
      Units own = Units.of(pattern.granularity(), candidates.get(i));
      units[i] = own.size;
      remaining[i] = own.remaining(0, own.size);
    }
  }

  static Outcome select(Pattern pattern, Limits limits, List<Candidate> candidates) {
    return new Bounded(pattern, limits, candidates).select();
  }

  private Outcome select() {
    Outcome free = Selection.select(pattern, scored);
    warnings.addAll(free.warnings());
    long[] more = new long[units.length];
    count(free, allOf(units.length), more);
    boolean together = pattern.scope() instanceof Scope.Global;
    keep(more, together);
    round(more, together);
    List<Candidate> counted = new ArrayList<>();
    for (int i = 0; i < more.length; i++) {
      counted.add(with(candidates.get(i), more[i]));
    }
    Pattern each = new Pattern(pattern.granularity(), new Scope.Layer());
    return new Outcome(Selection.select(each, counted).masks(), warnings, notes);
  }

  private static Candidate with(Candidate candidate, long count) {
    return new Candidate(
        candidate.name(), candidate.before(), candidate.scores(), new Amount.Count(count));
  }

  private static List<Integer> allOf(int size) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(i);
    }
    return all;
  }

  /** Notes how many units an outcome has taken of some candidates. */
  private void count(Outcome outcome, List<Integer> which, long[] more) {
    for (int i : which) {
      Candidate candidate = candidates.get(i);
      Mask after = outcome.masks().getOrDefault(candidate.name(), candidate.before());
      Candidate left =
          new Candidate(candidate.name(), after, candidate.scores(), candidate.amount());
      Units own = Units.of(pattern.granularity(), left);
      more[i] = remaining[i] - own.remaining(0, own.size);
    }
  }

  /** Leaves every weight its least; under one budget the others give what it keeps. */
  private void keep(long[] more, boolean together) {
    long[] asked = more.clone();
    long sum = Arrays.stream(asked).sum();
    List<Integer> open = allOf(more.length);
    boolean counted = together && !(candidates.get(0).amount() instanceof Amount.Below);
    while (!open.isEmpty()) {
      List<Integer> full =
          open.stream().filter(i -> more[i] > limits.most(units[i], remaining[i])).toList();
      if (full.isEmpty()) {
        break;
      }
      full.forEach(i -> more[i] = limits.most(units[i], remaining[i]));
      open.removeAll(full);
      if (!counted || open.isEmpty()) {
        break;
      }
      // What others lose now was higher than all that they lost before: who was full stays full.
      long gone = 0;
      long left = 0;
      for (int i = 0; i < more.length; i++) {
        gone += open.contains(i) ? 0 : more[i];
        left += open.contains(i) ? remaining[i] : 0;
      }
      long rest = Math.min(sum - gone, left);
      count(
          Selection.select(pattern, open.stream().map(i -> with(scored.get(i), rest)).toList()),
          open,
          more);
    }
    if (counted) {
      unmet("all weights together", sum, Arrays.stream(more).sum());
    } else if (!together) {
      for (int i = 0; i < more.length; i++) {
        if (!(candidates.get(i).amount() instanceof Amount.Below)) {
          unmet(candidates.get(i).name(), asked[i], more[i]);
        }
      }
    }
  }

  private void unmet(String whose, long asked, long more) {
    if (more < asked) {
      warnings.add(
          "%s: %s asked for, %,d can go, for keep-at-least keeps the others"
              .formatted(whose, units(asked), more));
    }
  }

  private void round(long[] more, boolean together) {
    if (limits.roundTo() == 1) {
      return;
    }
    long asked = Arrays.stream(more).sum();
    for (int i = 0; i < more.length; i++) {
      long fewer = limits.rounded(remaining[i], more[i]);
      if (!together) {
        fewer(candidates.get(i).name(), more[i], fewer);
      }
      more[i] = fewer;
    }
    if (together) {
      fewer("all weights together", asked, Arrays.stream(more).sum());
    }
  }

  private void fewer(String whose, long asked, long gone) {
    if (gone < asked) {
      notes.add(
          "%s: %s asked for, %,d go by round-to %d"
              .formatted(whose, units(asked), gone, limits.roundTo()));
    }
  }

  private static String units(long count) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? "unit" : "units");
  }
}
