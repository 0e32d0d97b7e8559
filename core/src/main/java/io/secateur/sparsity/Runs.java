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
    if (length >= Rows.LEAST
        && length <= RANKED
        && !quota.limited()
        && units instanceof FloatUnits floats) {
      predict(floats, share, quota);
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

  private void predict(FloatUnits floats, Span share, Quota quota) {
    Rows rows = new Rows(floats, (int) length);
    for (long first = share.first(); first < share.end(); ) {
      long end = Math.min(share.end(), first + rows.together() * length);
      if (!rows.prune(first, end, quota)) {
        // What is no number is told, or pruned already.
        for (; first < end; first += length) {
          prune(first, new Chunk((int) length), new Ranking((int) length, units.digits()), quota);
        }
      }
      first = end;
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
