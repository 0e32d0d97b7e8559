package io.secateur.cli;

import io.secateur.model.UnitSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says which units of a model can only go together, and what goes with them. */
final class Groups {
  private Groups() {}

  static List<String> lines(Subject subject) {
    List<String> lines = new ArrayList<>();
    lines.add(subject.name());
    for (UnitSpace space : subject.architecture().coupling().spaces()) {
      lines.add("");
      String units = space.size() == 1 ? "unit" : "units";
      lines.add(String.format(Locale.ROOT, "%s: %,d %s", space.name(), space.size(), units));
      add(lines, "rows of", space.producers());
      add(lines, "entries of", space.vectors());
      add(lines, "inputs of", space.consumers());
      space.fixed().ifPresent(reason -> lines.add("  all stay: " + reason));
    }
    return lines;
  }

  private static void add(List<String> lines, String what, List<String> names) {
    if (!names.isEmpty()) {
      lines.add("  %-10s %s".formatted(what, String.join(", ", names)));
    }
  }
}
