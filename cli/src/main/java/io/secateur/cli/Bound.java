package io.secateur.cli;

import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.PluginException;
import io.secateur.spi.Plugin;

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
    try {
      return Binder.read(text, where, kind, catalogs);
    } catch (PluginException e) {
      throw CommandException.badInput(String.valueOf(e.getMessage()));
    }
  }
}
