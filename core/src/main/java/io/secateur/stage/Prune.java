package io.secateur.stage;

import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.prune.Pruned;
import io.secateur.prune.Pruner;
import io.secateur.prune.Pruning;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Prunes the checkpoint that reaches it. Weights of linear, convolution and embedding layers take
 * part by default. It records, per weight and over all that took part, {@code requested} (per
 * cent), {@code pruned} and {@code weights} (counts); of coupled units also {@code pruned-units}
 * and {@code units} per space.
 *
 * @param method what decides; required
 * @param granularity what is removed as one
 * @param scope who competes
 * @param amount how much goes of what no pattern of {@code amounts} matches
 * @param amounts how much goes of the weights whose names match; of several patterns that match,
 *     the one with the most characters of its own counts; not under global scope
 * @param exclude patterns of weights that stay as they are
 * @param include patterns of biases, scales or shifts that take part too
 * @param schedule how an amount of all grows over the rounds of the pipeline
 * @param calibration what a method that needs statistics is shown
 */
public record Prune(
    Optional<PruningMethod> method,
    Granularity granularity,
    Scope scope,
    Optional<Amount> amount,
    Map<String, Amount> amounts,
    List<String> exclude,
    List<String> include,
    Optional<Schedule> schedule,
    Calibration calibration)
    implements Stage {
  public Prune {
    amounts = Collections.unmodifiableMap(new LinkedHashMap<>(amounts));
    exclude = List.copyOf(exclude);
    include = List.copyOf(include);
    new Pattern(granularity, scope);
    amounts.keySet().forEach(NamePattern::new);
    exclude.forEach(NamePattern::new);
    include.forEach(NamePattern::new);
    if (scope instanceof Scope.Global && !amounts.isEmpty()) {
      throw new IllegalArgumentException(
          "amounts by name do not go with scope global, under which all weights share one budget;"
              + " use amount alone, or scope layer");
    }
    if (schedule.isPresent()) {
      for (Amount each : all(amount, amounts)) {
        // Asked for both ends here, so that a schedule that refuses the target does so at once.
        schedule.get().sparsity(0, target(each));
        schedule.get().sparsity(1, target(each));
      }
    }
  }

  /** Single weights, all in one budget; method and amount are still to be said. */
  public Prune() {
    this(
        Optional.empty(),
        new Granularity.Element(),
        new Scope.Global(),
        Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        new Calibration());
  }

  @Override
  public String name() {
    return "prune";
  }

  @Override
  public String description() {
    return """
        Prunes by a method: exactly the amount asked, in the pattern that granularity and scope
        give. Pruned weights are 0 from then on, and training keeps them so. With granularity
        output-units whole channels go, with all that belongs to them in other layers; the stage
        compact then makes the model smaller.
        Of calibration, which methods that look at data are shown, order says what a layer sees: \
        parallel, what the model as it is makes; sequential, what the layers before it make that are \
        pruned already; blocks, the same block by block, where neighbours whose names agree up to \
        the first number between dots are a block.""";
  }

  @Override
  public Prune at(int round, int rounds) {
    if (schedule.isEmpty()) {
      return this;
    }
    return scheduled(rounds == 0 ? 1 : (double) round / rounds);
  }

  /** Returns this stage as its schedule has it, {@code progress} of the way. */
  Prune scheduled(double progress) {
    Map<String, Amount> now = new LinkedHashMap<>();
    amounts.forEach((pattern, each) -> now.put(pattern, scheduled(each, progress)));
    return new Prune(
        method,
        granularity,
        scope,
        amount.map(each -> scheduled(each, progress)),
        now,
        exclude,
        include,
        Optional.empty(),
        calibration);
  }

  @Override
  public Prune eased(double factor) {
    Map<String, Amount> less = new LinkedHashMap<>();
    amounts.forEach((pattern, each) -> less.put(pattern, eased(each, factor)));
    return new Prune(
        method,
        granularity,
        scope,
        amount.map(each -> eased(each, factor)),
        less,
        exclude,
        include,
        schedule,
        calibration);
  }

  private static Amount eased(Amount each, double factor) {
    return each instanceof Amount.OfRemaining of
        ? new Amount.OfRemaining(of.fraction() * factor)
        : each;
  }

  private Amount scheduled(Amount each, double progress) {
    return new Amount.OfAll(schedule.orElseThrow().sparsity(progress, target(each)));
  }

  private static double target(Amount each) {
    if (each instanceof Amount.OfAll all) {
      return all.fraction();
    }
    throw new IllegalArgumentException(
        "a schedule goes with an amount of all, such as 0.8, not with " + each);
  }

  private static Collection<Amount> all(Optional<Amount> amount, Map<String, Amount> amounts) {
    List<Amount> all = new ArrayList<>(amounts.values());
    amount.ifPresent(all::add);
    return all;
  }

  /** Returns whether anything is asked for at all. */
  boolean prunes() {
    return all(amount, amounts).stream().anyMatch(each -> !each.equals(new Amount.OfAll(0)));
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    List<String> faults = new ArrayList<>();
    method
        .filter(each -> !GradualPruning.gathers(each).isEmpty())
        .ifPresent(each -> faults.add(needsTraining(each)));
    faults.addAll(faultsOfPruning(architecture));
    return faults;
  }

  private static String needsTraining(PruningMethod method) {
    return "%s needs the steps of a training: write finetune: {prune: {method: %s, amount: 0.5}}"
        .formatted(method.name(), method.name());
  }

  /** Returns what makes it impossible wherever it stands, one line each; none when fine. */
  List<String> faultsOfPruning(Architecture architecture) {
    List<String> faults = new ArrayList<>();
    if (method.isEmpty()) {
      faults.add("prune needs a method, as in prune: {method: l1, amount: 0.5}");
    }
    if (amount.isEmpty() && amounts.isEmpty()) {
      faults.add("prune needs an amount, as in prune: {method: l1, amount: 0.5}");
      return faults;
    }
    Targets targets = Targets.of(this, architecture);
    faults.addAll(targets.faults());
    if (method.isPresent() && !targets.amounts().isEmpty()) {
      faults.addAll(pruning(targets).faults(architecture));
    }
    return faults;
  }

  /** Returns the names of the weights that take part, in the model's order. */
  public Set<String> weights(Architecture architecture) {
    return Targets.of(this, architecture).amounts().keySet();
  }

  private Pruning pruning(Targets targets) {
    return new Pruning(
        method.orElseThrow(), new Pattern(granularity, scope), targets.amounts(), calibration);
  }

  @Override
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    Map<String, Amount> asked = Targets.of(this, architecture).amounts();
    return new Foresight(new Pattern(granularity, scope), architecture, before).after(asked);
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    List<String> faults = faults(input.architecture(), context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    Pruned pruned = pruned(input, context);
    report(pruned, spared(input.architecture()), context);
    return pruned.checkpoint();
  }

  /** Returns weights that would be pruned by default and are not, with a reason if not excluded. */
  List<String> spared(Architecture architecture) {
    Targets targets = Targets.of(this, architecture);
    List<String> spared = new ArrayList<>(targets.spared());
    spared.addAll(pruning(targets).spared(architecture));
    return spared;
  }

  /** Prunes, and neither says nor records anything. */
  Pruned pruned(Checkpoint input, Context context) throws IOException {
    return Pruner.prune(input, pruning(Targets.of(this, input.architecture())), context);
  }

  private static void report(Pruned pruned, List<String> spared, Context context) {
    for (Pruned.Count count : pruned.counts()) {
      record(context, count.name(), count.requested(), count.pruned(), count.weights());
    }
    for (Pruned.Count space : pruned.units()) {
      context.record(new Row("pruned-units", space.pruned(), space.name(), "", 0, ""));
      context.record(new Row("units", space.weights(), space.name(), "", 0, ""));
      context.say("%s  %,d / %,d units".formatted(space.name(), space.pruned(), space.weights()));
    }
    record(context, "", pruned.requested(), pruned.pruned(), pruned.weights());
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
}
