package io.secateur.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import io.secateur.SecateurModule;
import io.secateur.study.Setup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say where data and plugins lie and what computes. */
final class SetupOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "Folder searched first for data sets, one folder each: DIR/mnist. Then those of"
            + " SECATEUR_DATA and the user's cache are searched; 'doctor' lists them."
      })
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--device",
      paramLabel = "cpu|gpu",
      defaultValue = "cpu",
      description = "What computes. Default: ${DEFAULT-VALUE}.")
  private String device = "cpu";

  @Mixin private PluginOptions plugins = new PluginOptions();

  Setup setup() {
    return new Setup(plugins.folders(), data, device);
  }

  /** Returns what everything else comes from. */
  Injector injector() {
    return Guice.createInjector(new SecateurModule(setup()));
  }

  Optional<Path> data() {
    return data;
  }

  String device() {
    return device;
  }

  List<Path> pluginFolders() {
    return plugins.folders();
  }
}
