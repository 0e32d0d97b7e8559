package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.model.CheckpointFiles;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Masks that lie outside a pipeline: in the folder or file of a checkpoint, in a file of masks
 * alone, or in the checkpoint of a run, {@code RUN#arm/seed/round}. An instance looks at each place
 * once.
 */
public final class StoredMasks {
  private final Map<String, String> digests = new HashMap<>();
  private final Set<String> fitting = new HashSet<>();

  StoredMasks() {}

  /**
   * Reads masks.
   *
   * @return by the names of the parameters that they are of
   * @throws IllegalArgumentException when there are none, or names or shapes differ from those of
   *     the architecture: all differences at once
   * @throws StudyException when the place names no checkpoint of a run
   */
  public static Map<String, Mask> read(String place, Architecture architecture) throws IOException {
    if (Runs.isReference(place)) {
      CheckpointRef found = Runs.find(place);
      Path store = Runs.folder(place).resolve(found.store());
      if (!Files.isDirectory(store)) {
        throw new StudyException("the store of %s, %s, is not there".formatted(place, store));
      }
      Map<String, Mask> masks = Store.reading(store).checkpoint(found.key()).masks();
      return CheckpointFiles.fitting(place, masks, architecture);
    }
    return CheckpointFiles.readMasks(Path.of(place), architecture);
  }

  /** Refuses masks that cannot be read, or do not fit, in a sentence. */
  void require(String place, Architecture architecture) {
    if (!fitting.contains(place)) {
      try {
        read(place, architecture);
      } catch (IOException e) {
        throw unreadable(place, e);
      }
      fitting.add(place);
    }
  }

  /**
   * Returns what tells the contents of a place from any others: of a run's checkpoint its step, of
   * files their SHA-256, without what a training left.
   */
  String digest(String place) {
    return digests.computeIfAbsent(place, StoredMasks::digestOf);
  }

  private static String digestOf(String place) {
    if (Runs.isReference(place)) {
      return "step " + Runs.find(place).key();
    }
    MessageDigest digest = Digests.sha256();
    Path root = Path.of(place);
    try {
      for (Path file : Files.isDirectory(root) ? files(root) : List.of(root)) {
        digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      throw unreadable(place, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !String.valueOf(file.getFileName()).startsWith("training."))
          .sorted()
          .toList();
    }
  }

  private static IllegalArgumentException unreadable(String place, IOException e) {
    return new IllegalArgumentException(
        e instanceof NoSuchFileException
            ? "mask: there is no checkpoint and no file of masks " + place
            : "mask: " + Faulty.message(e),
        e);
  }
}
