package io.secateur.cli;

import io.secateur.model.Affine;
import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says of a quantized model which integers it consists of, and how two such models differ. */
final class Integers {
  private Integers() {}

  /** Returns what is quantized: parameters, then activations; nothing of a model of floats. */
  static List<String> lines(Checkpoint checkpoint) {
    Optional<Quantization> own = checkpoint.quantization();
    if (own.isEmpty()) {
      return List.of();
    }
    Quantization quantization = own.get();
    List<String> lines = new ArrayList<>();
    lines.add("quantized:");
    List<List<String>> rows = new ArrayList<>();
    quantization
        .grids()
        .forEach((name, grid) -> rows.add(row(name, grid, checkpoint.parameter(name))));
    indent(
        List.of("parameter", "integers", "scales>", "", "largest>", "reached>", "zero>"),
        rows,
        lines);
    if (!quantization.activations().isEmpty()) {
      lines.add("activations, integers from 0 to %d:".formatted(Affine.LARGEST));
      List<List<String>> ranges = new ArrayList<>();
      quantization.activations().forEach((name, affine) -> ranges.add(range(name, affine)));
      indent(List.of("after", "from>", "to>", "scale>", "zero point>"), ranges, lines);
    }
    if (!quantization.dynamic().isEmpty()) {
      lines.add(
          "inputs spread over their own range, batch by batch: "
              + String.join(", ", quantization.dynamic()));
    }
    lines.add("");
    return lines;
  }

  private static void indent(List<String> headings, List<List<String>> rows, List<String> lines) {
    Layout.table(headings, rows).lines().map(line -> "  " + line).forEach(lines::add);
  }

  private static List<String> row(String name, Grid grid, Tensor numbers) {
    Tensor integers = grid.integers(numbers);
    long zeros = 0;
    long reached = 0;
    for (float integer : integers.toFloat32().toFloats()) {
      zeros += integer == 0 ? 1 : 0;
      reached = Math.max(reached, Math.abs((long) integer));
    }
    return List.of(
        name,
        integers.typeName(),
        Layout.count(grid.scales().size()),
        grid.perRow() ? "per row" : "per tensor",
        Layout.count(grid.largest()),
        Layout.count(reached),
        String.format(Locale.ROOT, "%.2f %%", 100.0 * zeros / Math.max(1, integers.size())));
  }

  private static List<String> range(String name, Affine affine) {
    double scale = affine.scale();
    return List.of(
        name.equals(Quantization.INPUT) ? "(the input)" : name,
        Layout.number(-affine.zeroPoint() * scale),
        Layout.number((Affine.LARGEST - affine.zeroPoint()) * scale),
        Layout.number(scale),
        Integer.toString(affine.zeroPoint()));
  }

  /** Returns a line for every difference between what is quantized in two models, and how. */
  static List<String> differences(Checkpoint a, Checkpoint b) {
    if (a.quantization().equals(b.quantization())) {
      return List.of();
    }
    if (a.quantization().isEmpty() || b.quantization().isEmpty()) {
      return List.of("%s is quantized only.".formatted(a.quantization().isEmpty() ? "b" : "a"));
    }
    Quantization mine = a.quantization().get();
    Quantization theirs = b.quantization().get();
    List<String> lines = new ArrayList<>();
    for (String name : union(mine.grids().keySet(), theirs.grids().keySet())) {
      Grid own = mine.grids().get(name);
      Grid other = theirs.grids().get(name);
      if (own == null || other == null) {
        lines.add("%s is quantized in %s only.".formatted(name, own == null ? "b" : "a"));
      } else if (!own.equals(other)) {
        lines.add(grids(name, own, other));
      }
    }
    for (String name : union(mine.activations().keySet(), theirs.activations().keySet())) {
      Affine own = mine.activations().get(name);
      Affine other = theirs.activations().get(name);
      if (!Objects.equals(own, other)) {
        lines.add(
            "Activations after %s: a %s, b %s."
                .formatted(
                    name.equals(Quantization.INPUT) ? "the input" : name,
                    written(own),
                    written(other)));
      }
    }
    if (!mine.dynamic().equals(theirs.dynamic())) {
      lines.add(
          "Inputs spread batch by batch: a %s, b %s.".formatted(mine.dynamic(), theirs.dynamic()));
    }
    return lines;
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  private static String written(@Nullable Affine affine) {
    return affine == null
        ? "not quantized"
        : "scale %s, zero point %d".formatted(Layout.number(affine.scale()), affine.zeroPoint());
  }

  private static String grids(String name, Grid a, Grid b) {
    if (a.scales().size() != b.scales().size()) {
      return "%s has %d scales in a, %d in b."
          .formatted(name, a.scales().size(), b.scales().size());
    }
    Comparison.Difference difference = Comparison.difference(a.scales(), b.scales());
    String largest =
        a.largest() == b.largest()
            ? ""
            : "; the largest integer is %d in a, %d in b".formatted(a.largest(), b.largest());
    return "%s: %d of %d scales differ%s."
        .formatted(name, difference.different(), difference.cells(), largest);
  }
}
