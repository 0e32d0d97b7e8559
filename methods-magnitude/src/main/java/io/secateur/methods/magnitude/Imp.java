package io.secateur.methods.magnitude;

import io.secateur.calibrate.Calibration;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe;
import io.secateur.spi.Stop;
import io.secateur.spi.TrainingStage;
import io.secateur.stage.Control;
import io.secateur.stage.Prune;
import io.secateur.stage.Rewind;
import io.secateur.stage.RewindTo;
import io.secateur.stage.Rounds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Iterative magnitude pruning with rewinding (Frankle and Carbin, 2019): after a training, in every
 * round prunes a fraction of the remaining weights, takes the survivors back, and trains them as
 * before.
 *
 * @param rounds how often
 * @param rate the fraction of the remaining weights that goes every round
 * @param rates other rates by patterns of weight names; need scope layer
 * @param rewind what the survivors go back to
 * @param method what decides which go
 * @param scope who competes
 * @param exclude patterns of weights that stay
 * @param stop when the rounds end before the last
 * @param controls what is trained beside each round
 */
public record Imp(
    int rounds,
    double rate,
    Map<String, Double> rates,
    RewindTo rewind,
    PruningMethod method,
    Scope scope,
    List<String> exclude,
    Optional<Stop> stop,
    List<Control> controls)
    implements Recipe {
  public Imp {
    rates = Collections.unmodifiableMap(new LinkedHashMap<>(rates));
    exclude = List.copyOf(exclude);
    controls = List.copyOf(controls);
    Rounds.checkCount("rounds", rounds);
    checkRate("rate", rate);
    rates.forEach((pattern, each) -> checkRate("the rate of " + pattern, each));
    if (!rates.isEmpty() && !(scope instanceof Scope.Layer)) {
      throw new IllegalArgumentException(
          "rates by name give every weight a budget of its own, which is scope layer; add"
              + " 'scope: layer', or use rate alone");
    }
  }

  /**
   * Five rounds of 20 % of the remaining weights by magnitude, over all layers, rewound to init.
   */
  public Imp() {
    this(5, 0.2, Map.of(), new RewindTo.Init(), new L1(), new Scope.Global(), List.of());
  }

  /** Rounds that neither stop nor have controls. */
  public Imp(
      int rounds,
      double rate,
      Map<String, Double> rates,
      RewindTo rewind,
      PruningMethod method,
      Scope scope,
      List<String> exclude) {
    this(rounds, rate, rates, rewind, method, scope, exclude, Optional.empty(), List.of());
  }

  private static void checkRate(String what, double rate) {
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException(what + " must be between 0 and 1, was " + rate);
    }
  }

  @Override
  public String name() {
    return "imp";
  }

  @Override
  public String description() {
    return """
        Iterative magnitude pruning with rewinding. After a train stage, in every round: prune a
        fraction of the remaining weights, take the survivors back to their initial values (or to
        a later point), train them again in the same way, measure.
        Why it should work: the right small network, started from the right weights, trains as well
        as the whole one (the lottery ticket hypothesis).
        Frankle and Carbin, "The Lottery Ticket Hypothesis", ICLR 2019.
        """
        + Rounds.STOPPING
        + "\n"
        + Control.DESCRIPTION;
  }

  @Override
  public List<Element> expand(List<Element> before) {
    TrainingStage training = training(before);
    List<Element> elements = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      elements.add(new Element.RoundStart(round, rounds));
      elements.add(new Element.Run(prune()));
      elements.add(new Element.Run(new Rewind(rewind)));
      elements.add(new Element.Run(training));
      stop.ifPresent(each -> elements.add(new Element.Check(each)));
      controls.forEach(control -> elements.add(control.branch(rewind, List.of(training))));
      elements.add(new Element.RoundEnd(round));
    }
    return elements;
  }

  private static TrainingStage training(List<Element> before) {
    boolean inRound = false;
    Optional<TrainingStage> last = Optional.empty();
    for (Element element : before) {
      if (element instanceof Element.RoundStart) {
        inRound = true;
      } else if (element instanceof Element.RoundEnd) {
        inRound = false;
      } else if (element instanceof Element.Run run && run.step() instanceof TrainingStage stage) {
        last = Optional.of(stage);
      }
    }
    if (inRound) {
      throw new IllegalArgumentException(
          "imp has rounds of its own and cannot stand inside those of another recipe");
    }
    return last.orElseThrow(
        () ->
            new IllegalArgumentException(
                "imp needs a train stage before it, which it repeats in every round: write - train"
                    + " before - imp"));
  }

  private Prune prune() {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    rates.forEach((pattern, each) -> amounts.put(pattern, new Amount.OfRemaining(each)));
    return new Prune(
        Optional.of(method),
        new Granularity.Element(),
        scope,
        Optional.of(new Amount.OfRemaining(rate)),
        amounts,
        exclude,
        List.of(),
        Optional.empty(),
        new Calibration());
  }
}
