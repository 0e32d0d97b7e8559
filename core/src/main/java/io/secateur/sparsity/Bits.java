package io.secateur.sparsity;

import java.util.Arrays;

/** Ranges of bits in arrays of words; bit b of word w is index {@code 64 w + b}. */
final class Bits {
  static final int WORD = Long.SIZE;

  private Bits() {}

  /** Returns how many words hold so many bits. */
  static int words(long bits) {
    long words = (bits + WORD - 1) >>> 6;
    if (words > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a mask holds at most %d cells, %d were asked for"
              .formatted(((long) Integer.MAX_VALUE - 8) * WORD, bits));
    }
    return (int) words;
  }

  /** Returns words whose first bits are 1, the others 0. */
  static long[] ones(long bits) {
    long[] words = new long[words(bits)];
    Arrays.fill(words, -1);
    int used = (int) bits & (WORD - 1);
    if (used != 0) {
      words[words.length - 1] = low(used);
    }
    return words;
  }

  /** Returns a word whose lowest bits are 1, from 0 to 64 of them. */
  static long low(int bits) {
    return bits == 0 ? 0 : -1L >>> (WORD - bits);
  }

  /** Returns a word with only its lowest ones left, at most so many. */
  static long lowest(long word, long ones) {
    if (Long.bitCount(word) <= ones) {
      return word;
    }
    long rest = word;
    for (long i = 0; i < ones; i++) {
      rest &= rest - 1;
    }
    return word & ~rest;
  }

  /** Returns the 64 bits from an index on, those past the last word 0. */
  static long from(long[] words, long first) {
    int word = (int) (first >>> 6);
    int shift = (int) first & 63;
    long bits = words[word] >>> shift;
    return shift == 0 || word + 1 == words.length ? bits : bits | words[word + 1] << -shift;
  }

  /** Returns whether any bit is 1 from {@code first} on, before {@code end}. */
  static boolean any(long[] words, long first, long end) {
    for (long index = first; index < end; index = nextWord(index)) {
      if ((words[(int) (index >>> 6)] & within(index, end)) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns how many bits are 1 from {@code first} on, before {@code end}. */
  static long count(long[] words, long first, long end) {
    if (first >= end) {
      return 0;
    }
    int last = (int) ((end - 1) >>> 6);
    int word = (int) (first >>> 6);
    long count = Long.bitCount(words[word] & within(first, end));
    for (word++; word < last; word++) {
      count += Long.bitCount(words[word]);
    }
    return word > last ? count : count + Long.bitCount(words[last] & within((long) last << 6, end));
  }

  /** Sets to 1 from {@code first} on, before {@code end}. */
  static void set(long[] words, long first, long end) {
    for (long index = first; index < end; index = nextWord(index)) {
      words[(int) (index >>> 6)] |= within(index, end);
    }
  }

  /** Copies what is from {@code first} on, before {@code end}. */
  static void copy(long[] from, long[] to, long first, long end) {
    for (long index = first; index < end; index = nextWord(index)) {
      int word = (int) (index >>> 6);
      long within = within(index, end);
      to[word] = (to[word] & ~within) | (from[word] & within);
    }
  }

  /** Sets to 0 from {@code first} on, before {@code end}. */
  static void clear(long[] words, long first, long end) {
    for (long index = first; index < end; index = nextWord(index)) {
      words[(int) (index >>> 6)] &= ~within(index, end);
    }
  }

  static long nextWord(long index) {
    return (index | (WORD - 1)) + 1;
  }

  /** Returns the bits of an index's word from that index on, before {@code end}. */
  static long within(long index, long end) {
    long fromIndex = -1L << index;
    return nextWord(index) <= end ? fromIndex : fromIndex & low((int) end & 63);
  }
}
