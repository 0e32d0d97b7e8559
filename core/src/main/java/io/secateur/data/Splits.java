package io.secateur.data;

import io.secateur.spi.Split;
import java.util.Arrays;

/**
 * Which examples of the training part are trained on and which are set apart to choose by. The
 * choice depends on how many there are and on the fraction alone, so that it is the same in every
 * study, arm and replicate.
 */
final class Splits {
  private static final long SEED = 20;

  private final int[] kept;
  private final int[] apart;

  private Splits(int[] kept, int[] apart) {
    this.kept = kept;
    this.apart = apart;
  }

  /** Refuses a fraction that leaves nothing to train on. */
  static void check(double validation) {
    if (!(validation >= 0 && validation < 1)) {
      throw new IllegalArgumentException(
          "validation must be a fraction of the training part, at least 0 and below 1, was "
              + validation);
    }
  }

  /** Returns how many of so many are set apart: rint(fraction × count). */
  static int apart(int count, double validation) {
    return (int) Math.rint(validation * count);
  }

  /** Returns the division of {@code count} examples, both parts in the data set's order. */
  static Splits of(int count, double validation) {
    return of(count, validation, SEED);
  }

  /** Returns a division that other keys make another one. */
  static Splits of(int count, double fraction, long... keys) {
    int many = apart(count, fraction);
    boolean[] chosen = new boolean[count];
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    long[] all = Arrays.copyOf(keys, keys.length + 1);
    all[keys.length] = count;
    SplitMix random = new SplitMix(all);
    for (int i = 0; i < many; i++) {
      int other = i + random.below(count - i);
      int example = order[other];
      order[other] = order[i];
      order[i] = example;
      chosen[example] = true;
    }
    int[] kept = new int[count - many];
    int[] apart = new int[many];
    int k = 0;
    int a = 0;
    for (int i = 0; i < count; i++) {
      if (chosen[i]) {
        apart[a++] = i;
      } else {
        kept[k++] = i;
      }
    }
    return new Splits(kept, apart);
  }

  /** Returns what is kept, and what is set apart. */
  int[] kept() {
    return kept.clone();
  }

  int[] apart() {
    return apart.clone();
  }

  /** Returns the examples of a split of the training part, as indices into that part. */
  int[] of(Split split) {
    return (split == Split.VALIDATION ? apart : kept).clone();
  }

  /** Data sets without a validation part calibrate on training examples. */
  static void refuseValidation(String dataset, Split split) {
    if (split == Split.VALIDATION) {
      throw new IllegalArgumentException(
          dataset
              + " has no validation split; it has train, test,"
              + " and for calibration the training examples");
    }
  }
}
