package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.UnitSpace;
import io.secateur.prune.Compacted;
import io.secateur.prune.Compactor;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.Map;

/**
 * Leaves out the units that pruning has emptied, so that the model is smaller and not only sparser.
 * It records {@code removed-units} per space of units, and over all.
 */
public record Compact() implements Stage {
  @Override
  public String name() {
    return "compact";
  }

  @Override
  public String description() {
    return """
        Makes the model smaller by the units (channels, filters, features) that pruning has emptied:
        the architecture, parameters and masks that remain compute the same. It removes what it can
        prove to change nothing, which is all that granularity output-units prunes, and names the
        pruned rows and inputs that stay, with the reason. The model is measured before it too.""";
  }

  /** The same model, with its zeros: only beside it can be seen what being smaller brings. */
  @Override
  public boolean measuresBefore() {
    return true;
  }

  @Override
  public boolean reshapes() {
    return true;
  }

  /** What is left of counts in a smaller model is known when run. */
  @Override
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    return Map.of();
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    Compacted compacted = Compactor.compact(input);
    long all = 0;
    for (Map.Entry<UnitSpace, Integer> each : compacted.removed().entrySet()) {
      UnitSpace space = each.getKey();
      int removed = each.getValue();
      context.record(new Row("removed-units", removed, space.name(), "", 0, ""));
      context.say("%s  %,d of %,d units removed".formatted(space.name(), removed, space.size()));
      all += removed;
    }
    context.record(new Row("removed-units", all, "", "", 0, ""));
    compacted.left().forEach(line -> context.say("left: " + line));
    Architecture before = input.architecture();
    Architecture after = compacted.checkpoint().architecture();
    context.say(
        "compacted: parameters %,d -> %,d, multiply-accumulates %,d -> %,d"
            .formatted(
                before.parameterCount(), after.parameterCount(), before.macs(), after.macs()));
    if (input.training().isPresent() && compacted.checkpoint().training().isEmpty()) {
      context.say("the training under way was that of the larger model; the next starts afresh");
    }
    return compacted.checkpoint();
  }
}
