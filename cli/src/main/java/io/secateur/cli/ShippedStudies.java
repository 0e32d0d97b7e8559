package io.secateur.cli;

import io.secateur.plugin.DidYouMean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The studies that lie ready: in {@code studies/} of the working folder, then of the installation.
 * Each opens with comments: what it is, then what it gave and cost where it was measured.
 */
final class ShippedStudies {
  private static final String EXTENSION = ".yaml";

  private final List<Path> folders;

  ShippedStudies(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  static ShippedStudies standard() {
    return new ShippedStudies(List.of(Path.of("studies"), Main.home().resolve("studies")));
  }

  /**
   * A study that lies ready.
   *
   * @param opening the first paragraph of its comments without the {@code #}: what it is, and from
   *     a line that starts so, what was measured
   */
  record Shipped(String name, Path file, List<String> opening) {}

  /** Returns them by name, sorted within each folder. */
  List<Shipped> all() {
    Map<String, Path> files = new LinkedHashMap<>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> found = Files.list(folder)) {
          found
              .filter(file -> file.toString().endsWith(EXTENSION))
              .sorted(Comparator.comparing(ShippedStudies::name))
              .forEach(file -> files.putIfAbsent(name(file), file));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
    List<Shipped> all = new ArrayList<>();
    files.forEach((name, file) -> all.add(new Shipped(name, file, opening(file))));
    return List.copyOf(all);
  }

  /** Returns the file that an argument means: a path, or the name of one that lies ready. */
  Path resolve(String argument) {
    Path path = Path.of(argument);
    if (Files.isRegularFile(path)) {
      return path;
    }
    if (Files.isDirectory(path)) {
      throw CommandException.badInput(
          argument + ": is a folder; a study is a file, such as studies/quickstart.yaml");
    }
    List<Shipped> all = all();
    for (Shipped shipped : all) {
      if (shipped.name().equals(argument) || (shipped.name() + EXTENSION).equals(argument)) {
        return shipped.file();
      }
    }
    List<String> names = all.stream().map(Shipped::name).toList();
    throw CommandException.badInput(
        "%s: there is no such study file%s"
            .formatted(
                argument,
                names.isEmpty()
                    ? ""
                    : ", and no study of that name.%s There are: %s."
                        .formatted(DidYouMean.among(name(path), names), String.join(", ", names))));
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
  }

  private static List<String> opening(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      String text =
          lines
              .takeWhile(line -> line.matches("#\\s*\\S.*"))
              .map(line -> line.substring(1).strip())
              .collect(Collectors.joining(" "));
      return text.isEmpty() ? List.of() : List.of(text.split(" (?=Measured: |Not run: )"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
