package io.secateur.cli;

import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Fault;
import io.secateur.plugin.Faults;
import io.secateur.plugin.YamlDocument;
import io.secateur.spi.Plugin;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads plugins from arguments, written as in a study file. */
final class Bound {
  private Bound() {}

  /**
   * Returns the plugin that a text writes: {@code ffn}, or {@code {ffn: {hidden: [16]}}}.
   *
   * @param where what messages call the text's place: {@code --model}
   */
  static <P extends Plugin> P plugin(String text, Class<P> kind, Catalogs catalogs, String where) {
    return value(text, kind, catalogs, where);
  }

  /** Returns any value that a setting may have, likewise. */
  static <T> T value(String text, Class<T> kind, Catalogs catalogs, String where) {
    Faults faults = new Faults();
    Optional<T> bound =
        YamlDocument.read(text, where, faults)
            .flatMap(node -> new Binder(catalogs, faults).bind(node, kind));
    return bound.orElseThrow(
        () ->
            CommandException.badInput(
                faults.list().stream()
                    .map(Fault::message)
                    .map(message -> where + " " + text + ": " + message)
                    .collect(Collectors.joining("\n"))));
  }
}
