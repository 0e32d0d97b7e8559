package io.secateur;

import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How much of each parameter is pruned, by its mask.
 *
 * @param rows of the prunable parameters, and of others that have a mask, in the model's order
 */
public record PruningSummary(List<Row> rows) {
  public PruningSummary {
    rows = List.copyOf(rows);
  }

  /**
   * A parameter.
   *
   * @param shape as in PyTorch: {@code 300 x 784}
   * @param weights cells in all
   * @param pruned cells without their weight
   */
  public record Row(String name, String shape, long weights, long pruned) {
    /** Returns the fraction of cells pruned. */
    public double sparsity() {
      return weights == 0 ? 0 : (double) pruned / weights;
    }
  }

  static PruningSummary of(Checkpoint checkpoint) {
    List<Row> rows = new ArrayList<>();
    for (ParameterSpec spec : checkpoint.architecture().parameters()) {
      Mask mask = checkpoint.masks().get(spec.name());
      if (spec.prunable() || mask != null) {
        long pruned = mask == null ? 0 : mask.pruned();
        rows.add(new Row(spec.name(), sides(spec), spec.shape().size(), pruned));
      }
    }
    return new PruningSummary(rows);
  }

  private static String sides(ParameterSpec spec) {
    return Arrays.stream(spec.shape().getShape())
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" x "));
  }

  /** Returns the sum over all rows, named {@code total}. */
  public Row total() {
    long weights = rows.stream().mapToLong(Row::weights).sum();
    return new Row("total", "", weights, rows.stream().mapToLong(Row::pruned).sum());
  }

  /** Returns a table for a terminal: a row per parameter, then the total. */
  @Override
  public String toString() {
    List<Row> all = new ArrayList<>(rows);
    all.add(total());
    int name = all.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int shape = all.stream().mapToInt(row -> row.shape().length()).max().orElse(0);
    String line = "%-" + Math.max(9, name) + "s  %" + Math.max(5, shape) + "s  %12s  %12s  %9s";
    List<String> lines = new ArrayList<>();
    lines.add(line.formatted("parameter", "shape", "weights", "pruned", "sparsity"));
    for (Row row : all) {
      lines.add(
          String.format(
              Locale.ROOT,
              line,
              row.name(),
              row.shape(),
              String.format(Locale.ROOT, "%,d", row.weights()),
              String.format(Locale.ROOT, "%,d", row.pruned()),
              String.format(Locale.ROOT, "%.2f %%", 100 * row.sparsity())));
    }
    return String.join(System.lineSeparator(), lines);
  }
}
