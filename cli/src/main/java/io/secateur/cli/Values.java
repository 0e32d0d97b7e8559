package io.secateur.cli;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.plugin.DidYouMean;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Prints a parameter and its mask as matrices, a row per output unit. */
final class Values {
  /** Rows and columns shown at each end of what is longer. */
  private static final int ENDS = 3;

  private static final long SKIPPED = -1;

  private Values() {}

  /**
   * Returns the lines for a layer's weight, or for a parameter by its own name.
   *
   * @param all whether to print every cell
   */
  static List<String> lines(Checkpoint checkpoint, String name, boolean all) {
    ParameterSpec spec = spec(checkpoint.architecture(), name);
    Form form = spec.form();
    Tensor tensor = checkpoint.parameter(spec.name());
    List<String> lines = new ArrayList<>();
    lines.add(spec.name() + ", " + Anatomy.shape(spec));
    float[] cell = new float[1];
    matrix(
        form,
        all,
        "%10s",
        flat -> {
          tensor.read(flat, cell, 1);
          return cell[0] == 0 ? "0" : String.format(Locale.ROOT, "%.4g", cell[0]);
        },
        lines);
    lines.add("");
    Optional<Mask> mask = Optional.ofNullable(checkpoint.masks().get(spec.name()));
    if (mask.isEmpty()) {
      lines.add("no mask: all of it is kept");
      return lines;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "mask, %,d of %,d pruned (%.2f %%); 1 is kept",
            mask.get().pruned(),
            form.size(),
            100 * mask.get().sparsity()));
    matrix(form, all, "%2s", flat -> mask.get().keeps(flat) ? "1" : "0", lines);
    return lines;
  }

  private static ParameterSpec spec(Architecture architecture, String name) {
    List<ParameterSpec> specs = architecture.parameters();
    for (String asked : List.of(name, name + ".weight")) {
      for (ParameterSpec spec : specs) {
        if (spec.name().equals(asked)) {
          return spec;
        }
      }
    }
    List<String> names = specs.stream().map(ParameterSpec::name).toList();
    throw CommandException.badInput(
        "--values %s: there is no such layer or parameter.%s There are: %s."
            .formatted(name, DidYouMean.among(name, names), String.join(", ", names)));
  }

  private static void matrix(
      Form form, boolean all, String width, LongFunction<String> cell, List<String> lines) {
    long[] columns = shown(form.columns(), all);
    for (long row : shown(form.rows(), all)) {
      StringBuilder line = new StringBuilder(" ");
      for (long column : columns) {
        if (row == SKIPPED || column == SKIPPED) {
          line.append(width.formatted(row == SKIPPED && column != columns[0] ? "" : " ..."));
        } else {
          line.append(width.formatted(cell.apply(row * form.columns() + column)));
        }
      }
      lines.add(line.toString().stripTrailing());
    }
  }

  /** Returns which of some rows or columns to show, with a mark where some are left out. */
  private static long[] shown(long count, boolean all) {
    if (all || count <= 2 * ENDS + 1) {
      return LongStream.range(0, count).toArray();
    }
    return LongStream.concat(
            LongStream.concat(LongStream.range(0, ENDS), LongStream.of(SKIPPED)),
            LongStream.range(count - ENDS, count))
        .toArray();
  }
}
