package io.secateur.cli;

import io.secateur.plugin.Broken;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code secateur plugins}. */
@Command(
    name = "plugins",
    header = "Lists what a study file can name.",
    description = {
      "By kind: name, what it is, and where it comes from. What was found and cannot be used stands"
          + " last, with its reason; it hurts nothing else."
    },
    footer = {"", "Examples:", "  secateur plugins", "  secateur plugins --plugins my-jars"})
final class PluginsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PluginOptions options = new PluginOptions();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Catalogs catalogs = options.catalogs();
    for (Catalog<?> catalog : catalogs.all()) {
      list(catalog, out);
    }
    List<Broken> broken = catalogs.broken();
    if (!broken.isEmpty()) {
      out.println("cannot be used");
      for (Broken each : broken) {
        Layout.wrapped(each.toString(), "  ", Layout.WIDTH).forEach(out::println);
      }
    }
  }

  private static void list(Catalog<?> catalog, PrintWriter out) {
    List<? extends Catalog.Entry<?>> entries = catalog.entries();
    out.println(catalog.kind());
    if (entries.isEmpty()) {
      out.println("  none");
    }
    int width = entries.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
    for (Catalog.Entry<?> entry : entries) {
      String name = "  %-" + width + "s  ";
      String text = Descriptions.sentence(entry.defaults().description());
      String origin = entry.origin().jar().isPresent() ? " [" + entry.origin() + "]" : "";
      String indent = " ".repeat(width + 4);
      List<String> lines = Layout.wrapped(text + origin, indent, Layout.WIDTH);
      out.println((name.formatted(entry.name()) + lines.get(0).strip()).stripTrailing());
      lines.subList(1, lines.size()).forEach(out::println);
    }
    out.println();
  }
}
