package io.secateur.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A disk has no room for what is to be written: says where, how much, and what to do. */
final class NoRoomException extends IOException {
  /** Left free for everything else, the manifests among it. */
  static final long RESERVE = 1 << 20;

  private static final long serialVersionUID = 1L;
  private static final String REST =
      "; make room, or choose another place with --store, and run again: what is finished is kept";

  private NoRoomException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Something of known size does not fit into a folder. */
  static NoRoomException of(Path folder, long bytes, @Nullable Throwable cause) {
    return new NoRoomException(
        "no space left: %s takes %,d bytes and leaves %,d free, but its disk has %s"
                .formatted(folder, bytes, RESERVE, free(folder))
            + REST,
        cause);
  }

  /** Returns what was thrown; as this exception if a full disk is behind it. */
  static IOException told(IOException thrown, Path folder) {
    return thrown instanceof NoRoomException || !isBehind(thrown) ? thrown : behind(thrown, folder);
  }

  /** Something that could not be written into a folder, or elsewhere on its disk. */
  static NoRoomException behind(Throwable thrown, Path folder) {
    return thrown instanceof NoRoomException known
        ? known
        : new NoRoomException(
            "no space left: %s has %s bytes free, too few for what is written there (%s)"
                    .formatted(folder, free(folder), Faulty.message(thrown))
                + REST,
            thrown);
  }

  /** Returns whether something was thrown because a disk is full. */
  static boolean isBehind(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
      if (each instanceof NoRoomException
          || (each instanceof IOException
              && (message.contains("no space left on device")
                  || message.contains("not enough space on the disk")))) {
        return true;
      }
    }
    return false;
  }

  private static String free(Path folder) {
    try {
      return "%,d".formatted(Files.getFileStore(folder).getUsableSpace());
    } catch (IOException e) {
      return "an unknown number of";
    }
  }
}
