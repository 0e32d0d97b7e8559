package io.secateur.cli;

import io.secateur.plugin.Catalogs;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that says where plugin jars lie. */
final class PluginOptions {
  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description = {
        "Folder of plugin jars; may be given several times. Default: plugins/ in the working"
            + " folder, then in the installation."
      })
  private List<Path> folders = List.of();

  /** Returns the folders given; none for the standard ones. */
  List<Path> folders() {
    return folders;
  }

  Catalogs catalogs() {
    return Catalogs.load(folders.isEmpty() ? Catalogs.standardFolders() : folders);
  }
}
