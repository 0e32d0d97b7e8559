package io.secateur.study;

import io.secateur.plugin.Settings;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Plugin;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes down all that a step's result depends on; the SHA-256 of that text is the step's key. A
 * step's text holds the key before it, so a key is the hash of a whole past, and steps that share
 * their past share their key.
 *
 * <p>A plugin contributes its name, its settings where they differ from their defaults, and, for
 * itself and every plugin among its settings, its class, its version and the digest of the jar it
 * came from. A setting added later with a default that changes nothing so leaves all keys as they
 * were.
 */
final class Keys {
  private final Function<Class<?>, Optional<String>> jars;

  /**
   * Keys of plugins.
   *
   * @param jars the digest of the plugin jar that a class came from, if it came from one
   */
  Keys(Function<Class<?>, Optional<String>> jars) {
    this.jars = jars;
  }

  /**
   * Returns what a model as opened depends on.
   *
   * @param model one of the study's
   * @param fingerprint of the data
   * @param parameters a digest of the files that the first parameters are read from; empty for none
   * @param setting what the numbers depend on beside the study, one line each
   */
  String open(
      Study study,
      ModelSource model,
      String fingerprint,
      String parameters,
      long replicate,
      List<String> setting) {
    StringJoiner text = new StringJoiner("\n");
    text.add("secateur model");
    add(text, "data", study.data());
    text.add("fingerprint " + fingerprint);
    text.add("task " + study.data().task());
    add(text, "model", model);
    if (!parameters.isEmpty()) {
      text.add("parameters " + parameters);
    }
    text.add("replicate " + replicate);
    text.add("threads " + study.threads());
    setting.forEach(text::add);
    return text.toString();
  }

  /**
   * Returns what a stage's checkpoint depends on.
   *
   * @param ordinal which of the replicate's seeds the stage draws
   * @param recalls the keys of the earlier checkpoints it asks for
   * @param until where a training was cut; 0 when it was not
   */
  String stage(String parent, Plugin stage, int ordinal, Map<Point, String> recalls, long until) {
    return stage(parent, stage, ordinal, recalls, List.of(), until);
  }

  /**
   * Returns the same of a stage that applies masks from outside the pipeline.
   *
   * @param masks a digest of each place of them, in the order of the places
   */
  String stage(
      String parent,
      Plugin stage,
      int ordinal,
      Map<Point, String> recalls,
      List<String> masks,
      long until) {
    StringJoiner text = new StringJoiner("\n");
    text.add("secateur step");
    text.add("from " + parent);
    add(text, "stage", stage);
    if (ordinal != 0) {
      text.add("ordinal " + ordinal);
    }
    Map<String, String> sorted = new TreeMap<>();
    recalls.forEach((point, key) -> sorted.put(point.toString(), key));
    sorted.forEach((point, key) -> text.add("recalls " + point + " " + key));
    masks.forEach(digest -> text.add("masks " + digest));
    if (until != 0) {
      text.add("until " + until);
    }
    return text.toString();
  }

  /** Returns what a checkpoint depends on that a check of a round lets through or not. */
  String check(String parent, Plan.Check check) {
    Stop stop = check.stop();
    StringJoiner text = new StringJoiner("\n");
    text.add("secateur check");
    text.add("from " + parent);
    add(text, "metric", stop.metric().orElseThrow());
    text.add("drop " + stop.drop() + " on " + stop.on() + " halve " + stop.halve());
    text.add("start " + check.start());
    text.add("held " + check.held());
    text.add("last " + check.until());
    return text.toString();
  }

  /**
   * Returns what a measurement depends on.
   *
   * @param on the split that predictions are made for
   * @param examples how many of it, spread over it; 0 for all
   * @param machine the machine, for numbers that belong to one; else empty
   */
  String measurement(String checkpoint, Plugin metric, Split on, int examples, String machine) {
    StringJoiner text = new StringJoiner("\n");
    text.add("secateur measurement");
    text.add("of " + checkpoint);
    add(text, "metric", metric);
    if (on != Split.TEST) {
      text.add("on " + on);
    }
    if (examples != 0) {
      text.add("examples " + examples);
    }
    if (!machine.isEmpty()) {
      text.add("machine " + machine);
    }
    return text.toString();
  }

  static String key(String text) {
    return Digests.sha256(text);
  }

  /** One line for the settings, one per class; a line feed in a setting must not forge a line. */
  private void add(StringJoiner text, String role, Plugin plugin) {
    String settings = Settings.canonical(plugin);
    text.add(role + " " + settings.replace("\\", "\\\\").replace("\n", "\\n"));
    Set<String> classes = new LinkedHashSet<>();
    for (Plugin each : Settings.plugins(plugin)) {
      Class<?> type = each.getClass();
      String jar = jars.apply(type).map(sha -> " jar " + sha).orElse("");
      classes.add("class " + type.getName() + " version " + each.version() + jar);
    }
    classes.forEach(text::add);
  }
}
