package io.secateur.report;

import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.study.Figure.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kernels of a convolution at several moments.
 *
 * @param rows cells of a kernel downwards
 * @param columns cells of a kernel across
 * @param filters how many kernels the layer has; those shown may be fewer
 */
record KernelGrid(
    String id, String title, String subtitle, int rows, int columns, int filters, List<Shown> shown)
    implements Figure {
  private static final int MOST = 64;

  KernelGrid {
    shown = List.copyOf(shown);
  }

  /** All kernels at one moment. */
  record Shown(String title, List<Kernel> kernels) {
    Shown {
      kernels = List.copyOf(kernels);
    }
  }

  /**
   * One kernel's cells, row by row.
   *
   * @param kept which of them no mask has pruned
   */
  record Kernel(List<Float> values, List<Boolean> kept) {
    Kernel {
      values = List.copyOf(values);
      kept = List.copyOf(kept);
    }

    /** Returns how many cells a mask has pruned. */
    long pruned() {
      return kept.stream().filter(keeps -> !keeps).count();
    }

    /** Returns the largest magnitude that is finite. */
    float largest() {
      return (float)
          values.stream()
              .filter(Float::isFinite)
              .mapToDouble(value -> Math.abs(value))
              .max()
              .orElse(0);
    }
  }

  static KernelGrid of(Kernels asked, Evidence evidence) throws IOException {
    Course course = Course.first(evidence.info(), evidence.archive());
    String weight = asked.layer() + ".weight";
    int channel = asked.channel().orElse(0);
    List<Shown> shown = new ArrayList<>();
    Form form = Form.matrix(1, 1);
    for (Course.Moment moment : course.moments()) {
      Checkpoint checkpoint = evidence.archive().read(moment.ref());
      Tensor values = checkpoint.parameter(weight);
      Mask mask = checkpoint.mask(weight);
      form = mask.form();
      double pruned = 100.0 * mask.pruned() / form.size();
      String title =
          mask.pruned() == 0
              ? moment.title()
              : "%s (%s %% of %s pruned)"
                  .formatted(moment.title(), new Numbers(1).text(pruned), asked.layer());
      shown.add(new Shown(title, kernels(values.toFloats(), mask, channel)));
    }
    return new KernelGrid(
        asked.id(),
        "Kernels of %s, input channel %d".formatted(asked.layer(), channel),
        course.words(evidence.info()),
        form.kernelHeight(),
        form.kernelWidth(),
        Math.toIntExact(form.rows()),
        shown);
  }

  private static List<Kernel> kernels(float[] values, Mask mask, int channel) {
    Form form = mask.form();
    int cells = Math.toIntExact(form.kernel());
    List<Kernel> kernels = new ArrayList<>();
    for (int filter = 0; filter < Math.min(MOST, form.rows()); filter++) {
      int first = Math.toIntExact(filter * form.columns() + (long) channel * cells);
      List<Float> own = new ArrayList<>();
      Boolean[] kept = new Boolean[cells];
      for (int cell = 0; cell < cells; cell++) {
        own.add(values[first + cell]);
        kept[cell] = mask.keeps(first + cell);
      }
      kernels.add(new Kernel(own, Arrays.asList(kept)));
    }
    return kernels;
  }

  /** Returns the largest magnitude of all, where the colour scale ends. */
  float largest() {
    float largest = 0;
    for (Shown each : shown) {
      for (Kernel kernel : each.kernels()) {
        for (float value : kernel.values()) {
          largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
      }
    }
    return largest;
  }

  /** Returns whether cells are large enough to hold numbers. */
  boolean numbered() {
    return columns <= KernelDrawing.MOST_NUMBERED;
  }

  @Override
  public boolean picture() {
    return true;
  }

  @Override
  public String alt() {
    List<String> words = new ArrayList<>();
    for (Shown each : shown) {
      long cells = each.kernels().stream().mapToLong(kernel -> kernel.kept().size()).sum();
      long pruned = each.kernels().stream().mapToLong(Kernel::pruned).sum();
      words.add(
          "%s: %d kernels of %d by %d, %d of %d weights pruned"
              .formatted(each.title(), each.kernels().size(), rows, columns, pruned, cells));
    }
    return "%s. %s. The largest magnitude is %s."
        .formatted(title, String.join("; ", words), new Numbers(2).text(largest()));
  }

  @Override
  public String caption() {
    int first = shown.isEmpty() ? 0 : shown.get(0).kernels().size();
    return ("Each square of cells is a kernel%s; the darker a cell, the larger its magnitude, on"
            + " one scale for all moments. A cross is a pruned weight.%s%s")
        .formatted(
            numbered() ? ", with its values" : "",
            first < filters ? " The first %d of %d kernels.".formatted(first, filters) : "",
            shown.size() < 3 ? " There are no other moments: " + moments() + "." : "");
  }

  private String moments() {
    return shown.size() == 1 ? "nothing was pruned" : "nothing follows the prune, or comes before";
  }

  @Override
  public Drawing drawing(Typeface typeface) {
    return new KernelDrawing(this, typeface);
  }
}
