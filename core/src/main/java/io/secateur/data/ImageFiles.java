package io.secateur.data;

import io.secateur.model.MalformedFileException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * The image files of class folders {@code …/train/cat/1.png}: in a folder, in an archive (tar,
 * tar.gz, zip), or in several archives in a folder. Nothing is ever unpacked to the disk; links,
 * names that lead out of the archive, and what is larger than any image are refused.
 */
final class ImageFiles {
  /** No single image is larger. */
  static final int LARGEST = 64 << 20;

  private static final long MOST = 20_000_000;
  private static final List<String> IMAGES = List.of(".png", ".jpg", ".jpeg");

  private ImageFiles() {}

  /** Sees one image file. */
  interface Visitor {
    /**
     * Sees an image.
     *
     * @param split the part that its path names
     * @param label the name of its folder
     * @param name where it lies, for messages
     * @param bytes what is in it
     */
    void image(Part split, String label, String name, byte[] bytes) throws IOException;
  }

  /** The parts of a data set by the names that folders have. */
  enum Part {
    TRAIN,
    VALIDATION,
    TEST;

    static Optional<Part> named(String folder) {
      return switch (folder.toLowerCase(Locale.ROOT)) {
        case "train", "training" -> Optional.of(TRAIN);
        case "valid", "validation", "val" -> Optional.of(VALIDATION);
        case "test", "testing" -> Optional.of(TEST);
        default -> Optional.empty();
      };
    }
  }

  /** Returns the files that make up the data set: the archive itself, or all in a folder. */
  static List<Path> sources(Path root) throws IOException {
    if (Files.isRegularFile(root)) {
      return List.of(root);
    }
    // Links within are not followed: they might lead anywhere. The root itself may be one.
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .filter(path -> isImage(path.toString()) || isArchive(path))
          .sorted()
          .toList();
    }
  }

  /** Visits all images of the data set, archives in the order of their entries. */
  static void visit(Path root, Visitor visitor) throws IOException {
    for (Path source : sources(root)) {
      if (isArchive(source)) {
        archive(source, visitor);
      } else {
        Path relative = root.relativize(source);
        Optional<Part> part = part(relative.toString());
        if (part.isPresent()) {
          if (Files.size(source) > LARGEST) {
            throw tooLarge(source.toString());
          }
          visitor.image(
              part.get(),
              folder(relative.toString(), 1),
              source.toString(),
              Files.readAllBytes(source));
        }
      }
    }
  }

  private static void archive(Path path, Visitor visitor) throws IOException {
    String where = path.toString();
    long entries = 0;
    try (ArchiveInputStream<?> in = open(path)) {
      // Entries may say how large they are, and may lie: what comes out of the archive is counted.
      Unpacked whole = new Unpacked(path.toString(), Files.size(path), in);
      ArchiveEntry entry = in.getNextEntry();
      while (entry != null) {
        where = path + "!" + entry.getName();
        refuse(entry, where);
        if (++entries > MOST) {
          throw new MalformedFileException(path.toString(), "more than " + MOST + " entries");
        }
        Optional<Part> part = part(entry.getName());
        if (!entry.isDirectory() && isImage(entry.getName()) && part.isPresent()) {
          visitor.image(part.get(), folder(entry.getName(), 1), where, bytes(whole, entry, where));
        } else {
          whole.skip(Long.MAX_VALUE);
        }
        entry = in.getNextEntry();
      }
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      Throwable cause = e.getCause();
      boolean unpacking = cause instanceof EOFException || cause instanceof ZipException;
      if (e instanceof MalformedFileException told && !unpacking) {
        throw told;
      }
      // What reads archives throws many things, none of which says at which entry.
      Throwable reason = cause != null && unpacking ? cause : e;
      throw new MalformedFileException(
          where, "the archive is damaged or cut short here (%s)".formatted(reason.getMessage()), e);
    }
  }

  /** Some formats let an entry lie about its size, so that what is read is bounded as well. */
  private static byte[] bytes(InputStream in, ArchiveEntry entry, String where) throws IOException {
    byte[] bytes = entry.getSize() > LARGEST ? new byte[0] : in.readNBytes(LARGEST + 1);
    if (entry.getSize() > LARGEST || bytes.length > LARGEST) {
      throw tooLarge(where);
    }
    return bytes;
  }

  private static MalformedFileException tooLarge(String where) {
    return new MalformedFileException(where, "larger than any image, " + LARGEST + " bytes");
  }

  private static void refuse(ArchiveEntry entry, String where) throws IOException {
    boolean link =
        (entry instanceof TarArchiveEntry tar && (tar.isLink() || tar.isSymbolicLink()))
            || (entry instanceof ZipArchiveEntry zip && zip.isUnixSymlink());
    if (link) {
      throw new MalformedFileException(where, "a link; archives of images hold files only");
    }
    String name = entry.getName().replace('\\', '/');
    boolean outside =
        name.startsWith("/")
            || name.matches("^[A-Za-z]:.*")
            || List.of(name.split("/", -1)).contains("..");
    if (outside) {
      throw new MalformedFileException(where, "leads out of the archive");
    }
  }

  private static ArchiveInputStream<?> open(Path path) throws IOException {
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip") || name.endsWith(".tar")) {
      InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
      return name.endsWith(".zip") ? new ZipArchiveInputStream(in) : new TarArchiveInputStream(in);
    }
    try {
      return new TarArchiveInputStream(new BufferedInputStream(Unpacked.gzip(path), 1 << 16));
    } catch (MalformedFileException e) {
      throw new MalformedFileException(
          path.toString(),
          "not an archive of its name's kind: "
              + (e.getCause() == null ? e : e.getCause()).getMessage(),
          e);
    }
  }

  static boolean isArchive(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return Stream.of(".tar", ".tar.gz", ".tgz", ".zip").anyMatch(name::endsWith);
  }

  /** Files whose name begins with a dot are what some systems leave beside images, not images. */
  private static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean hidden = lower.substring(lower.replace('\\', '/').lastIndexOf('/') + 1).startsWith(".");
    return !hidden && IMAGES.stream().anyMatch(lower::endsWith);
  }

  /** Returns the part that the folder above an image's own names. */
  private static Optional<Part> part(String path) {
    return Part.named(folder(path, 2));
  }

  /** Returns the name of a folder above a file; its own is the first. */
  private static String folder(String path, int above) {
    List<String> parts = new ArrayList<>(List.of(path.replace('\\', '/').split("/", -1)));
    int index = parts.size() - 1 - above;
    return index < 0 ? "" : parts.get(index);
  }
}
