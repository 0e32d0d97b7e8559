package io.secateur.data;

import io.secateur.data.ImageFiles.Part;
import io.secateur.model.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * CIFAR-10's official binary batches: records of a label and 1024 red, 1024 green, 1024 blue bytes.
 *
 * @param folder where the batches lie
 * @param archive the official archive of them, instead
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">the format</a>
 */
record CifarBatches(Path folder, Optional<Path> archive) implements ImageParts.Source {
  /** The official archive's name. */
  static final String ARCHIVE = "cifar-10-binary.tar.gz";

  private static final String FOLDER = "cifar-10-batches-bin";
  private static final int SIDE = 32;
  private static final int PIXELS = 3 * SIDE * SIDE;
  private static final int RECORD = 1 + PIXELS;
  private static final int CLASSES = 10;
  private static final int MOST = 100_000 * RECORD;

  /** Returns the first batches found in some folders. */
  static Optional<CifarBatches> find(List<Path> folders) {
    for (Path folder : folders) {
      for (Path each : List.of(folder, folder.resolve(FOLDER))) {
        if (Files.isRegularFile(each.resolve("data_batch_1.bin"))
            || Files.isRegularFile(each.resolve("data_batch_1.bin.gz"))) {
          return Optional.of(new CifarBatches(each, Optional.empty()));
        }
      }
      Path archive = folder.resolve(ARCHIVE);
      if (Files.isRegularFile(archive)) {
        return Optional.of(new CifarBatches(folder, Optional.of(archive)));
      }
    }
    return Optional.empty();
  }

  private static List<String> names(Part part) {
    return switch (part) {
      case TRAIN ->
          List.of(
              "data_batch_1.bin",
              "data_batch_2.bin",
              "data_batch_3.bin",
              "data_batch_4.bin",
              "data_batch_5.bin");
      case TEST -> List.of("test_batch.bin");
      case VALIDATION -> List.of();
    };
  }

  @Override
  public int count(Part part) throws IOException {
    return load(part).size();
  }

  @Override
  public Pixels load(Part part) throws IOException {
    List<byte[]> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Map.Entry<String, byte[]> batch : read(names(part)).entrySet()) {
      String name = batch.getKey();
      String place = archive.map(path -> path + "!" + name).orElse(folder.resolve(name).toString());
      records(place, batch.getValue(), images, labels);
    }
    return new Pixels(
        3,
        SIDE,
        SIDE,
        images.toArray(byte[][]::new),
        labels.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Takes a batch apart. */
  static void records(String name, byte[] bytes, List<byte[]> images, List<Integer> labels)
      throws IOException {
    if (bytes.length % RECORD != 0 || bytes.length == 0) {
      throw new MalformedFileException(
          name, "%d bytes are no whole number of records of %d".formatted(bytes.length, RECORD));
    }
    for (int at = 0; at < bytes.length; at += RECORD) {
      int label = bytes[at] & 0xff;
      if (label >= CLASSES) {
        throw new MalformedFileException(
            name, "the label at byte %d is %d, 0 to 9 would be right".formatted(at, label));
      }
      labels.add(label);
      byte[] image = new byte[PIXELS];
      System.arraycopy(bytes, at + 1, image, 0, PIXELS);
      images.add(image);
    }
  }

  /** Returns a digest of all batches as they are, packed or not. */
  String fingerprint() throws IOException {
    Digest digest = new Digest();
    for (Part part : List.of(Part.TRAIN, Part.TEST)) {
      for (byte[] batch : read(names(part)).values()) {
        digest.add(batch);
      }
    }
    return digest.add("cifar10 batches".getBytes(StandardCharsets.UTF_8)).hex();
  }

  private Map<String, byte[]> read(List<String> names) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    if (archive.isPresent()) {
      archived(archive.get(), names, found);
    } else {
      for (String name : names) {
        Path plain = folder.resolve(name);
        Path packed = folder.resolve(name + ".gz");
        if (Files.exists(plain)) {
          found.put(name, whole(plain, false));
        } else if (Files.exists(packed)) {
          found.put(name, whole(packed, true));
        }
      }
    }
    for (String name : names) {
      if (!found.containsKey(name)) {
        throw new MalformedFileException(
            archive.map(Path::toString).orElse(folder.toString()),
            "cifar10: %s is missing here".formatted(name));
      }
    }
    return found;
  }

  private static void archived(Path archive, List<String> names, Map<String, byte[]> found)
      throws IOException {
    try (TarArchiveInputStream in = new TarArchiveInputStream(Unpacked.gzip(archive))) {
      TarArchiveEntry entry = in.getNextEntry();
      while (entry != null) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (entry.isFile() && names.contains(name)) {
          found.put(name, bounded(archive + "!" + name, in));
        }
        entry = in.getNextEntry();
      }
    } catch (MalformedFileException | FileSystemException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // What reads archives throws many things, none of which says of which archive.
      throw new MalformedFileException(
          archive.toString(), "damaged or cut short (%s)".formatted(e.getMessage()), e);
    }
  }

  private static byte[] whole(Path path, boolean packed) throws IOException {
    try (InputStream in = packed ? Unpacked.gzip(path) : Files.newInputStream(path)) {
      return bounded(path.toString(), in);
    }
  }

  private static byte[] bounded(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST + 1);
    if (bytes.length > MOST) {
      throw new MalformedFileException(name, "larger than any batch of CIFAR-10");
    }
    return bytes;
  }
}
