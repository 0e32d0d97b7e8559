package io.secateur.report;

import io.secateur.report.Spot.Line;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses what is compared: the lines of figures. Arms that share a label of the axis that the
 * study names, and of which each is a single point, are one contender; else every arm is one.
 */
final class Contenders {
  private Contenders() {}

  /** Returns them in the order of the study, each before its controls. */
  static List<Contender> of(RunInfo info, Measurements measurements) {
    Map<String, String> labels = new LinkedHashMap<>();
    info.arms().forEach(arm -> labels.put(arm.name(), arm.axes().getOrDefault(info.by(), "")));
    Map<String, List<Line>> groups = new LinkedHashMap<>();
    for (Line line : measurements.lines()) {
      String label = labels.getOrDefault(line.arm(), "");
      groups
          .computeIfAbsent(label.isEmpty() ? line.arm() : label, each -> new ArrayList<>())
          .add(line);
    }
    List<Contender> contenders = new ArrayList<>();
    groups.forEach((label, lines) -> contenders.addAll(of(label, lines, measurements)));
    return contenders;
  }

  private static List<Contender> of(String label, List<Line> lines, Measurements measurements) {
    boolean joined =
        lines.stream().allMatch(line -> measurements.iterations(line).size() <= 1)
            || lines.stream().map(Line::arm).distinct().count() == 1;
    Map<Line, List<Spot>> spots = new LinkedHashMap<>();
    for (Line line : lines) {
      spots
          .computeIfAbsent(
              new Line(joined ? label : line.arm(), line.branch()), each -> new ArrayList<>())
          .addAll(measurements.iterations(line));
    }
    List<Contender> contenders = new ArrayList<>();
    spots.forEach(
        (line, all) ->
            contenders.add(new Contender(line.title(), line.arm(), !line.branch().isEmpty(), all)));
    return contenders;
  }
}
