package io.secateur.cli;

import io.secateur.plugin.Broken;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Origin;
import io.secateur.plugin.Settings;
import io.secateur.spi.Plugin;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code secateur plugins}. */
@Command(
    name = "plugins",
    header = "Lists what a study file can name.",
    description = {
      "By kind: name, what it is, and where it comes from. What was found and cannot be used stands"
          + " last, with its reason; it hurts nothing else. What came in a jar shows the jar, its"
          + " version, and the version of the SPI that it was built against. With --check the"
          + " plugins of jars are tried by the rules of their kinds instead, each in a process of"
          + " its own."
    },
    subcommands = PluginsNewCommand.class,
    footer = {
      "",
      "Examples:",
      "  secateur plugins",
      "  secateur plugins --settings",
      "  secateur plugins --plugins my-jars",
      "  secateur plugins --plugins my-jars --check",
      "  secateur plugins new my-method"
    })
final class PluginsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PluginOptions options = new PluginOptions();

  @Option(
      names = {"-s", "--settings"},
      description = "Show the settings too: type, default, and what each is.")
  private boolean settings;

  @Option(
      names = "--check",
      description =
          "Try the plugins of jars by the rules of their kinds, and print what breaks them.")
  private boolean check;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Catalogs catalogs = options.catalogs();
    if (check) {
      return check(catalogs, out);
    }
    for (Catalog<?> catalog : catalogs.all()) {
      list(catalog, catalogs, out);
    }
    List<Broken> broken = catalogs.broken();
    if (!broken.isEmpty()) {
      out.println("cannot be used");
      for (Broken each : broken) {
        Layout.wrapped(each.toString(), "  ", Layout.WIDTH).forEach(out::println);
      }
    }
    return 0;
  }

  /** Prints a line for each rule that is broken, and for each plugin that keeps them all. */
  private int check(Catalogs catalogs, PrintWriter out) throws IOException {
    PluginCheck checks = new PluginCheck(catalogs, options.folders(), Optional.empty());
    List<Plugin> plugins = checks.ofJars();
    boolean kept = true;
    for (Plugin plugin : plugins) {
      PluginCheck.Outcome outcome = checks.check(plugin);
      outcome.violations().forEach(out::println);
      outcome.untried().stream().distinct().forEach(line -> out.println(line + " (not tried)"));
      if (outcome.violations().isEmpty()) {
        out.println("%s keeps %d rules".formatted(plugin.name(), outcome.rules()));
      }
      kept &= outcome.violations().isEmpty();
    }
    List<Broken> broken =
        catalogs.broken().stream().filter(each -> each.origin().endsWith(".jar")).toList();
    broken.forEach(each -> out.println("cannot be used: " + each));
    if (plugins.isEmpty() && broken.isEmpty()) {
      out.println("there is no plugin in a jar to check");
    }
    return kept && broken.isEmpty() ? 0 : Main.BAD_INPUT;
  }

  private void list(Catalog<?> catalog, Catalogs catalogs, PrintWriter out) {
    List<? extends Catalog.Entry<?>> entries = catalog.entries();
    out.println(catalog.kind());
    if (entries.isEmpty()) {
      out.println("  none");
    }
    int width = entries.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
    for (Catalog.Entry<?> entry : entries) {
      String name = "  %-" + width + "s  ";
      String text = Descriptions.sentence(entry.description());
      String origin = entry.origin().jar().map(jar -> " [" + said(jar) + "]").orElse("");
      String indent = " ".repeat(width + 4);
      List<String> lines = Layout.wrapped(text + origin, indent, Layout.WIDTH);
      out.println((name.formatted(entry.name()) + lines.get(0).strip()).stripTrailing());
      lines.subList(1, lines.size()).forEach(out::println);
      if (settings) {
        Settings.describe(entry.type(), catalogs).stream()
            .flatMap(setting -> Descriptions.brief(setting).stream())
            .forEach(out::println);
      }
    }
    out.println();
  }

  private static String said(Origin.Jar jar) {
    return jar.file()
        + jar.version().map(version -> ", version " + version).orElse("")
        + jar.spi().map(spi -> ", SPI " + spi).orElse(", no SPI version");
  }
}
