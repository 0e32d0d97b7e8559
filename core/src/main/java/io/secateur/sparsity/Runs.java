package io.secateur.sparsity;

import io.secateur.sparsity.Pool.Span;
import java.util.ArrayList;
import java.util.List;

/** Budgets of one weight that are equally many consecutive units each: rows, or all as one. */
final class Runs {
  /** Longer runs are passed over several times, shorter ones read once and ranked in memory. */
  private static final long RANKED = 1 << 16;

  private final Units units;
  private final long length;

  private Runs(Units units, long length) {
    this.units = units;
    this.length = length;
  }

  /** Prunes every run as the quota says, which counts what happened. */
  static void prune(Units units, long length, Quota quota) {
    new Runs(units, length).prune(quota);
  }

  private void prune(Quota quota) {
    long runs = units.size / length;
    int lanes = (int) Math.min(Lanes.worth(units.size), (runs - 1) / Bits.WORD + 1);
    List<Span> shares = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      long first = lane == 0 ? 0 : Lanes.end(lane - 1, lanes, runs);
      shares.add(new Span(units, first * length, Lanes.end(lane, lanes, runs) * length));
    }
    Lanes.each(shares, share -> prune(share, quota.sibling())).forEach(quota::add);
  }

  private Quota prune(Span share, Quota quota) {
    if (length >= Narrowing.LEAST && length <= RANKED && units instanceof FloatUnits floats) {
      narrow(floats, share, quota);
      return quota;
    }
    boolean ranked = length <= RANKED;
    Chunk chunk = new Chunk(ranked ? (int) length : 0);
    Ranking ranking = new Ranking(chunk.capacity(), units.digits());
    for (long first = share.first(); first < share.end(); first += length) {
      if (ranked) {
        prune(first, chunk, ranking, quota);
      } else {
        Pool.prune(List.of(new Span(units, first, first + length)), quota);
      }
    }
    return quota;
  }

  private void narrow(FloatUnits floats, Span share, Quota quota) {
    int size = (int) length;
    Ints ints = new Ints(size);
    Narrowing narrowing = new Narrowing(size);
    for (long first = share.first(); first < share.end(); first += length) {
      if (quota.limited() || !floats.read(first, size, ints)) {
        // A score to prune below needs no cut; what is no number is told, or pruned already.
        prune(first, new Chunk(size), new Ranking(size, units.digits()), quota);
        continue;
      }
      long remaining = units.remaining(first, first + length);
      long more = quota.more(size, remaining);
      if (more == remaining) {
        floats.prune(first, size, ints, new Cut(Ints.PRUNED, 0));
      } else if (more > 0) {
        floats.prune(first, size, ints, narrowing.lowest(ints.keys, size, more));
      }
    }
  }

  private void prune(long first, Chunk chunk, Ranking ranking, Quota quota) {
    int size = (int) length;
    units.read(first, size, chunk);
    long remaining = units.remaining(first, first + length);
    long more = quota.more(size, remaining);
    Cut cut =
        quota.limited()
            ? Cut.through(units.keyAtMost(quota.amount().limit()))
            : more == 0
                ? Cut.NONE
                : more == remaining ? Cut.ALL : ranking.lowest(chunk.keys, size, more);
    units.prune(first, size, chunk.keys, cut.key(), cut.equals());
  }
}
