package io.secateur.cli;

import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.DidYouMean;
import io.secateur.spi.Metric;
import io.secateur.spi.Plugin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.lang.model.SourceVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur plugins new}. */
@Command(
    name = "new",
    header = "Starts a plugin of your own: a Maven project that works.",
    description = {
      "It holds a small plugin of that kind, a test of the rules that its kind keeps, and a study"
          + " that uses it on data that needs no files. Never writes into a folder that holds"
          + " something."
    },
    footer = {
      "",
      "Examples:",
      "  secateur plugins new my-method",
      "  secateur plugins new my-metric --kind metric --package com.example"
    })
final class PluginsNewCommand implements Callable<Integer> {
  private static final String NAME = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "NAME",
      description = "As a study file will write it: lower-case words joined by hyphens.")
  private String name = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "method",
      description =
          "method, schedule, metric, stage, model, dataset, recipe or format. Default:"
              + " ${DEFAULT-VALUE}.")
  private String kind = "method";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The folder to write. Default: one called as the plugin.")
  private Optional<Path> dir = Optional.empty();

  @Option(
      names = "--package",
      paramLabel = "PACKAGE",
      defaultValue = "org.example",
      description = "The package of its class. Default: ${DEFAULT-VALUE}.")
  private String packageName = "org.example";

  @Override
  public Integer call() throws IOException {
    ScaffoldKind chosen = kind();
    checkName(chosen);
    checkPackage();
    Path folder = dir.orElse(Path.of(name));
    Scaffold scaffold = new Scaffold(chosen, name, packageName, Version.number());
    scaffold.write(folder);
    sayWhatNext(scaffold, folder, spec.commandLine().getOut());
    return 0;
  }

  private ScaffoldKind kind() {
    List<String> labels = ScaffoldKind.labels();
    return ScaffoldKind.of(kind)
        .orElseThrow(
            () ->
                CommandException.badInput(
                    "--kind %s: there is no such kind.%s There are: %s"
                        .formatted(
                            kind, DidYouMean.among(kind, labels), String.join(", ", labels))));
  }

  private void checkName(ScaffoldKind chosen) {
    if (!name.matches(NAME)) {
      throw CommandException.badInput(
          "%s: a plugin is called by lower-case words joined by hyphens, such as my-method"
              .formatted(name));
    }
    Catalogs builtIn = Catalogs.load(List.of());
    Optional<? extends Catalog.Entry<?>> taken = builtIn.of(chosen.namespace()).find(name);
    if (taken.isPresent()) {
      Class<? extends Plugin> type = taken.get().type();
      throw CommandException.badInput(
          "%s: a %s of that name is built in (%s), and built-in names are not displaced; choose another"
              .formatted(name, chosen.namespaceWord(), type.getSimpleName()));
    }
    if (chosen == ScaffoldKind.METRIC) {
      checkQuantity(builtIn.of(Metric.class));
    }
  }

  /** A metric's number is called as the metric, and such names are unique too. */
  private void checkQuantity(Catalog<Metric> metrics) {
    for (Catalog.Entry<Metric> entry : metrics.entries()) {
      for (Metric.Quantity quantity : entry.defaults().quantities()) {
        if (quantity.name().equals(name)) {
          throw CommandException.badInput(
              "%s: the metric %s gives a number of that name; choose another one"
                  .formatted(name, entry.name()));
        }
      }
    }
  }

  private void checkPackage() {
    if (!SourceVersion.isName(packageName) || !packageName.equals(lower(packageName))) {
      throw CommandException.badInput(
          "--package %s: a package is named by lower-case words joined by dots, such as com.example"
              .formatted(packageName));
    }
    if (packageName.matches("(java|javax|io\\.secateur)(\\..*)?")) {
      throw CommandException.badInput(
          "--package %s: that package belongs to others; take one of your own, such as com.example"
              .formatted(packageName));
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static void sayWhatNext(Scaffold scaffold, Path folder, PrintWriter out) {
    out.printf(
        "%s holds a %s that works, its test, and a study. What next:%n",
        folder, scaffold.kind().word());
    out.printf("  mvn install -DskipTests   (once, in Secateur's sources, to compile against)%n");
    out.printf("  mvn -f %s verify%n", folder);
    out.printf("  mkdir -p plugins && cp %s plugins/%n", folder.resolve(scaffold.jar()));
    out.printf("  %s run %s%n", Main.self(), folder.resolve("study.yaml"));
  }
}
