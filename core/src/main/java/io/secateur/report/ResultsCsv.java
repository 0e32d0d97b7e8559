package io.secateur.report;

import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every number of a run on a line of its own, for whoever computes on. */
final class ResultsCsv {
  private static final List<String> FIXED =
      List.of(
          "arm", "seed", "round", "metric", "value", "split", "stage", "epoch", "layer", "unit",
          "label", "branch", "source");

  private ResultsCsv() {}

  /** Returns the file; an axis called as another column is called {@code grid.NAME}. */
  static String of(RunInfo info, List<ResultRow> rows) {
    Set<String> axes = new LinkedHashSet<>();
    info.arms().forEach(arm -> axes.addAll(arm.axes().keySet()));
    List<String> header = new ArrayList<>(FIXED);
    axes.forEach(axis -> header.add(FIXED.contains(axis) ? "grid." + axis : axis));
    Csv csv = new Csv().line(header);
    for (ResultRow row : rows) {
      List<String> cells = new ArrayList<>(fixed(row));
      axes.forEach(axis -> cells.add(row.axes().getOrDefault(axis, "")));
      csv.line(cells);
    }
    return csv.toString();
  }

  private static List<String> fixed(ResultRow row) {
    return List.of(
        row.arm(),
        Long.toString(row.seed()),
        Integer.toString(row.round()),
        row.metric(),
        Csv.number(row.value()),
        row.split(),
        row.stage(),
        row.epoch() == 0 ? "" : Integer.toString(row.epoch()),
        row.layer(),
        row.unit(),
        row.label(),
        row.branch(),
        row.source());
  }
}
