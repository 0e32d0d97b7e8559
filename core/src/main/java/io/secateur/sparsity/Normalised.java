package io.secateur.sparsity;

import io.secateur.sparsity.Selection.Candidate;
import java.util.Locale;

/** Scores of a weight divided by what all its units have in common. */
record Normalised(Scores scores, double by) implements Scores {

  /**
   * Returns a weight with divided scores; those of a weight whose scores are all 0 stay.
   *
   * @throws IllegalArgumentException when division would turn the order around or give NaN
   */
  static Candidate of(Granularity granularity, Candidate candidate, Normalise how) {
    if (how == Normalise.NONE) {
      return candidate;
    }
    Units units = Units.of(granularity, candidate);
    Chunk chunk = new Chunk(Chunk.UNITS);
    double sum = 0;
    double max = Double.NEGATIVE_INFINITY;
    long count = 0;
    boolean zeros = true;
    for (long first = 0; first < units.size; first += Chunk.UNITS) {
      int length = (int) Math.min(Chunk.UNITS, units.size - first);
      units.read(first, length, chunk);
      for (int i = 0; i < length; i++) {
        if (chunk.keys[i] != Keys.PRUNED) {
          double score = units.score(chunk.keys[i]);
          sum += score;
          max = Math.max(max, score);
          zeros &= score == 0;
          count++;
        }
      }
    }
    if (zeros) {
      return candidate;
    }
    double by = how == Normalise.MEAN ? sum / count : max;
    if (!(by > 0 && by < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: normalise divides its scores by their %s, which must be finite and above 0, and is"
                  .formatted(candidate.name(), how.name().toLowerCase(Locale.ROOT))
              + " %s; use normalise: none".formatted(by));
    }
    return new Candidate(
        candidate.name(),
        candidate.before(),
        new Normalised(candidate.scores(), by),
        candidate.amount());
  }

  @Override
  public long size() {
    return scores.size();
  }

  @Override
  public void read(long first, float[] into, int length) {
    scores.read(first, into, length);
    for (int i = 0; i < length; i++) {
      into[i] = (float) (into[i] / by);
    }
  }
}
