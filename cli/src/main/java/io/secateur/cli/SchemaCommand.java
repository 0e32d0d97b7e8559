package io.secateur.cli;

import io.secateur.plugin.Broken;
import io.secateur.plugin.Catalogs;
import io.secateur.study.StudySchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code secateur schema}. */
@Command(
    name = "schema",
    header = "Prints a JSON Schema of study files, for editors.",
    description = {
      "Draft 7, with the names, settings, defaults and texts of all plugins, those of jars too. An"
          + " editor that is pointed at it completes study files and marks what is misspelt. Print"
          + " it again when the jars change."
    },
    footer = {
      "",
      "Examples:",
      "  secateur schema > study.schema.json",
      "  secateur schema --plugins my-jars > study.schema.json",
      "",
      "A study's first line then names it:",
      "  # yaml-language-server: $schema=study.schema.json"
    })
final class SchemaCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PluginOptions options = new PluginOptions();

  @Override
  public void run() {
    Catalogs catalogs = options.catalogs();
    for (Broken broken : catalogs.broken()) {
      spec.commandLine().getErr().println("not in the schema: " + broken);
    }
    spec.commandLine().getOut().print(StudySchema.text(catalogs));
    spec.commandLine().getOut().flush();
  }
}
