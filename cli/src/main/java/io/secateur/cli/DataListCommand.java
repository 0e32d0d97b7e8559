package io.secateur.cli;

import io.secateur.data.DataLocations;
import io.secateur.data.Publication;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DatasetSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code secateur data list}. */
@Command(
    name = "list",
    header = "Lists data sets, and which of them are here.",
    description = {
      "Those that are published: what they hold, their size and terms, where they come from and"
          + " where they were found. Then those that need no fetching."
    },
    footer = {"", "Example:", "  secateur data list --data /srv/data"})
final class DataListCommand implements Runnable {
  private static final String INDENT = "    ";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PluginOptions plugins = new PluginOptions();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder searched first, as 'run' does.")
  private Optional<Path> data = Optional.empty();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    DataLocations places = DataLocations.of(data);
    for (Publication each : Publication.all()) {
      out.println(each.name());
      say(each.about(), out);
      say(Layout.bytes(each.bytes()) + "; " + each.terms(), out);
      say("from " + each.items().get(0).from().resolve("."), out);
      say(whereabouts(each, places), out);
    }
    Catalogs catalogs = plugins.catalogs();
    for (Catalog.Entry<DatasetSource> entry : catalogs.of(DatasetSource.class).entries()) {
      if (Publication.named(entry.name()).isEmpty()) {
        out.println(entry.name());
        say(Descriptions.sentence(entry.description()), out);
        say("nothing to fetch", out);
      }
    }
  }

  private static String whereabouts(Publication each, DataLocations places) {
    String get = "; 'secateur data get " + each.name() + "' fetches ";
    return each.found(places)
        .map(folder -> "here: " + folder)
        .or(
            () ->
                each.begun(places)
                    .map(
                        folder ->
                            "in part or in another form: " + folder + get + "what is published"))
        .orElse("not here" + get + "it");
  }

  private static void say(String text, PrintWriter out) {
    Layout.wrapped(text, INDENT, Layout.WIDTH).forEach(out::println);
  }
}
