package io.secateur.data;

import io.secateur.data.ImageFiles.Part;
import io.secateur.model.MalformedFileException;
import io.secateur.spi.DataFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images in class folders, decoded once and kept in the cache. Within a part the images go round
 * the classes, in the order of the classes' names: the first n are as balanced as n allows.
 *
 * @param root the folder, or the archive
 */
record ClassFolders(String dataset, Path root, int classes, ImageDecoder decoder) {
  private static final Logger LOG = LoggerFactory.getLogger(ClassFolders.class);
  private static final int VERSION = 1;
  private static final int AT_ONCE = 1024;

  /** An image that waits to be decoded. */
  private static final class Waiting {
    final Part part;
    final String label;
    final String name;
    final byte[] bytes;

    Waiting(Part part, String label, String name, byte[] bytes) {
      this.part = part;
      this.label = label;
      this.name = name;
      this.bytes = bytes;
    }
  }

  /** Returns a part; empty ones have no images. */
  Pixels load(Part part, DataFiles files) throws IOException {
    Optional<Pixels> kept = PixelFile.read(file(part, files));
    if (kept.isPresent()) {
      return kept.get();
    }
    Map<Part, Pixels> decoded = decode();
    for (Map.Entry<Part, Pixels> each : decoded.entrySet()) {
      PixelFile.write(file(each.getKey(), files), each.getValue());
    }
    Pixels pixels = decoded.get(part);
    return pixels == null ? empty() : pixels;
  }

  /**
   * Returns how many images a part has, decoding the first alone: one of another size, another
   * number of classes, or a part that lacks some, is told before anything runs.
   */
  int count(Part part, DataFiles files) throws IOException {
    Optional<Integer> kept = PixelFile.count(file(part, files));
    if (kept.isPresent()) {
      return kept.get();
    }
    int[] count = {0};
    Map<Part, Set<String>> found = new EnumMap<>(Part.class);
    ImageFiles.visit(
        root,
        (each, label, name, bytes) -> {
          if (found.isEmpty()) {
            decoder.decode(name, bytes);
          }
          found.computeIfAbsent(each, unused -> new TreeSet<>()).add(label);
          count[0] += each == part ? 1 : 0;
        });
    check(found);
    return count[0];
  }

  /**
   * Returns a digest of names and bytes of all files. Computing it reads all of them, so it is kept
   * in the cache under their names, sizes and dates.
   */
  String fingerprint(DataFiles files) throws IOException {
    List<Path> sources = ImageFiles.sources(root);
    Digest listing = new Digest();
    for (Path source : sources) {
      String line =
          "%s %d %s%n".formatted(source, Files.size(source), Files.getLastModifiedTime(source));
      listing.add(line.getBytes(StandardCharsets.UTF_8));
    }
    Path memo = files.cache().resolve("fingerprints").resolve(listing.hex() + ".txt");
    if (Files.exists(memo)) {
      String known = Files.readString(memo).strip();
      if (known.matches("[0-9a-f]{64}")) {
        return known;
      }
    }
    Digest digest = new Digest();
    for (Path source : sources) {
      digest.add((relative(source) + "\n").getBytes(StandardCharsets.UTF_8));
      digest.add(Files.newInputStream(source));
    }
    String hex = digest.hex();
    keep(memo, hex);
    return hex;
  }

  private static void keep(Path memo, String hex) {
    try {
      Files.createDirectories(memo.toAbsolutePath().getParent());
      Files.writeString(memo, hex + "\n");
    } catch (IOException e) {
      LOG.warn("{} cannot be written ({}); all files are read again next time", memo, e.toString());
    }
  }

  private String relative(Path source) {
    return source.equals(root)
        ? String.valueOf(root.getFileName())
        : root.relativize(source).toString().replace('\\', '/');
  }

  private Path file(Part part, DataFiles files) throws IOException {
    String origin = "images %d %s %s %d".formatted(VERSION, fingerprint(files), decoder, classes);
    String hex = new Digest().add(origin.getBytes(StandardCharsets.UTF_8)).hex();
    return files.cache().resolve("images").resolve(hex + "-" + part + ".bin");
  }

  private Pixels empty() {
    return new Pixels(
        decoder.channels(), decoder.size(), decoder.size(), new byte[0][], new int[0]);
  }

  private Map<Part, Pixels> decode() throws IOException {
    Map<Part, Map<String, List<byte[]>>> found = new EnumMap<>(Part.class);
    List<Waiting> waiting = new ArrayList<>();
    ImageFiles.visit(
        root,
        (part, label, name, bytes) -> {
          waiting.add(new Waiting(part, label, name, bytes));
          if (waiting.size() == AT_ONCE) {
            decode(waiting, found);
          }
        });
    decode(waiting, found);
    Map<Part, Set<String>> names = new EnumMap<>(Part.class);
    found.forEach((part, labels) -> names.put(part, labels.keySet()));
    List<String> labels = check(names);
    Map<Part, Pixels> parts = new EnumMap<>(Part.class);
    for (Map.Entry<Part, Map<String, List<byte[]>>> each : found.entrySet()) {
      parts.put(each.getKey(), round(labels, each.getValue()));
    }
    return parts;
  }

  /** Returns the classes of all parts, each of which must have them all. */
  private List<String> check(Map<Part, Set<String>> found) throws IOException {
    Set<String> names = new TreeSet<>();
    found.values().forEach(names::addAll);
    List<String> labels = List.copyOf(names);
    if (labels.isEmpty()) {
      throw new MalformedFileException(
          dataset,
          "there are no images in %s; they lie in class folders of train and test, such as train/cat"
              .formatted(root));
    }
    if (labels.size() != classes) {
      throw new IllegalArgumentException(
          "%s: classes says %d, but %s holds %d class folders: %s"
              .formatted(dataset, classes, root, labels.size(), String.join(", ", first(labels))));
    }
    found.putIfAbsent(Part.TRAIN, Set.of());
    found.putIfAbsent(Part.TEST, Set.of());
    found.forEach(
        (part, its) -> {
          String name = part.name().toLowerCase(Locale.ROOT);
          if (its.isEmpty()) {
            throw new IllegalArgumentException(
                "%s: there are no images in the %s part of %s; they lie in class folders, such as"
                        .formatted(dataset, name, root)
                    + " %s/%s".formatted(name, labels.get(0)));
          }
          for (String label : labels) {
            if (!its.contains(label)) {
              throw new IllegalArgumentException(
                  "%s: class %s has no images in the %s part of %s"
                      .formatted(dataset, label, name, root));
            }
          }
        });
    return labels;
  }

  private static List<String> first(List<String> labels) {
    List<String> shown = new ArrayList<>(labels.subList(0, Math.min(12, labels.size())));
    if (shown.size() < labels.size()) {
      shown.add("…");
    }
    return shown;
  }

  /** Decodes what waits, on all processors, and files it in order. */
  private void decode(List<Waiting> waiting, Map<Part, Map<String, List<byte[]>>> found)
      throws IOException {
    IOException[] faults = new IOException[waiting.size()];
    byte[][] decoded = new byte[waiting.size()][];
    IntStream.range(0, waiting.size())
        .parallel()
        .forEach(
            i -> {
              try {
                decoded[i] = decoder.decode(waiting.get(i).name, waiting.get(i).bytes);
              } catch (IOException e) {
                faults[i] = e;
              }
            });
    for (int i = 0; i < decoded.length; i++) {
      if (faults[i] != null) {
        throw faults[i];
      }
      Waiting each = waiting.get(i);
      found
          .computeIfAbsent(each.part, part -> new TreeMap<>())
          .computeIfAbsent(each.label, label -> new ArrayList<>())
          .add(decoded[i]);
    }
    waiting.clear();
  }

  private Pixels round(List<String> labels, Map<String, List<byte[]>> byLabel) {
    int count = byLabel.values().stream().mapToInt(List::size).sum();
    byte[][] images = new byte[count][];
    int[] classNumbers = new int[count];
    int at = 0;
    for (int turn = 0; at < count; turn++) {
      for (int label = 0; label < labels.size(); label++) {
        List<byte[]> own = byLabel.getOrDefault(labels.get(label), List.of());
        if (turn < own.size()) {
          images[at] = own.get(turn);
          classNumbers[at++] = label;
        }
      }
    }
    return new Pixels(decoder.channels(), decoder.size(), decoder.size(), images, classNumbers);
  }
}
