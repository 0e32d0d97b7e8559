package io.secateur.cli;

import io.secateur.model.Architecture;
import io.secateur.model.ParameterSpec;
import io.secateur.model.UnitSpace;
import io.secateur.plugin.DidYouMean;
import io.secateur.stage.NamePattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a sensitivity analysis prunes one at a time: every layer, or groups of them, each with the
 * weights that it stands for. Weights whose coupled units go together are never parted.
 */
final class SweptLayers {
  private static final String WEIGHT = ".weight";
  private static final List<String> PRESETS = List.of("early/late", "first/middle/last", "kinds");

  /** Weights that can only be pruned together, in the model's order. */
  private final List<List<String>> units;

  private final Architecture architecture;

  SweptLayers(Architecture architecture, boolean coupled) {
    this.architecture = architecture;
    List<String> prunable = architecture.prunable().stream().map(ParameterSpec::name).toList();
    if (coupled) {
      this.units =
          architecture.coupling().spaces().stream()
              .filter(space -> space.fixed().isEmpty())
              .map(UnitSpace::producers)
              .filter(names -> !names.isEmpty() && prunable.containsAll(names))
              .toList();
    } else {
      this.units = prunable.stream().map(List::of).toList();
    }
  }

  /**
   * Returns the weights by the name of their layer or group.
   *
   * @param asked groups as typed; none for every layer on its own
   */
  Map<String, List<String>> groups(List<String> asked) {
    if (units.isEmpty()) {
      throw CommandException.badInput(
          "no units of this model can be pruned: 'inspect --groups' says why each stays");
    }
    if (asked.isEmpty()) {
      Map<String, List<String>> layers = new LinkedHashMap<>();
      units.forEach(unit -> layers.put(title(unit), unit));
      return layers;
    }
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (String text : asked) {
      if (PRESETS.contains(text)) {
        preset(text).forEach((name, weights) -> put(groups, name, weights, text));
      } else {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
          throw CommandException.badInput(
              "--group %s: a group is written NAME=PATTERN, as in attention='*attn*', or is one of %s"
                  .formatted(text, String.join(", ", PRESETS)));
        }
        put(groups, text.substring(0, equals), matching(text.substring(equals + 1), text), text);
      }
    }
    return groups;
  }

  private static void put(
      Map<String, List<String>> groups, String name, List<String> weights, String text) {
    if (weights.isEmpty()) {
      return;
    }
    groups.forEach(
        (other, members) -> {
          if (members.stream().anyMatch(weights::contains)) {
            throw CommandException.badInput(
                "--group %s: %s is in the group %s already; each weight is in one"
                    .formatted(
                        text,
                        weights.stream().filter(members::contains).findFirst().orElse(""),
                        other));
          }
        });
    if (groups.putIfAbsent(name, weights) != null) {
      throw CommandException.badInput(
          "--group %s: there is a group %s already".formatted(text, name));
    }
  }

  /** A unit of several weights is in the group of the first of them. */
  private List<String> matching(String patterns, String text) {
    List<String> members = new ArrayList<>();
    for (String pattern : patterns.split(",", -1)) {
      NamePattern names = pattern(pattern, text);
      List<String> found =
          units.stream()
              .filter(unit -> names.matches(unit.get(0)))
              .flatMap(List::stream)
              .filter(name -> !members.contains(name))
              .toList();
      if (units.stream().noneMatch(unit -> names.matches(unit.get(0)))) {
        List<String> there = units.stream().map(unit -> unit.get(0)).toList();
        throw CommandException.badInput(
            "--group %s: %s matches no weight that can be pruned.%s There are: %s."
                .formatted(
                    text, pattern, DidYouMean.among(pattern, there), String.join(", ", there)));
      }
      members.addAll(found);
    }
    return members;
  }

  private static NamePattern pattern(String pattern, String text) {
    try {
      return new NamePattern(pattern);
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput("--group %s: %s".formatted(text, e.getMessage()));
    }
  }

  private Map<String, List<String>> preset(String name) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    if (name.equals("kinds")) {
      for (Architecture.Place place : architecture.places()) {
        place
            .parameters()
            .forEach(
                spec ->
                    units.stream()
                        .filter(unit -> unit.get(0).equals(spec.name()))
                        .forEach(
                            unit ->
                                groups
                                    .computeIfAbsent(place.kind(), kind -> new ArrayList<>())
                                    .addAll(unit)));
      }
      return groups;
    }
    String[] parts = name.split("/", -1);
    for (int part = 0; part < parts.length; part++) {
      int from = (part * units.size() + parts.length - 1) / parts.length;
      int to = ((part + 1) * units.size() + parts.length - 1) / parts.length;
      groups.put(
          parts[part],
          units.subList(from, to).stream().flatMap(List::stream).collect(Collectors.toList()));
    }
    return groups;
  }

  private static String title(List<String> unit) {
    String first = unit.get(0);
    String layer =
        first.endsWith(WEIGHT) ? first.substring(0, first.length() - WEIGHT.length()) : first;
    return unit.size() == 1 ? layer : "%s and %d more".formatted(layer, unit.size() - 1);
  }
}
