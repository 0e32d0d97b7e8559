package io.secateur.conformance;

import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Settings;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Plugin;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A test that all plugins of a module keep the rules of their kinds: those whose classes are in the
 * test's package or below, found by their service files.
 */
@Tag("engine")
public interface BuiltInContract {
  /** Returns plugins to be tried beside those with default settings. */
  default List<Plugin> further() {
    return List.of();
  }

  /** Tries every rule of every plugin. */
  @TestFactory
  default Stream<DynamicContainer> keepTheRulesOfTheirKinds(@TempDir Path cache) {
    Catalogs catalogs = Catalogs.load(List.of());
    List<Plugin> plugins = new ArrayList<>();
    for (Catalog<?> catalog : catalogs.all()) {
      for (Catalog.Entry<?> entry : catalog.entries()) {
        if (entry.type().getPackageName().startsWith(getClass().getPackageName())) {
          plugins.add(entry.defaults());
        }
      }
    }
    plugins.addAll(further());
    Conformance conformance = new Conformance(catalogs, new NoFiles(cache));
    return plugins.stream()
        .map(
            plugin ->
                DynamicContainer.dynamicContainer(
                    Settings.written(plugin), PluginContract.tests(conformance, plugin)));
  }

  /** No data anywhere, and an empty cache. */
  record NoFiles(Path cache) implements DataFiles {
    @Override
    public Optional<Path> find(String folder, String file) {
      return Optional.empty();
    }

    @Override
    public Path require(String folder, String file, String source) {
      throw new UncheckedIOException(
          folder + ": " + file + " is missing", new FileNotFoundException(file));
    }

    @Override
    public List<Path> searched() {
      return List.of();
    }

    @Override
    public Path cache() {
      try {
        return Files.createDirectories(cache);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
