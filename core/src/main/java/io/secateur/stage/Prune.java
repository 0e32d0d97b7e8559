package io.secateur.stage;

import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.prune.Pruned;
import io.secateur.prune.Pruner;
import io.secateur.prune.Pruning;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Normalise;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

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
 * @param keepAtLeast how many units of every weight, or space of coupled units, stay whatever is
 *     asked: below 1 a fraction of them, from 1 on a number; under global scope others go instead
 * @param roundTo the units that stay of every weight or space are rounded up to a multiple of this
 * @param normalise what the scores of a weight or space are divided by before a global comparison
 * @param mask instead of all these: the folder or file of a checkpoint, a file of masks alone, or
 *     {@code RUN#arm/seed/round}, whose masks are applied; a relative path starts where the command
 *     is typed
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
    Calibration calibration,
    double keepAtLeast,
    int roundTo,
    Normalise normalise,
    Optional<String> mask)
    implements Stage {
  public Prune {
    amounts = Collections.unmodifiableMap(new LinkedHashMap<>(amounts));
    exclude = List.copyOf(exclude);
    include = List.copyOf(include);
    new Limits(keepAtLeast, roundTo, normalise).requireSuited(new Pattern(granularity, scope));
    amounts.keySet().forEach(NamePattern::new);
    exclude.forEach(NamePattern::new);
    include.forEach(NamePattern::new);
    boolean chooses =
        method.isPresent() || amount.isPresent() || schedule.isPresent() || !amounts.isEmpty();
    if (mask.isPresent() && (chooses || !exclude.isEmpty() || !include.isEmpty())) {
      throw new IllegalArgumentException(
          "mask says which weights go; leave out method, amount, amounts, exclude, include and"
              + " schedule");
    }
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

  /** By a method. */
  public Prune(
      Optional<PruningMethod> method,
      Granularity granularity,
      Scope scope,
      Optional<Amount> amount,
      Map<String, Amount> amounts,
      List<String> exclude,
      List<String> include,
      Optional<Schedule> schedule,
      Calibration calibration,
      double keepAtLeast,
      int roundTo,
      Normalise normalise) {
    this(
        method,
        granularity,
        scope,
        amount,
        amounts,
        exclude,
        include,
        schedule,
        calibration,
        keepAtLeast,
        roundTo,
        normalise,
        Optional.empty());
  }

  /** Without limits. */
  public Prune(
      Optional<PruningMethod> method,
      Granularity granularity,
      Scope scope,
      Optional<Amount> amount,
      Map<String, Amount> amounts,
      List<String> exclude,
      List<String> include,
      Optional<Schedule> schedule,
      Calibration calibration) {
    this(
        method,
        granularity,
        scope,
        amount,
        amounts,
        exclude,
        include,
        schedule,
        calibration,
        Limits.NONE.keepAtLeast(),
        Limits.NONE.roundTo(),
        Limits.NONE.normalise());
  }

  /** By the masks that lie at a place, and by nothing else. */
  public Prune(String mask) {
    this(
        Optional.empty(),
        new Granularity.Element(),
        new Scope.Global(),
        Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        new Calibration(),
        Limits.NONE.keepAtLeast(),
        Limits.NONE.roundTo(),
        Limits.NONE.normalise(),
        Optional.of(mask));
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
        output-units or input-units whole channels go, with all that belongs to them in other
        layers, judged by the weights that make them or by those that take them; the stage compact
        then makes the model smaller. {block: {height: 4, width: 4}} removes rectangles of the
        weight matrix: of output rows, and of columns, which are inputs times kernel cells.
        keep-at-least leaves every layer (a space of coupled units, or a weight) a fraction or a
        number of units; under scope global others go in their place. round-to 8 rounds the units
        that stay in each up to a multiple, and prunes that much less. normalise divides a layer's
        scores by their mean or maximum before scope global compares them.
        Of calibration, which methods that look at data are shown, order says what a layer sees: \
        parallel, what the model as it is makes; sequential, what the layers before it make that are \
        pruned already; blocks, the same block by block, where neighbours whose names agree up to \
        the first number between dots are a block.
        mask applies the masks of a checkpoint instead, as in prune: {mask: runs/demo#imp/1/3}: what
        they do not keep goes too, beside what is pruned already.""";
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
    return with(each -> scheduled(each, progress), Optional.empty());
  }

  @Override
  public Prune eased(double factor) {
    return with(each -> eased(each, factor), schedule);
  }

  private Prune with(UnaryOperator<Amount> change, Optional<Schedule> growing) {
    Map<String, Amount> changed = new LinkedHashMap<>();
    amounts.forEach((pattern, each) -> changed.put(pattern, change.apply(each)));
    return new Prune(
        method,
        granularity,
        scope,
        amount.map(change),
        changed,
        exclude,
        include,
        growing,
        calibration,
        keepAtLeast,
        roundTo,
        normalise,
        mask);
  }

  @Override
  public Set<String> storedMasks() {
    return mask.map(Set::of).orElse(Set.of());
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

  /** Zeros lie on every grid of integers; what a method makes of the weights that stay does not. */
  @Override
  public Optional<String> refusal(boolean quantized) {
    return quantized
        ? method
            .filter(ReconstructingMethod.class::isInstance)
            .map(
                each ->
                    "%s changes the weights that stay, and they were rounded to integers before; prune with it before quantize"
                        .formatted(each.name()))
        : Optional.empty();
  }

  private static String needsTraining(PruningMethod method) {
    return "%s needs the steps of a training: write finetune: {prune: {method: %s, amount: 0.5}}"
        .formatted(method.name(), method.name());
  }

  /** Returns what makes it impossible wherever it stands, one line each; none when fine. */
  List<String> faultsOfPruning(Architecture architecture) {
    if (mask.isPresent()) {
      return List.of();
    }
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
    return new Pruning(method.orElseThrow(), pattern(), targets.amounts(), calibration, limits());
  }

  private Pattern pattern() {
    return new Pattern(granularity, scope);
  }

  private Limits limits() {
    return new Limits(keepAtLeast, roundTo, normalise);
  }

  @Override
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    if (method.isEmpty()) {
      return Map.of();
    }
    Targets targets = Targets.of(this, architecture);
    return granularity.coupled()
        ? new UnitForesight(scope, limits(), architecture, before)
            .after(pruning(targets).groups(architecture))
        : new Foresight(pattern(), limits(), architecture, before).after(targets.amounts());
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    List<String> faults = faults(input.architecture(), context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    if (mask.isPresent()) {
      Pruned masked = Pruner.prune(input, context.storedMasks(mask.get(), input.architecture()));
      PruneReport.of(masked, List.of(), context);
      return masked.checkpoint();
    }
    Pruned pruned = pruned(input, context);
    PruneReport.of(pruned, spared(input.architecture()), context);
    PruneReport.slices(pruned, granularity, input.architecture(), context);
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
}
