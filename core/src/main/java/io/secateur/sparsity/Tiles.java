package io.secateur.sparsity;

import io.secateur.sparsity.Pool.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Budgets of a few cells of one row that meet consecutive inputs at one kernel position. Tiles that
 * cover the same inputs, one per kernel position, lie interleaved in a group of consecutive cells.
 */
final class Tiles {
  /** Up to here comparing every cell of a tile with every other is the quickest. */
  private static final int COMPARED = 16;

  private final CellUnits units;
  private final int kernel;
  private final int group;
  private final Quota quota;
  private final Chunk chunk;
  private final long[] tile;
  private final Ranking ranking;
  private final Optional<Fours> fours;

  private Tiles(CellUnits units, int width, Quota quota) {
    this.units = units;
    this.quota = quota;
    int inputs = (int) Math.min(width, units.form().inputs());
    if (inputs * units.form().kernel() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%s: a tile of %d inputs is too wide for a kernel of %d cells; use scope row"
              .formatted(units.weight, inputs, units.form().kernel()));
    }
    this.kernel = (int) units.form().kernel();
    this.group = inputs * kernel;
    this.chunk = new Chunk(Math.max(group, Chunk.UNITS / group * group));
    this.tile = new long[inputs];
    this.ranking = new Ranking(inputs, units.digits());
    boolean four = inputs == Fours.CELLS && kernel == 1 && !quota.limited();
    this.fours = four ? Optional.of(new Fours(quota.amount())) : Optional.empty();
  }

  /** Prunes every tile as the quota says, which counts what happened. */
  static void prune(CellUnits units, int width, Quota quota) {
    long rows = units.form().rows();
    long columns = units.form().columns();
    int lanes = (int) Math.min(Lanes.worth(units.size), (rows - 1) / Bits.WORD + 1);
    List<Span> shares = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      long first = lane == 0 ? 0 : Lanes.end(lane - 1, lanes, rows);
      shares.add(new Span(units, first * columns, Lanes.end(lane, lanes, rows) * columns));
    }
    Lanes.each(shares, share -> new Tiles(units, width, quota.sibling()).prune(share))
        .forEach(quota::add);
  }

  private Quota prune(Span share) {
    long columns = units.form().columns();
    // Rows of whole tiles of neighbours go on in the next.
    long run = kernel == 1 && columns % group == 0 ? share.size() : columns;
    for (long row = share.first(); row < share.end(); row += run) {
      for (long column = 0; column < run; column += chunk.capacity()) {
        int length = (int) Math.min(chunk.capacity(), run - column);
        long first = row + column;
        if (fours.isEmpty() || !fours.get().prune(units, first, length, quota)) {
          units.read(first, length, chunk);
          pruneGroups(first, length);
        }
      }
    }
    return quota;
  }

  private void pruneGroups(long first, int length) {
    for (int start = 0; start < length; start += group) {
      int size = Math.min(group, length - start) / kernel;
      for (int position = 0; position < kernel; position++) {
        prune(first + start + position, start + position, size);
      }
    }
  }

  private void prune(long cell, int offset, int size) {
    int remaining = 0;
    for (int j = 0; j < size; j++) {
      tile[j] = chunk.keys[offset + j * kernel];
      remaining += tile[j] == Keys.PRUNED ? 0 : 1;
    }
    long more = quota.more(size, remaining);
    if (quota.limited()) {
      units.prune(cell, kernel, size, tile, Cut.through(units.keyAtMost(quota.amount().limit())));
    } else if (more > 0) {
      if (size <= COMPARED) {
        units.prune(cell, kernel, lowest(size, more));
      } else {
        units.prune(cell, kernel, size, tile, ranking.lowest(tile, size, more));
      }
    }
  }

  /** Returns the bits of the tile's lowest cells; without branches, for none could be foreseen. */
  private long lowest(int size, long count) {
    long lowest = 0;
    for (int j = 0; j < size; j++) {
      long key = tile[j];
      int before = 0;
      for (int i = 0; i < j; i++) {
        before += tile[i] <= key ? 1 : 0;
      }
      for (int i = j + 1; i < size; i++) {
        before += tile[i] < key ? 1 : 0;
      }
      lowest |= (before < count ? 1L : 0L) << j;
    }
    return lowest;
  }
}
