package io.secateur.study;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.util.Set;

/** A stage that reads whatever parts of the data set it is told to. */
public record ChoosyStage(Set<Split> needs) implements Stage {
  /** Validation and test. */
  public ChoosyStage() {
    this(Set.of(Split.VALIDATION, Split.TEST));
  }

  @Override
  public String name() {
    return "choosy";
  }

  @Override
  public Set<Split> reads() {
    return needs;
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) {
    return input;
  }
}
