package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.prune.Pruned;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistic;
import io.secateur.train.Interlude;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** Updates the masks of a training under way, as a gradual pruning says. */
final class MaskUpdates implements Interlude {
  private final GradualPruning pruning;
  private final Architecture architecture;
  private final Stage.Context context;
  private final Set<String> warned = new LinkedHashSet<>();

  MaskUpdates(GradualPruning pruning, Architecture architecture, Stage.Context context) {
    this.pruning = pruning;
    this.architecture = architecture;
    this.context = context;
  }

  @Override
  public List<Long> steps(long perEpoch, long total) {
    return pruning.updates(perEpoch, total);
  }

  @Override
  public Set<Statistic.OfTraining> gathers() {
    return pruning.gathers();
  }

  @Override
  public Set<String> weights() {
    return Targets.of(pruning.at(1), architecture).amounts().keySet();
  }

  @Override
  public Outcome at(Checkpoint model, long step, long perEpoch, long total) throws IOException {
    Prune due = pruning.at(pruning.progress(step, perEpoch, total));
    if (step == 0 && !gathers().isEmpty() && !due.prunes()) {
      // No step has told the method anything yet, and nothing is asked of it.
      return new Outcome(model, List.of());
    }
    Pruned pruned = due.pruned(model, new WithoutProgress(context));
    List<Stage.Row> rows = new ArrayList<>();
    for (Pruned.Count count : pruned.counts()) {
      add(rows, count.name(), count.requested(), count.pruned());
    }
    add(rows, "", pruned.requested(), pruned.pruned());
    context.say(
        String.format(
            Locale.ROOT,
            "step %d  pruned %,d / %,d (%.2f %%)",
            step,
            pruned.pruned(),
            pruned.weights(),
            100.0 * pruned.pruned() / pruned.weights()));
    pruned.warnings().stream()
        .filter(warned::add)
        .forEach(warning -> context.say("warning: " + warning));
    return new Outcome(pruned.checkpoint(), rows);
  }

  private static void add(
      List<Stage.Row> rows, String layer, OptionalDouble requested, long pruned) {
    requested.ifPresent(
        fraction -> rows.add(new Stage.Row("requested", 100 * fraction, layer, "", 0, "%")));
    rows.add(new Stage.Row("pruned", pruned, layer, "", 0, ""));
  }

  /** Records and says how many weights there are, once the training is over. */
  void report(Checkpoint trained) {
    Targets targets = Targets.of(pruning.at(1), architecture);
    long all = 0;
    for (String name : targets.amounts().keySet()) {
      long weights = trained.mask(name).form().size();
      context.record(new Stage.Row("weights", weights, name, "", 0, ""));
      all += weights;
    }
    context.record(new Stage.Row("weights", all, "", "", 0, ""));
    List<String> spared = pruning.at(1).spared(architecture);
    if (!spared.isEmpty()) {
      context.say("kept out: " + String.join(", ", spared));
    }
  }
}
