package io.secateur.cli;

import com.google.inject.Guice;
import io.secateur.SecateurModule;
import io.secateur.study.Runs;
import io.secateur.study.Setup;
import io.secateur.study.Stock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The store that a command looks into: a run's, or one that is named itself. */
final class StorePlace {
  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "The folder of a run, whose store is meant.")
  private Optional<Path> run = Optional.empty();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "The folder of a store, in place of a run or beside one that uses it.")
  private Optional<Path> store = Optional.empty();

  static Runs runs() {
    return Guice.createInjector(new SecateurModule(new Setup())).getInstance(Runs.class);
  }

  Optional<Path> run() {
    return run;
  }

  Path folder() {
    return store
        .or(() -> run.map(runs()::store))
        .orElseThrow(
            () ->
                CommandException.badInput(
                    "name a run's folder, or a store by --store: secateur store list"
                        + " runs/quickstart"));
  }

  Stock stock() throws IOException {
    return new Stock(folder());
  }

  /**
   * Returns the steps of the run, each with the place that it serves; none without a run that has
   * ended.
   */
  Map<String, String> uses() {
    return run.filter(folder -> Files.exists(folder.resolve("run.json")))
        .map(folder -> runs().uses(folder))
        .orElse(Map.of());
  }
}
