package io.secateur.data;

import io.secateur.spi.DataFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the file or folder lies that a study names: as typed, else where data is looked for. */
final class Whereabouts {
  private Whereabouts() {}

  /**
   * Returns where it is.
   *
   * @throws UncheckedIOException when it is nowhere; lists where it was looked for
   */
  static Path of(String named, DataFiles files) {
    List<Path> places;
    try {
      places =
          Stream.concat(
                  Stream.of(Path.of(named)),
                  files.searched().stream().map(place -> place.resolve(named)))
              .toList();
    } catch (InvalidPathException fault) {
      throw new IllegalArgumentException(
          "'%s' cannot be a file's name: %s".formatted(named, fault.getReason()), fault);
    }
    return places.stream()
        .filter(Files::exists)
        .findFirst()
        .map(Whereabouts::resolved)
        .orElseThrow(
            () ->
                new UncheckedIOException(
                    "%s is nowhere; looked for %s%s"
                        .formatted(
                            named,
                            places.stream()
                                .map(path -> path.toAbsolutePath().toString())
                                .distinct()
                                .collect(Collectors.joining(", ")),
                            Publication.hint(named)),
                    new FileNotFoundException(named)));
  }

  /** Returns where a link leads: walks through a folder do not follow them. */
  static Path resolved(Path path) {
    try {
      return Files.isSymbolicLink(path) ? path.toRealPath() : path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
