package io.secateur.stage;

import io.secateur.model.Checkpoint;
import io.secateur.prune.Pruned;
import io.secateur.prune.Pruner;
import io.secateur.prune.WholeUnits;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.spi.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Replaces every mask by a random one that keeps as many weights of the layer; where whole units
 * are pruned and nothing else, other units, as many of every space. A replicate ranks the weights
 * or units at random once, for all rounds: the random masks of later rounds lie in those of earlier
 * ones.
 */
public record RandomMask() implements Stage {
  @Override
  public String name() {
    return "random-mask";
  }

  @Override
  public String description() {
    return """
        Replaces every mask by a random one with the same count per layer. Where coupled units \
        were pruned and nothing else, other units go, as many of every group; after any other \
        pruning single weights do, whatever was pruned as one before. Masks of later rounds lie in \
        those of earlier ones.
        A weight that was pruned and is kept now is 0 until a rewind gives it a value or training \
        moves it: put rewind behind it.
        What it is for: the control that shows what the choice of weights is worth beyond how many \
        are left in each layer.
        Frankle and Carbin, "The Lottery Ticket Hypothesis", ICLR 2019.""";
  }

  @Override
  public int ordinal(int round) {
    return 0;
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) {
    Map<String, Amount> counts = new LinkedHashMap<>();
    Map<String, Scores> ranks = new LinkedHashMap<>();
    input
        .masks()
        .forEach(
            (name, mask) -> {
              counts.put(name, new Amount.Count(mask.pruned()));
              ranks.put(
                  name, Scores.of(random(mask.form().size(), context.seed("random-mask " + name))));
            });
    if (counts.isEmpty()) {
      context.say("nothing is pruned, so there is no mask to replace");
      return input;
    }
    // An optimiser's state belongs to the weights that were kept before, and goes with them.
    Optional<WholeUnits> units = WholeUnits.of(input);
    if (units.isPresent()) {
      Checkpoint redrawn =
          units
              .get()
              .redrawn(
                  space ->
                      random(space.size(), context.seed("random-mask units of " + space.name())));
      return redrawn.withTraining(Optional.empty());
    }
    Pattern pattern = new Pattern(new Granularity.Element(), new Scope.Layer());
    Pruned pruned = Pruner.prune(input.withMasks(Map.of()), pattern, counts, ranks);
    return pruned.checkpoint().withTraining(Optional.empty());
  }

  private static float[] random(long size, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    float[] ranks = new float[Math.toIntExact(size)];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = (float) random.nextDouble();
    }
    return ranks;
  }
}
