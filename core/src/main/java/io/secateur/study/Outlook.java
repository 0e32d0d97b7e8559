package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.model.ParameterSpec;
import io.secateur.model.UnitSpace;
import io.secateur.spi.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a plan knows of sparsity before anything is run.
 *
 * @param pruned cells lost, as {@link Stage#foresee} counts them
 */
record Outlook(Map<String, Long> pruned) {

  static Outlook start(Architecture architecture) {
    Map<String, Long> nothing = new LinkedHashMap<>();
    architecture.prunable().forEach(spec -> nothing.put(spec.name(), 0L));
    return new Outlook(nothing);
  }

  Outlook after(Stage stage, Architecture architecture) {
    return new Outlook(stage.foresee(architecture, pruned));
  }

  /** Returns what a stage changes, as words behind its line. */
  String told(Outlook before, Architecture architecture) {
    if (pruned.equals(before.pruned)) {
      return "";
    }
    List<Group> groups = groups(architecture);
    if (groups.stream().anyMatch(group -> group.lost() == Stage.UNKNOWN)) {
      return "  -> known when run";
    }
    if (!groups.isEmpty()) {
      long lost = groups.stream().mapToLong(Group::lost).sum();
      long all = groups.stream().mapToLong(Group::units).sum();
      return String.format(
          Locale.ROOT, "  -> %,d / %,d units (%.2f %%)", lost, all, 100.0 * lost / all);
    }
    List<String> names =
        pruned.keySet().stream()
            .map(key -> key.replaceFirst(" by .*", ""))
            .flatMap(key -> Arrays.stream(key.split(", ")))
            .toList();
    long all = 0;
    for (ParameterSpec spec : architecture.prunable()) {
      if (!names.contains(spec.name())) {
        return "  -> known when run";
      }
      all += spec.shape().size();
    }
    long lost = pruned.values().stream().mapToLong(Long::longValue).sum();
    return String.format(
        Locale.ROOT, "  -> %,d / %,d pruned (%.2f %%)", lost, all, 100.0 * lost / all);
  }

  /** Returns a line for each group of coupled units that a stage takes some of. */
  List<String> groupsTold(Outlook before, Architecture architecture) {
    List<String> lines = new ArrayList<>();
    if (!pruned.equals(before.pruned)) {
      for (Group group : groups(architecture)) {
        for (UnitSpace space : group.spaces()) {
          String inputs =
              space.consumers().isEmpty()
                  ? ""
                  : ", with inputs of " + String.join(", ", space.consumers());
          // Of those that compete, how many go of each depends on scores.
          String lost =
              group.spaces().size() > 1 || group.lost() == Stage.UNKNOWN
                  ? "some"
                  : String.format(Locale.ROOT, "%,d", group.lost());
          lines.add(
              String.format(
                  Locale.ROOT, "%s: %s of %,d units%s", space.name(), lost, space.size(), inputs));
        }
      }
    }
    return lines;
  }

  /** Groups of coupled units that lose so many together. */
  private record Group(List<UnitSpace> spaces, long lost) {
    long units() {
      return spaces.stream().mapToLong(UnitSpace::size).sum();
    }
  }

  private List<Group> groups(Architecture architecture) {
    List<Group> groups = new ArrayList<>();
    pruned.forEach(
        (key, lost) -> {
          if (key.startsWith(Stage.UNITS_OF)) {
            List<String> names = Arrays.asList(key.substring(Stage.UNITS_OF.length()).split(", "));
            groups.add(
                new Group(
                    architecture.coupling().spaces().stream()
                        .filter(space -> names.contains(space.name()))
                        .toList(),
                    lost));
          }
        });
    return groups;
  }
}
