package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Dropout;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.List;

/**
 * Gives the network's dropout layers another probability, so that the arms of a study may train the
 * same first parameters with dropout and without.
 *
 * @param probability with which a number is left out while training; 0 for no dropout
 */
public record SetDropout(double probability) implements Stage {
  /** No dropout. */
  public SetDropout() {
    this(0);
  }

  public SetDropout {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "probability must be at least 0 and below 1, was " + probability);
    }
  }

  @Override
  public String name() {
    return "set-dropout";
  }

  @Override
  public String description() {
    return """
        Gives all dropout layers of the model this probability (0: none), and changes nothing else.
        The arms of a study share their model; with this stage some train it with dropout and some
        without, from the same first parameters.""";
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    return architecture.places().stream().anyMatch(place -> place.layer() instanceof Dropout)
        ? List.of()
        : List.of("set-dropout changes dropout layers, and the model has none; list some in it");
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    List<String> faults = faults(input.architecture(), context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(faults.get(0));
    }
    Architecture changed =
        input
            .architecture()
            .with(
                layer -> layer instanceof Dropout ? new Dropout(layer.name(), probability) : layer);
    return new Checkpoint(
        changed, input.parameters(), input.masks(), input.training(), input.attachments());
  }
}
