package io.secateur.study;

import io.secateur.spi.Controls;
import io.secateur.spi.DataFiles;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the tests of studies share: toys, plans without a machine, folders. */
final class Lab {
  private Lab() {}

  /** A study on toys: one arm without a grid, unless {@code rest} says otherwise. */
  static String study(String... rest) {
    return """
    study: toy
    data: toy-data
    model: toy-model
    threads: 2
    """
        + String.join("\n", rest)
        + "\n";
  }

  static Study parse(String text, String... overrides) {
    return StudyFile.parse("toy.yaml", text, List.of(overrides), Toys.catalogs());
  }

  static Plan plan(String text, String... overrides) {
    return planner("machine").plan(parse(text, overrides));
  }

  static Planner planner(String machine) {
    return new Planner(
        new Keys(type -> Optional.empty()),
        new Surroundings(new NoFiles(), "engine 1", "cpu", machine));
  }

  static Studies studies(Clock clock) {
    return studies(clock, List.of());
  }

  /** Studies whose workers' Java gets flags of its own. */
  static Studies studies(Clock clock, List<String> flags) {
    List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    all.addAll(flags);
    NoFiles files = new NoFiles();
    Setup setup = new Setup();
    return new Studies(
        Toys.catalogs(),
        files,
        new Planners(Toys.catalogs(), files, setup, Controls.NONE),
        setup,
        new WorkerCommand(ToyWorker.class.getName(), all),
        clock);
  }

  /** Places without any files. */
  static final class NoFiles implements DataFiles {
    @Override
    public Optional<Path> find(String folder, String file) {
      return Optional.empty();
    }

    @Override
    public Path require(String folder, String file, String source) {
      throw new UncheckedIOException(new java.io.FileNotFoundException(folder + "/" + file));
    }

    @Override
    public List<Path> searched() {
      return List.of();
    }

    @Override
    public Path cache() {
      throw new IllegalStateException("toys cache nothing");
    }
  }
}
