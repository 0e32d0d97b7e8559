package io.secateur.stage;

import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Gives every parameter a fresh first value and keeps the masks. A replicate draws these values
 * once, for all rounds.
 */
public record Reinitialise() implements Stage {
  @Override
  public String name() {
    return "reinitialise";
  }

  @Override
  public String description() {
    return """
        Gives every parameter a fresh first value, of another seed than the model began with, and \
        keeps the masks; training starts again.
        What it is for: the control that shows whether a pruned network trains well because of its \
        shape alone or because of the values that it began with.
        Frankle and Carbin, "The Lottery Ticket Hypothesis", ICLR 2019.""";
  }

  @Override
  public int ordinal(int round) {
    return 0;
  }

  @Override
  public boolean opensFresh() {
    return true;
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    Checkpoint fresh = context.fresh(context.seed("reinitialise"));
    if (!fresh.architecture().equals(input.architecture())) {
      throw new IllegalArgumentException(
          "cannot reinitialise: the model had another architecture when it was opened; reinitialise"
              + " before what changes it");
    }
    Map<String, Tensor> parameters = Rewind.masked(fresh.parameters(), input.masks(), "");
    return input.withParameters(parameters).withTraining(Optional.empty());
  }
}
