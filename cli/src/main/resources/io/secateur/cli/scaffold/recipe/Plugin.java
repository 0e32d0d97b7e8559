package @package@;

import io.secateur.calibrate.Calibration;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe;
import io.secateur.spi.Step;
import io.secateur.stage.FineTune;
import io.secateur.stage.Prune;
import io.secateur.stage.Rounds;
import io.secateur.train.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prunes and finetunes in rounds that take the same fraction of what remains, down to a target.
 *
 * @param method what decides which weights go; required where it is used
 * @param rounds how often
 * @param amount the fraction of all that has gone after the last round
 * @param epochs of finetuning in each round
 */
public record @class@(Optional<PruningMethod> method, int rounds, double amount, int epochs)
    implements Recipe {
  private static final int BATCH = 64;

  /** Three rounds down to a fifth; the method is still to be said. */
  public @class@() {
    this(Optional.empty(), 3, 0.8, 1);
  }

  public @class@ {
    Rounds.checkCount("rounds", rounds);
    if (!(amount > 0 && amount < 1) || epochs < 1) {
      throw new IllegalArgumentException(
          "amount must be between 0 and 1 and epochs at least 1, were %s and %d"
              .formatted(amount, epochs));
    }
  }

  @Override
  public String name() {
    return "@name@";
  }

  @Override
  public String description() {
    return """
        Prunes and finetunes in rounds. Each takes the same fraction of what remains, so that amount
        has gone after the last: 1 - (1 - amount)^(1 / rounds).
        Why it should work: less goes at once, and what is left learns to do without it.""";
  }

  /** A recipe unfolds when planning: into stages, or into other recipes as here. */
  @Override
  public List<Element> expand(List<Element> before) {
    return List.of(new Element.Run(new Rounds(rounds, List.of(step(prune()), step(finetune())))));
  }

  private static LabelledStep step(Step step) {
    return new LabelledStep(step, "");
  }

  private Prune prune() {
    double rate = 1 - Math.pow(1 - amount, 1.0 / rounds);
    return new Prune(
        method,
        new Granularity.Element(),
        new Scope.Global(),
        Optional.of(new Amount.OfRemaining(rate)),
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        new Calibration());
  }

  private FineTune finetune() {
    return new FineTune(epochs, new Optimizer.Adam(), BATCH);
  }
}
