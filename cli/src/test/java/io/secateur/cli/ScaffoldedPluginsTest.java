package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.conformance.Conformance;
import io.secateur.conformance.PluginContract;
import io.secateur.data.DataLocations;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.Plugin;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code plugins new} writes compiles, keeps the rules of its kind, and works in studies. */
@Tag("engine")
class ScaffoldedPluginsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(ScaffoldKind.class)
  void keepsTheRulesOfItsKind(ScaffoldKind kind) {
    Catalogs catalogs = Catalogs.load(List.of(Scaffolds.all().jars()));
    assertThat(catalogs.broken()).isEmpty();
    Plugin plugin = catalogs.of(kind.service()).named(Scaffolds.name(kind)).defaults();

    assertThat(new Conformance(catalogs, DataLocations.of(Optional.empty())).violations(plugin))
        .isEmpty();
  }

  /** Its own tests, as JUnit would run them; those of the contract are tried above. */
  @ParameterizedTest
  @EnumSource(ScaffoldKind.class)
  void passesItsOwnTests(ScaffoldKind kind) throws Exception {
    URL[] classes = {Scaffolds.all().classes().toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      Class<?> type = Class.forName(Scaffolds.type(kind) + "Test", true, loader);
      assertThat(PluginContract.class).isAssignableFrom(type);
      int tests = 0;
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          Constructor<?> constructor = type.getDeclaredConstructor();
          constructor.setAccessible(true);
          method.setAccessible(true);
          method.invoke(constructor.newInstance());
          tests++;
        }
      }
      assertThat(tests).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(ScaffoldKind.class)
  void itsStudyCanBePlanned(ScaffoldKind kind) {
    Cli.Result result =
        Cli.run(
            "plan",
            Scaffolds.all().project(kind).resolve("study.yaml").toString(),
            "--out",
            folder.resolve("runs").toString(),
            "--plugins",
            Scaffolds.all().jars().toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains(Scaffolds.name(kind), "1 thread");
  }

  /** All of them together, and the result as a file in the format. */
  @Test
  void aStudyWithAllOfThemRunsToItsReport() throws IOException {
    Path study =
        Files.writeString(
            folder.resolve("all.yaml"),
            """
            study: all
            seeds: [1]
            threads: 1
            data: {my-dataset: {train: 120, test: 60}}
            model: {my-model: {width: 8, blocks: 1}}
            pipeline:
              - train: {epochs: 1, label: dense}
              - my-recipe: {method: my-method, rounds: 2, amount: 0.5}
              - my-stage
              - rounds:
                  rounds: 2
                  stages: [{prune: {method: my-method, amount: 0.9, schedule: my-schedule}}]
            measure: [accuracy, my-metric, sparsity]
            """);
    Path run = folder.resolve("run");
    String jars = Scaffolds.all().jars().toString();

    Cli.Result ran = Cli.run("run", "" + study, "--out", "" + run, "--plugins", jars, "-q");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    assertThat(Files.readString(run.resolve("results.csv"))).contains("my-metric");
  }
}
