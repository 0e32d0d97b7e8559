package io.secateur.prune;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Coupling;
import io.secateur.model.Owners;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes pruned models smaller without changing what they compute: leaves out the units that nobody
 * misses, with everything that they own.
 */
public final class Compactor {
  private Compactor() {}

  /**
   * Returns the smaller model. What it computes when it predicts is what the larger one does, but
   * for the order in which numbers are added. A training that is not over starts afresh.
   */
  public static Compacted compact(Checkpoint model) {
    Map<UnitSpace, Integer> removed = new LinkedHashMap<>();
    Compacted last = once(model);
    Compacted next = last;
    // A grouped convolution of which one group is left is one like others, whose filters may go one
    // by one: what is smaller may have units that the larger had not.
    while (!next.removed().isEmpty()) {
      removed.putAll(next.removed());
      last = next;
      next = once(last.checkpoint());
    }
    return new Compacted(last.checkpoint(), removed, last.left());
  }

  private static Compacted once(Checkpoint model) {
    Coupling coupling = model.architecture().coupling();
    Idle idle = new Idle(model, coupling);
    BitSet gone = idle.gone();
    Map<UnitSpace, Integer> removed = new LinkedHashMap<>();
    for (UnitSpace space : coupling.spaces()) {
      int lost = gone.get(space.first(), space.first() + space.size()).cardinality();
      if (lost > 0) {
        removed.put(space, lost);
      }
    }
    return new Compacted(
        removed.isEmpty() ? model : without(model, coupling, gone), removed, idle.left());
  }

  private static Checkpoint without(Checkpoint model, Coupling coupling, BitSet gone) {
    Architecture smaller = coupling.without(gone);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ParameterSpec spec : smaller.parameters()) {
      String name = spec.name();
      Tensor wide = model.parameter(name);
      if (wide.shape().equals(spec.shape())) {
        parameters.put(name, wide);
        if (model.masks().containsKey(name)) {
          masks.put(name, model.mask(name));
        }
        continue;
      }
      long[] cells = kept(coupling.owners(name).orElseThrow(), model.mask(name).form(), gone);
      float[] all = wide.toFloats();
      float[] own = new float[cells.length];
      for (int i = 0; i < own.length; i++) {
        own[i] = all[(int) cells[i]];
      }
      parameters.put(name, Tensor.of(spec.shape(), own));
      Mask mask = model.mask(name);
      Mask part = Mask.of(spec.form(), cell -> mask.keeps(cells[(int) cell]));
      if (part.pruned() > 0) {
        masks.put(name, part);
      }
    }
    return new Checkpoint(
        smaller,
        parameters,
        masks,
        model.training().filter(TrainingState::over).filter(state -> state.optimizer().isEmpty()),
        model.attachments());
  }

  /** Returns the cells that stay, in their order. */
  private static long[] kept(Owners owners, Form form, BitSet gone) {
    long[] cells = new long[Math.toIntExact(form.size())];
    int count = 0;
    for (int row = 0; row < form.rows(); row++) {
      if (gone.get(owners.row(row))) {
        continue;
      }
      for (int column = 0; column < form.columns(); column++) {
        boolean stays =
            owners.inputs() == 0 || !gone.get(owners.input((int) (column / form.kernel())));
        if (stays) {
          cells[count++] = row * form.columns() + column;
        }
      }
    }
    return Arrays.copyOf(cells, count);
  }
}
