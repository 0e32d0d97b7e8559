package io.secateur.data;

import io.secateur.spi.DataFiles;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The places where data sets are looked for, in order: the folder given with {@code --data}, the
 * folder named by the environment variable SECATEUR_DATA, and {@code secateur/data} in the user's
 * cache folder, which is XDG_CACHE_HOME or {@code ~/.cache}, {@code ~/Library/Caches} on macOS, and
 * LOCALAPPDATA on Windows. What is derived from data is kept in {@code secateur/derived} there.
 */
public final class DataLocations implements DataFiles {
  /** The environment variable that names a folder of data sets. */
  public static final String VARIABLE = "SECATEUR_DATA";

  private final List<Path> places;
  private final Path cache;

  private DataLocations(List<Path> places, Path cache) {
    this.places = List.copyOf(places);
    this.cache = cache;
  }

  /**
   * Returns the places of this process.
   *
   * @param data the folder given on the command line
   * @throws IllegalArgumentException when that folder does not exist
   */
  public static DataLocations of(Optional<Path> data) {
    return of(
        data,
        System.getenv(),
        System.getProperty("os.name", ""),
        Path.of(System.getProperty("user.home", "")));
  }

  static DataLocations of(
      Optional<Path> data, Map<String, String> environment, String system, Path home) {
    Path own = userCache(environment, system, home).resolve("secateur");
    Set<Path> places = new LinkedHashSet<>();
    data.ifPresent(folder -> places.add(existing(folder)));
    String variable = environment.getOrDefault(VARIABLE, "");
    if (!variable.isBlank()) {
      places.add(named(variable));
    }
    places.add(own.resolve("data"));
    return new DataLocations(List.copyOf(places), own.resolve("derived"));
  }

  @Override
  public Optional<Path> find(String folder, String file) {
    return places.stream()
        .map(place -> place.resolve(folder).resolve(file))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  @Override
  public Path require(String folder, String file, String source) {
    return find(folder, file).orElseThrow(() -> absent(folder, file, source));
  }

  @Override
  public List<Path> searched() {
    return places;
  }

  @Override
  public Path cache() {
    return cache;
  }

  /** Returns the user's own folder of data sets, where fetched ones are put. */
  public Path own() {
    return places.get(places.size() - 1);
  }

  private UncheckedIOException absent(String folder, String file, String source) {
    String looked =
        places.stream()
            .map(place -> place.resolve(folder).toString())
            .collect(Collectors.joining(", "));
    String message =
        ("%s: %s is missing; looked in %s%s; it can be had from %s; put it into %s,"
                + " or name the folder above it with --data or %s")
            .formatted(
                folder,
                file,
                looked,
                Publication.hint(folder),
                source,
                places.get(0).resolve(folder),
                VARIABLE);
    return new UncheckedIOException(message, new FileNotFoundException(file));
  }

  private static Path existing(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "--data %s: there is no such folder; it would hold one for each data set, such as mnist"
              .formatted(folder));
    }
    return folder.toAbsolutePath().normalize();
  }

  private static Path named(String variable) {
    try {
      return Path.of(variable).toAbsolutePath().normalize();
    } catch (InvalidPathException fault) {
      throw new IllegalArgumentException(
          "%s is '%s', which cannot be a folder's name: %s"
              .formatted(VARIABLE, variable, fault.getReason()),
          fault);
    }
  }

  private static Path userCache(Map<String, String> environment, String system, Path home) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      String local = environment.getOrDefault("LOCALAPPDATA", "");
      return local.isBlank() ? home.resolve("AppData").resolve("Local") : Path.of(local);
    }
    if (name.startsWith("mac")) {
      return home.resolve("Library").resolve("Caches");
    }
    // A relative one is to be ignored, as the XDG base directory specification says.
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    return xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".cache");
  }
}
