package io.secateur.methods.wanda;

import ai.djl.ndarray.NDArray;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.prune.Pruner;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import io.secateur.stage.Prune;
import io.secateur.stage.WithoutProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Prunes by synaptic flow (Tanaka et al., 2020): in many passes without data, each of which scores
 * anew what the passes before have left. Single weights, all in one budget.
 *
 * @param amount how much goes; required, not by a score
 * @param passes between which scores are taken anew
 * @param exclude patterns of weights that stay as they are
 */
public record SynFlow(Optional<Amount> amount, int passes, List<String> exclude) implements Stage {
  public SynFlow {
    exclude = List.copyOf(exclude);
    if (passes < 1) {
      throw new IllegalArgumentException("passes must be at least 1, was " + passes);
    }
    if (amount.filter(Amount.Below.class::isInstance).isPresent()) {
      throw new IllegalArgumentException(
          "synflow goes to its amount in passes, on the way to a count or a fraction; a score to"
              + " prune below is neither");
    }
  }

  /** 100 passes, as in the paper; the amount is still to be said. */
  public SynFlow() {
    this(Optional.empty(), 100, List.of());
  }

  @Override
  public String name() {
    return "synflow";
  }

  @Override
  public String description() {
    return """
        Prunes without data, in passes: s = |w * dR/dw|, R = the sum of the outputs for an input of \
        ones when every parameter is replaced by its magnitude. What remains shrinks by the same \
        factor in each pass. All weights share one budget.
        Of batch norms scale, shift and running statistics are taken by magnitude as they stand, and \
        normalise as when predicting, as the authors' code does: at initialisation they change \
        nothing. A last log-softmax is left out. Made for ReLU, on the model as initialised: place \
        it before training.
        Why it should work: what flows into a unit flows out of it, so no layer's scores are all \
        small, and scored in passes no layer is lost as a whole while another has weights to spare.
        Tanaka et al., "Pruning Neural Networks Without Any Data by Iteratively Conserving Synaptic \
        Flow", NeurIPS 2020.""";
  }

  @Override
  public SynFlow eased(double factor) {
    return amount.filter(Amount.OfRemaining.class::isInstance).isEmpty()
        ? this
        : new SynFlow(
            amount.map(of -> new Amount.OfRemaining(((Amount.OfRemaining) of).fraction() * factor)),
            passes,
            exclude);
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    List<String> faults = new ArrayList<>();
    if (amount.isEmpty()) {
      faults.add("synflow needs an amount, as in synflow: {amount: 0.5}");
    } else {
      faults.addAll(prune(amount, new Flow(Map.of())).faults(architecture, task));
    }
    if (architecture.layers().get(0) instanceof Embedding first) {
      faults.add(
          "synflow sends ones through the network, and %s looks words up by number; use a method"
                  .formatted(first.name())
              + " that looks at data, such as snip");
    }
    return faults;
  }

  @Override
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    return prune(amount, new Flow(Map.of())).foresee(architecture, before);
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    List<String> faults = faults(input.architecture(), context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    Set<String> names = prune(amount, new Flow(Map.of())).weights(input.architecture());
    long cells = names.stream().mapToLong(name -> input.mask(name).form().size()).sum();
    long remaining = names.stream().mapToLong(name -> input.mask(name).survivors()).sum();
    long asked = Math.max(0, amount.orElseThrow().more(cells, remaining));
    long gone = 0;
    Checkpoint now = input;
    for (int pass = 1; pass < passes; pass++) {
      context.progress(pass - 1, passes);
      long until = until(asked, remaining, (double) pass / passes);
      now = pruned(now, names, until - gone, context);
      gone = until;
    }
    // The last pass is a prune stage's, which counts and reports.
    Flow flow = new Flow(SynapticFlow.of(now, names, context.device()));
    Optional<Amount> rest = gone == 0 ? amount : Optional.of(new Amount.Count(asked - gone));
    Checkpoint last = prune(rest, flow).run(now, new WithoutProgress(context));
    context.progress(passes, passes);
    return last;
  }

  /** Returns how many are gone after a part of the passes, when what remains shrinks evenly. */
  private static long until(long asked, long remaining, double progress) {
    if (asked >= remaining) {
      return Math.round(asked * progress);
    }
    double left = remaining * StrictMath.pow((double) (remaining - asked) / remaining, progress);
    return remaining - Math.round(left);
  }

  private static Checkpoint pruned(
      Checkpoint model, Set<String> names, long count, Context context) {
    if (count == 0) {
      return model;
    }
    Map<String, Amount> amounts = new LinkedHashMap<>();
    Map<String, Scores> scores = new LinkedHashMap<>();
    SynapticFlow.of(model, names, context.device())
        .forEach(
            (name, own) -> {
              amounts.put(name, new Amount.Count(count));
              scores.put(name, Scores.of(own));
            });
    Pattern pattern = new Pattern(new Granularity.Element(), new Scope.Global());
    return Pruner.prune(model, pattern, amounts, scores).checkpoint();
  }

  private Prune prune(Optional<Amount> rest, Flow flow) {
    Prune plain = new Prune();
    return new Prune(
        Optional.of(flow),
        plain.granularity(),
        plain.scope(),
        rest,
        Map.of(),
        exclude,
        List.of(),
        Optional.empty(),
        plain.calibration());
  }

  /** Scores at hand. */
  private record Flow(Map<String, float[]> scores) implements ScoringMethod {
    @Override
    public String name() {
      return "synflow";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      float[] own = Objects.requireNonNull(scores.get(weight.name()));
      return weight.matrix().getManager().create(own, weight.matrix().getShape());
    }
  }
}
