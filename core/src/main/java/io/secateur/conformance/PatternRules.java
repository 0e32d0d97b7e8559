package io.secateur.conformance;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.prune.Pruner;
import io.secateur.prune.Pruning;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a method keeps when models are pruned by it, in every pattern that planning does not refuse:
 * the patterns that it claims.
 */
final class PatternRules {
  private static final List<Granularity> GRANULARITIES =
      List.of(
          new Granularity.Element(),
          new Granularity.Block(2, 2),
          new Granularity.Slice(Axis.OUTPUT),
          new Granularity.Slice(Axis.INPUT),
          new Granularity.Slice(Axis.KERNEL_ROW),
          new Granularity.Slice(Axis.KERNEL_COLUMN),
          new Granularity.OutputUnits(),
          new Granularity.InputUnits());
  private static final List<Scope> SCOPES =
      List.of(new Scope.Global(), new Scope.Layer(), new Scope.Row());
  private static final List<Trial> TRIALS = List.of(Trial.numbers(), Trial.images());
  private static final double HALF = 0.5;
  private static final float TIED = 0.5f;
  private static final double[] ROUNDS = {0.6, 0.9};

  /** Calibration takes most of the time, and a few examples tell as much as many. */
  private static final int EXAMPLES = 8;

  private final PruningMethod method;
  private final Map<String, Boolean> working = new HashMap<>();

  PatternRules(PruningMethod method) {
    this.method = method;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("prunes in every pattern that it claims", this::claims),
        new Rule("exact counts, whatever the ties", this::ties),
        new Rule("nothing that was pruned returns, round after round", this::rounds),
        new Rule("N:M keeps its count in every tile", this::tiles));
  }

  /** A model to prune in a pattern. */
  private record Case(Trial trial, Checkpoint model, Pattern pattern) {
    String where() {
      return "%s, granularity %s, scope %s"
          .formatted(trial.name(), pattern.granularity(), pattern.scope());
    }

    Case with(Checkpoint other) {
      return new Case(trial, other, pattern);
    }
  }

  /** A method that fails on single weights is told so by other rules, and not tried on models. */
  private boolean sound() {
    return method instanceof ScoringMethod scoring
        ? new ScoreRules(scoring).sound()
        : method instanceof ReconstructingMethod repairing
            && new ReconstructionRules(repairing).sound();
  }

  private List<Case> cases(List<Scope> scopes, List<String> refusals) {
    List<Case> cases = new ArrayList<>();
    if (!sound()) {
      return cases;
    }
    for (Trial trial : TRIALS) {
      for (Granularity granularity : GRANULARITIES) {
        for (Scope scope : scopes) {
          pattern(granularity, scope)
              .ifPresent(
                  pattern -> {
                    List<String> faults =
                        pruning(trial.model(), pattern, HALF).faults(trial.model().architecture());
                    if (faults.isEmpty()) {
                      cases.add(new Case(trial, ready(trial.model()), pattern));
                    } else {
                      refusals.add(faults.get(0));
                    }
                  });
        }
      }
    }
    return cases;
  }

  private List<Case> cases(List<Scope> scopes) {
    return cases(scopes, new ArrayList<>());
  }

  private static Optional<Pattern> pattern(Granularity granularity, Scope scope) {
    try {
      return Optional.of(new Pattern(granularity, scope));
    } catch (IllegalArgumentException impossible) {
      return Optional.empty();
    }
  }

  private Pruning pruning(Checkpoint model, Pattern pattern, double amount) {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    for (ParameterSpec spec : model.architecture().prunable()) {
      amounts.put(spec.name(), new Amount.OfAll(amount));
    }
    return new Pruning(method, pattern, amounts);
  }

  /** Returns the model with sums of a training, where the method asks for such. */
  private Checkpoint ready(Checkpoint model) {
    Map<String, Tensor> slots = new LinkedHashMap<>();
    for (Statistic statistic : method.needs()) {
      if (statistic instanceof Statistic.OfTraining summed) {
        for (ParameterSpec spec : model.architecture().prunable()) {
          float[] sums = WeightCase.random((int) spec.shape().size(), spec.name().hashCode(), 1);
          Shape matrix = new Shape(spec.form().rows(), spec.form().columns());
          slots.put(summed.slot(spec.name()), Tensor.of(matrix, sums));
        }
      }
    }
    return slots.isEmpty()
        ? model
        : model.withTraining(Optional.of(new TrainingState(1, 2, slots, List.of())));
  }

  private Checkpoint pruned(Case one, double amount) throws IOException {
    return Pruner.prune(
            one.model,
            pruning(one.model, one.pattern, amount),
            new TrialContext(one.trial, EXAMPLES))
        .checkpoint();
  }

  /** Returns whether a pattern works at all; where it fails at once, a rule of its own tells. */
  private boolean works(Case one) throws IOException {
    Boolean known = working.get(one.where());
    if (known != null) {
      return known;
    }
    boolean works;
    try {
      pruned(one, HALF);
      works = true;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      works = false;
    }
    working.put(one.where(), works);
    return works;
  }

  private void claims(Findings findings) throws IOException {
    List<String> refusals = new ArrayList<>();
    List<Case> cases = cases(SCOPES, refusals);
    if (cases.isEmpty() && !refusals.isEmpty()) {
      findings.violation(
          "",
          "every pattern is refused: " + String.join("; ", refusals.stream().distinct().toList()),
          "a method goes with some granularity and scope");
    }
    for (Case one : cases) {
      try {
        check(one, one.model, pruned(one, HALF), HALF, findings);
      } catch (RuntimeException | LinkageError | AssertionError e) {
        findings.violation(
            one.where(),
            "threw " + Rule.reason(e),
            "what planning does not refuse can be pruned; unitwise(), companions() and needs() say"
                + " what a method cannot do without");
      }
    }
  }

  /** Checks masks and zeros; units that own cells in several weights are counted elsewhere. */
  private static void check(
      Case one, Checkpoint before, Checkpoint after, double amount, Findings findings) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ParameterSpec spec : after.architecture().prunable()) {
      Mask mask = after.mask(spec.name());
      masks.put(spec.name(), mask);
      if (!before.mask(spec.name()).and(mask).equals(mask)) {
        findings.violation(
            one.where(),
            "%s has cells again that were pruned before".formatted(spec.name()),
            "what was pruned never returns");
      }
      if (!Zeros.held(after.parameter(spec.name()), mask)) {
        findings.violation(
            one.where(), spec.name() + " has pruned cells that are not +0.0", "they are +0.0");
      }
    }
    if (!one.pattern.granularity().coupled()) {
      new Units(one.pattern)
          .fault(masks, amount)
          .ifPresent(
              fault -> findings.violation(one.where(), fault, "rint(amount x units) are pruned"));
    }
  }

  private void ties(Findings findings) throws IOException {
    for (Case one : cases(List.of(new Scope.Layer()))) {
      Map<String, Tensor> constant = new LinkedHashMap<>(one.model.parameters());
      for (ParameterSpec spec : one.model.architecture().prunable()) {
        float[] same = new float[(int) spec.shape().size()];
        Arrays.fill(same, TIED);
        constant.put(spec.name(), Tensor.of(spec.shape(), same));
      }
      Case tied = one.with(one.model.withParameters(constant));
      if (!works(one)) {
        continue;
      }
      try {
        check(tied, tied.model, pruned(tied, HALF), HALF, findings);
      } catch (RuntimeException | LinkageError | AssertionError e) {
        findings.violation(
            one.where() + ", all weights 0.5",
            "threw " + Rule.reason(e),
            "of equal weights as many go as of others");
        return;
      }
    }
  }

  private void rounds(Findings findings) throws IOException {
    for (Case one : cases(List.of(new Scope.Layer()))) {
      if (!works(one)) {
        continue;
      }
      Case now = one;
      for (double amount : ROUNDS) {
        try {
          Checkpoint after = pruned(now, amount);
          check(now, now.model, after, amount, findings);
          now = now.with(after);
        } catch (RuntimeException | LinkageError | AssertionError e) {
          findings.violation(
              "%s, from %.0f %% to %.0f %%"
                  .formatted(one.where(), 100 * sparsity(now.model), 100 * amount),
              "threw " + Rule.reason(e),
              "weights that are pruned in part, and rows that are empty, are pruned on");
          return;
        }
      }
    }
  }

  private static double sparsity(Checkpoint model) {
    return model.masks().values().stream().mapToDouble(Mask::sparsity).max().orElse(0);
  }

  private void tiles(Findings findings) throws IOException {
    for (Case one : cases(List.of(new Scope.Tile(4), new Scope.Tile(2)))) {
      try {
        check(one, one.model, pruned(one, HALF), HALF, findings);
      } catch (RuntimeException | LinkageError | AssertionError e) {
        Case row =
            new Case(one.trial, one.model, new Pattern(one.pattern.granularity(), new Scope.Row()));
        if (works(row)) {
          findings.violation(
              one.where(), "threw " + Rule.reason(e), "methods prune N:M like any other pattern");
        }
        return;
      }
    }
  }
}
