package io.secateur.data;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 of several things, one after the other. */
final class Digest {
  /** Bytes of a SHA-256. */
  static final int LENGTH = 32;

  private final MessageDigest sha256;

  Digest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  Digest add(byte[] bytes) {
    sha256.update(bytes);
    return this;
  }

  /** Returns the MD5 of all that a stream still holds, which is what publishers state. */
  static String md5(InputStream in) throws IOException {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        md5.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has MD5", impossible);
    }
  }

  /** Adds all that the stream holds, and closes it. */
  Digest add(InputStream stream) throws IOException {
    try (stream) {
      byte[] buffer = new byte[1 << 16];
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        sha256.update(buffer, 0, count);
      }
    }
    return this;
  }

  byte[] bytes() {
    return sha256.digest();
  }

  String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }
}
