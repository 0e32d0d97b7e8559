package io.secateur.cli;

import io.secateur.conformance.Conformance;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Settings;
import io.secateur.spi.Plugin;
import io.secateur.study.Study;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tries plugins of jars by the rules of their kinds, each in a process of its own: one that hangs,
 * exits or aborts the engine is told so, and the next is tried.
 */
final class PluginCheck {
  /** A plugin that takes longer hangs. */
  private static final long SECONDS = 600;

  private final Catalogs catalogs;
  private final List<Path> folders;
  private final Optional<Path> data;

  PluginCheck(Catalogs catalogs, List<Path> folders, Optional<Path> data) {
    this.catalogs = catalogs;
    this.folders = folders;
    this.data = data;
  }

  /**
   * What came out.
   *
   * @param violations a line for each, the plugin and its jar in front
   * @param untried what could not be tried, likewise
   */
  record Outcome(int rules, List<String> violations, List<String> untried) {
    Outcome {
      violations = List.copyOf(violations);
      untried = List.copyOf(untried);
    }
  }

  /** Returns the plugins that came in jars, with their defaults. */
  List<Plugin> ofJars() {
    List<Plugin> plugins = new ArrayList<>();
    for (Catalog<?> catalog : catalogs.all()) {
      for (Catalog.Entry<?> entry : catalog.entries()) {
        if (entry.origin().jar().isPresent()) {
          plugins.add(entry.defaults());
        }
      }
    }
    return plugins;
  }

  /** Returns the plugins that a study names and that came in jars, as it sets them. */
  List<Plugin> of(Study study) {
    Set<Plugin> named = new LinkedHashSet<>();
    named.addAll(Settings.plugins(study.data()));
    study.models().forEach(model -> named.addAll(Settings.plugins(model)));
    study.measure().forEach(metric -> named.addAll(Settings.plugins(metric)));
    for (Study.Arm arm : study.arms()) {
      arm.pipeline().forEach(step -> named.addAll(Settings.plugins(step)));
    }
    return named.stream().filter(plugin -> catalogs.jarOf(plugin.getClass()).isPresent()).toList();
  }

  /** Tries one. */
  Outcome check(Plugin plugin) throws IOException {
    Map<String, String> question = new LinkedHashMap<>();
    question.put("plugin", Settings.written(plugin));
    question.put("kind", Conformance.kind(plugin).getName());
    question.put(
        "plugins",
        folders.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    data.ifPresent(folder -> question.put("data", folder.toString()));
    ChildJvm.Outcome outcome = ChildJvm.run("io.secateur.cli.CheckChild", question, 1, SECONDS);
    if (outcome.status() == ChildJvm.Outcome.ENDLESS) {
      return failed(plugin, "its check did not end within %d seconds".formatted(SECONDS));
    }
    if (outcome.answer().isEmpty()) {
      return failed(plugin, "it ended the process that checks it, exit status " + outcome.status());
    }
    return new Outcome(
        Integer.parseInt(outcome.answer().getOrDefault("rules", "0")),
        lines(plugin, outcome.answer(), "violation"),
        lines(plugin, outcome.answer(), "untried"));
  }

  private Outcome failed(Plugin plugin, String why) {
    return new Outcome(0, List.of(where(plugin) + ": " + why), List.of());
  }

  private List<String> lines(Plugin plugin, Map<String, String> answer, String what) {
    return answer.entrySet().stream()
        .filter(each -> each.getKey().startsWith(what))
        .map(each -> where(plugin) + ": " + each.getValue())
        .toList();
  }

  private String where(Plugin plugin) {
    return catalogs
        .jarOf(plugin.getClass())
        .map(jar -> "%s (%s)".formatted(plugin.name(), jar.file()))
        .orElse(plugin.name());
  }
}
