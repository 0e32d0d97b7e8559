package io.secateur.sparsity;

/**
 * Tells of a block of units which of them lie below a band of keys and which within it, 64 to a
 * word; holds one thread's working memory.
 *
 * <p>Loops whose arrays are indexed by their variable and constants become vectors. Therefore
 * results are first folded into words that hold every 64th key's, and these words then transposed.
 */
final class Band {
  /** The units of a block, whose keys lie at the same places always. */
  static final int UNITS = Ints.UNITS;

  private static final int WORDS = UNITS / Bits.WORD;

  /** By word, the units that remain and whose keys are lower than the band. */
  final long[] lower = new long[WORDS];

  /** By word, the units that remain and whose keys lie within the band. */
  final long[] within = new long[WORDS];

  private final Ints ints = new Ints();
  private final int[] former = new int[UNITS / 4];
  private final int[] latter = new int[UNITS / 4];

  /**
   * Compares the keys of some units with both ends of a band.
   *
   * @param length at most {@link #UNITS}
   * @param highest the last key within
   * @return whether all scores are numbers; if not, the words mean nothing
   */
  boolean read(FloatUnits units, long first, int length, int lowest, int highest) {
    if (!units.readAll(first, length, ints)) {
      return false;
    }
    below(ints.keys, lowest, lower);
    below(ints.keys, highest + 1, within);
    for (int i = 0; i < length; i += Bits.WORD) {
      int word = i / Bits.WORD;
      int bits = Math.min(Bits.WORD, length - i);
      long remaining = Bits.from(units.remaining(), first + i) & Bits.low(bits);
      within[word] &= remaining & ~lower[word];
      lower[word] &= remaining;
    }
    return true;
  }

  /**
   * Writes the keys of a word's units within the band, in order.
   *
   * @param from where the first is written
   */
  void keys(int word, int[] into, int from) {
    int next = from;
    for (long rest = within[word]; rest != 0; rest &= rest - 1) {
      into[next++] = ints.keys[word * Bits.WORD + Long.numberOfTrailingZeros(rest)];
    }
  }

  /** Writes a bit for every key of a block: it is below a limit. */
  private void below(int[] keys, int limit, long[] words) {
    // A negative limit is compared the other way round, so that no difference overflows.
    int flip = limit < 0 ? -1 : 0;
    fold(keys, limit < 0 ? -limit : limit, flip, former, latter);
    fold(former, latter);
    for (int i = 0; i < WORDS; i++) {
      long both = (former[i] & 0xffff_ffffL) | ((long) latter[i] << Integer.SIZE);
      words[i] = both ^ flip;
    }
    transpose(words);
  }

  private static void fold(int[] keys, int limit, int flip, int[] former, int[] latter) {
    for (int i = 0; i < UNITS / 4; i++) {
      int a = keys[i] ^ flip;
      int b = keys[i + UNITS / 4] ^ flip;
      former[i] = ((a | (a - limit)) >>> 31) | ((b | (b - limit)) >>> 31 << 16);
    }
    for (int i = 0; i < UNITS / 4; i++) {
      int a = keys[i + UNITS / 2] ^ flip;
      int b = keys[i + 3 * UNITS / 4] ^ flip;
      latter[i] = ((a | (a - limit)) >>> 31) | ((b | (b - limit)) >>> 31 << 16);
    }
  }

  private static void fold(int[] former, int[] latter) {
    for (int i = 0; i < UNITS / 8; i++) {
      former[i] |= former[i + UNITS / 8] << 8;
      latter[i] |= latter[i + UNITS / 8] << 8;
    }
    for (int i = 0; i < UNITS / 16; i++) {
      former[i] |= former[i + UNITS / 16] << 4;
      latter[i] |= latter[i + UNITS / 16] << 4;
    }
    for (int i = 0; i < UNITS / 32; i++) {
      former[i] |= former[i + UNITS / 32] << 2;
      latter[i] |= latter[i + UNITS / 32] << 2;
    }
    for (int i = 0; i < UNITS / 64; i++) {
      former[i] |= former[i + UNITS / 64] << 1;
      latter[i] |= latter[i + UNITS / 64] << 1;
    }
  }

  /** Bit j of word i becomes bit i of word j. */
  private static void transpose(long[] words) {
    swap(words, 32, 0x0000_0000_ffff_ffffL);
    swap(words, 16, 0x0000_ffff_0000_ffffL);
    swap(words, 8, 0x00ff_00ff_00ff_00ffL);
    swap(words, 4, 0x0f0f_0f0f_0f0f_0f0fL);
    swap(words, 2, 0x3333_3333_3333_3333L);
    swap(words, 1, 0x5555_5555_5555_5555L);
  }

  private static void swap(long[] words, int side, long low) {
    for (int block = 0; block < WORDS; block += 2 * side) {
      for (int i = block; i < block + side; i++) {
        long differ = ((words[i] >>> side) ^ words[i + side]) & low;
        words[i] ^= differ << side;
        words[i + side] ^= differ;
      }
    }
  }
}
