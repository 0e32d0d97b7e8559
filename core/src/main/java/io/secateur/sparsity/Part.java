package io.secateur.sparsity;

import io.secateur.sparsity.Pool.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one thread decides of a large budget of floats in one pass: units below a band of keys go,
 * those above it stay, and those within are remembered, with their keys where these differ.
 */
final class Part {
  private final List<Span> spans;
  private final int lowest;
  private final int highest;
  private final long most;

  /** By span, one bit per unit, from the span's first on: it lies within. */
  private final List<long[]> within = new ArrayList<>();

  private int[] keys;
  private int listed;
  private long lower;
  private long found;

  /**
   * @param spans what the thread passes over, in index order
   * @param highest the last key within the band
   * @param most how many may lie within, if their keys may differ
   */
  Part(List<Span> spans, int lowest, int highest, long most) {
    this.spans = spans;
    this.lowest = lowest;
    this.highest = highest;
    this.most = most;
    this.keys = new int[equal() ? 0 : (int) Math.min(1 << 28, most / 2 + Bits.WORD)];
  }

  private boolean equal() {
    return lowest == highest;
  }

  /** Returns how many units are below the band. */
  long lower() {
    return lower;
  }

  /** Returns how many units lie within the band. */
  long found() {
    return found;
  }

  /** Counts, by their next digit, the keys from {@code known} on, {@code width} of them. */
  void count(long known, long width, int shift, int[] counts) {
    for (int i = 0; i < listed; i++) {
      long above = keys[i] - known;
      if (above >= 0 && above < width) {
        counts[(int) (above >>> shift)]++;
      }
    }
  }

  /** Prunes what is below; returns false as soon as a score is NaN or too many keys are within. */
  boolean decide() {
    Band band = new Band();
    for (Span span : spans) {
      FloatUnits units = (FloatUnits) span.units();
      long[] aside = new long[Bits.words(span.size())];
      within.add(aside);
      for (long at = 0; at < span.size(); at += Band.UNITS) {
        int length = (int) Math.min(Band.UNITS, span.size() - at);
        if (!band.read(units, span.first() + at, length, lowest, highest)
            || !take(units, span.first() + at, length, band)) {
          return false;
        }
        System.arraycopy(band.within, 0, aside, (int) (at >>> 6), Bits.words(length));
      }
    }
    return true;
  }

  private boolean take(FloatUnits units, long first, int length, Band band) {
    for (int word = 0; word < Bits.words(length); word++) {
      units.prune(first + word * (long) Bits.WORD, 1, band.lower[word]);
      lower += Long.bitCount(band.lower[word]);
      found += Long.bitCount(band.within[word]);
    }
    if (equal()) {
      return true;
    }
    if (found > most) {
      return false;
    }
    if (found > keys.length) {
      keys = Arrays.copyOf(keys, (int) (found + keys.length / 2));
    }
    for (int word = 0; word < Bits.words(length); word++) {
      band.keys(word, keys, listed);
      listed += Long.bitCount(band.within[word]);
    }
    return true;
  }

  /**
   * Decides those within: lower keys go, and of this key the first in index order.
   *
   * @param equals how many of this key go at most
   * @return how many of these are left to go
   */
  long prune(int key, long equals) {
    long left = equals;
    int next = 0;
    for (int i = 0; i < spans.size(); i++) {
      long[] aside = within.get(i);
      for (int word = 0; word < aside.length; word++) {
        long lost = 0;
        if (equal()) {
          lost = Bits.lowest(aside[word], left);
          left -= Long.bitCount(lost);
        } else {
          for (long rest = aside[word]; rest != 0; rest &= rest - 1) {
            int own = keys[next++];
            boolean same = own == key && left > 0;
            left -= same ? 1 : 0;
            lost |= same || own < key ? Long.lowestOneBit(rest) : 0;
          }
        }
        if (lost != 0) {
          spans.get(i).units().prune(spans.get(i).first() + word * (long) Bits.WORD, 1, lost);
        }
      }
    }
    return left;
  }

  /** Takes everything back. */
  Part undo() {
    for (Span span : spans) {
      span.units().restore(span.first(), span.end());
    }
    return this;
  }
}
