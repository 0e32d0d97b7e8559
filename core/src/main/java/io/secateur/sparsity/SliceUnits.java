package io.secateur.sparsity;

import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Selection.Candidate;

/**
 * Slices along one axis: the cells of slice s are runs of {@code inner} cells, the first at {@code
 * s × inner}, one every {@code size × inner}.
 */
final class SliceUnits extends FloatUnits {
  private final Axis axis;
  private final Mask before;
  private final long inner;

  SliceUnits(Candidate candidate, Axis axis) {
    super(candidate.name(), candidate.scores(), remaining(candidate, axis));
    this.axis = axis;
    this.before = candidate.before();
    this.inner = inner(before.form(), axis);
  }

  /** A slice remains as long as one of its cells does. */
  private static long[] remaining(Candidate candidate, Axis axis) {
    Form form = candidate.before().form();
    long size = size(form, axis);
    Units.requireSize(candidate, size, "slice along " + axis);
    long inner = inner(form, axis);
    long[] cells = candidate.before().bits();
    long[] slices = new long[Bits.words(size)];
    long missing = size;
    for (long run = 0; run < form.size() / inner && missing > 0; run++) {
      long slice = run % size;
      if (!Bits.any(slices, slice, slice + 1) && Bits.any(cells, run * inner, (run + 1) * inner)) {
        Bits.set(slices, slice, slice + 1);
        missing--;
      }
    }
    return slices;
  }

  private static long size(Form form, Axis axis) {
    return switch (axis) {
      case OUTPUT -> form.rows();
      case INPUT -> form.inputs();
      case KERNEL_ROW -> form.kernelHeight();
      case KERNEL_COLUMN -> form.kernelWidth();
    };
  }

  private static long inner(Form form, Axis axis) {
    return switch (axis) {
      case OUTPUT -> form.columns();
      case INPUT -> form.kernel();
      case KERNEL_ROW -> form.kernelWidth();
      case KERNEL_COLUMN -> 1;
    };
  }

  @Override
  String where(long index) {
    return "slice %d along %s".formatted(index, axis);
  }

  @Override
  long across() {
    return size;
  }

  @Override
  Mask mask() {
    Form form = before.form();
    long[] cells = before.bits().clone();
    for (long slice = 0; slice < size; slice++) {
      if (lost(slice)) {
        for (long first = slice * inner; first < form.size(); first += size * inner) {
          Bits.clear(cells, first, first + inner);
        }
      }
    }
    return new Mask(form, cells);
  }
}
