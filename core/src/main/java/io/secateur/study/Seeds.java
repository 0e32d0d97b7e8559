package io.secateur.study;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Gives every random choice of a study its seed: a function of the replicate, of what is chosen,
 * and of an ordinal, and of nothing else. So the arms of a replicate start from the same parameters
 * and see the same examples in the same order, and comparisons between them are paired.
 *
 * <p>The seed is the first eight bytes, big-endian, of the SHA-256 of the three joined by line
 * feeds.
 */
public final class Seeds {
  private Seeds() {}

  /**
   * Returns a seed.
   *
   * @param purpose what is chosen: {@code initialise}, {@code train}, {@code random fc1.weight}
   * @param ordinal tells repetitions apart: the round, for what differs from round to round
   */
  public static long of(long replicate, String purpose, int ordinal) {
    String text = "secateur seed\n" + replicate + "\n" + purpose + "\n" + ordinal;
    byte[] digest = Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }
}
