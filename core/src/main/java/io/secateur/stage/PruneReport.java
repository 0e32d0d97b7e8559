package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.prune.Pruned;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.spi.Stage.Context;
import io.secateur.spi.Stage.Row;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Records and says what a prune stage was asked, and what went. */
final class PruneReport {
  private PruneReport() {}

  static void of(Pruned pruned, List<String> spared, Context context) {
    for (Pruned.Count count : pruned.counts()) {
      record(context, count.name(), count.requested(), count.pruned(), count.weights());
    }
    for (Pruned.Count space : pruned.units()) {
      context.record(new Row("pruned-units", space.pruned(), space.name(), "", 0, ""));
      context.record(new Row("units", space.weights(), space.name(), "", 0, ""));
      context.say("%s  %,d / %,d units".formatted(space.name(), space.pruned(), space.weights()));
    }
    record(context, "", pruned.requested(), pruned.pruned(), pruned.weights());
    pruned.notes().forEach(context::say);
    pruned.warnings().forEach(warning -> context.say("warning: " + warning));
    if (!spared.isEmpty()) {
      context.say("kept out: " + String.join(", ", spared));
    }
  }

  private static void record(
      Context context, String layer, OptionalDouble requested, long pruned, long weights) {
    requested.ifPresent(
        fraction -> context.record(new Row("requested", 100 * fraction, layer, "", 0, "%")));
    context.record(new Row("pruned", pruned, layer, "", 0, ""));
    context.record(new Row("weights", weights, layer, "", 0, ""));
    context.say(
        String.format(
            Locale.ROOT,
            "%s  %,d / %,d (%.2f %%)",
            layer.isEmpty() ? "global" : layer,
            pruned,
            weights,
            100.0 * pruned / weights));
  }

  /** Says how many slices a weight has: which counts of cells can go, nothing else would tell. */
  static void slices(
      Pruned pruned, Granularity granularity, Architecture architecture, Context context) {
    if (granularity.sliced().isPresent() && !granularity.coupled()) {
      for (Pruned.Count count : pruned.counts()) {
        Form form = architecture.parameter(count.name()).form();
        long slices =
            switch (granularity.sliced().get()) {
              case OUTPUT -> form.rows();
              case INPUT -> form.inputs();
              case KERNEL_ROW -> form.kernelHeight();
              case KERNEL_COLUMN -> form.kernelWidth();
            };
        context.record(new Row("slices", slices, count.name(), "", 0, ""));
      }
    }
  }
}
