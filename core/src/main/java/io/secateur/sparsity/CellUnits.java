package io.secateur.sparsity;

import io.secateur.sparsity.Selection.Candidate;

/** Single cells: unit index = flat index. */
final class CellUnits extends FloatUnits {
  private final Form form;

  CellUnits(Candidate candidate) {
    super(candidate.name(), candidate.scores(), candidate.before().bits());
    form = candidate.before().form();
  }

  @Override
  String where(long index) {
    return "flat index %d (row %d, column %d)"
        .formatted(index, index / form.columns(), index % form.columns());
  }

  Form form() {
    return form;
  }

  @Override
  long across() {
    return form.columns();
  }

  @Override
  Mask mask() {
    return new Mask(form, kept());
  }
}
