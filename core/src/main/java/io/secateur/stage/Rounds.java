package io.secateur.stage;

import io.secateur.sparsity.Amount;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.Recipe;
import io.secateur.spi.Step;
import io.secateur.spi.Stop;
import io.secateur.spi.TrainingStage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Repeats stages; the model is measured at the end of every round.
 *
 * @param rounds how often, at least 1
 * @param stages the stages and recipes of one round, in order
 * @param max the same as {@code rounds}, as reads well where they may stop; not both
 * @param stop when they end before the last
 * @param controls what is trained beside each round
 */
public record Rounds(
    int rounds,
    List<LabelledStep> stages,
    Optional<Integer> max,
    Optional<Stop> stop,
    List<Control> controls)
    implements Recipe {
  private static final int MOST = 10_000;

  /** How recipes of rounds describe their setting {@code stop}. */
  public static final String STOPPING =
      """
      stop: {metric: accuracy, drop: 1.0, on: validation} compares the model after every round with \
      that before the first. When it is worse by more than drop, in the metric's unit, the round is \
      undone and the rounds end: the arm keeps the last round that held. With halve: N they go on \
      instead, up to N times, with half the fraction of the remaining. On test is allowed, but then \
      the test results have been chosen by.""";

  /** One round of nothing: stages are required where it is used. */
  public Rounds() {
    this(1, List.of());
  }

  /** Rounds that neither stop nor have controls. */
  public Rounds(int rounds, List<LabelledStep> stages) {
    this(rounds, stages, Optional.empty(), Optional.empty(), List.of());
  }

  public Rounds {
    checkCount("rounds", rounds);
    max.ifPresent(most -> checkCount("max", most));
    if (max.isPresent() && rounds != 1) {
      throw new IllegalArgumentException(
          "rounds and max are the same, and one of them is enough: rounds was %d, max %d"
              .formatted(rounds, max.get()));
    }
    stages = List.copyOf(stages);
    controls = List.copyOf(controls);
  }

  /** Refuses numbers of rounds that no plan can hold. */
  public static void checkCount(String what, int rounds) {
    if (rounds < 1 || rounds > MOST) {
      throw new IllegalArgumentException(
          "%s must be from 1 to %d, was %d".formatted(what, MOST, rounds));
    }
  }

  @Override
  public String name() {
    return "rounds";
  }

  @Override
  public String description() {
    return """
        Repeats its stages round by round. Schedules advance with the rounds, and the model is \
        measured after each: rounds: {rounds: 5, stages: [...]}. Rounds that may stop are counted by \
        max instead, which says the same: rounds: {max: 20, stop: {...}, stages: [...]}.
        """
        + STOPPING
        + "\n"
        + Control.DESCRIPTION;
  }

  @Override
  public List<Element> expand(List<Element> before) {
    if (stages.isEmpty()) {
      throw new IllegalArgumentException(
          "rounds needs the stages to repeat, such as rounds: {rounds: 5, stages: [{prune: …}]}");
    }
    if (inRounds(before)) {
      throw new IllegalArgumentException("rounds cannot stand inside the rounds of another recipe");
    }
    stop.filter(s -> s.halve() > 0).ifPresent(s -> refuseOtherAmounts());
    List<Element.Branch> branches = branches();
    List<Element> elements = new ArrayList<>();
    int last = max.orElse(rounds);
    for (int round = 1; round <= last; round++) {
      elements.add(new Element.RoundStart(round, last));
      for (LabelledStep stage : stages) {
        elements.add(new Element.Run(stage.step()));
        if (!stage.label().isEmpty()) {
          elements.add(new Element.Label(stage.label()));
        }
      }
      stop.ifPresent(s -> elements.add(new Element.Check(s)));
      elements.addAll(branches);
      elements.add(new Element.RoundEnd(round));
    }
    return elements;
  }

  /**
   * Halving needs a fraction of the remaining: less of all would be less than is pruned already.
   */
  private void refuseOtherAmounts() {
    List<Amount> amounts =
        stages.stream()
            .map(LabelledStep::step)
            .flatMap(step -> step instanceof Prune prune ? Stream.of(prune) : Stream.empty())
            .flatMap(prune -> Stream.concat(prune.amount().stream(), each(prune).stream()))
            .toList();
    if (amounts.isEmpty() || !amounts.stream().allMatch(Amount.OfRemaining.class::isInstance)) {
      throw new IllegalArgumentException(
          "stop with halve goes with prune stages whose amounts are of the remaining, amount:"
              + " {of-remaining: 0.2}: the half of another amount may be pruned already");
    }
  }

  private static Collection<Amount> each(Prune prune) {
    return prune.amounts().values();
  }

  private List<Element.Branch> branches() {
    if (controls.isEmpty()) {
      return List.of();
    }
    RewindTo start = new RewindTo.Round(0);
    List<Step> trainings = new ArrayList<>();
    boolean pruned = false;
    for (LabelledStep stage : stages) {
      Step step = stage.step();
      if (step instanceof Prune) {
        pruned = true;
        trainings.clear();
        start = new RewindTo.Round(0);
      } else if (step instanceof Rewind rewind && trainings.isEmpty()) {
        start = rewind.to();
      } else if (step instanceof TrainingStage || step instanceof FineTune) {
        trainings.add(step);
      }
    }
    if (!pruned || trainings.isEmpty()) {
      throw new IllegalArgumentException(
          "controls are trained as the round trains what it has pruned; write a train or finetune"
              + " stage behind the last prune of the round");
    }
    RewindTo from = start;
    return controls.stream().map(control -> control.branch(from, trainings)).toList();
  }

  private static boolean inRounds(List<Element> before) {
    boolean open = false;
    for (Element element : before) {
      open =
          element instanceof Element.RoundStart || (open && !(element instanceof Element.RoundEnd));
    }
    return open;
  }
}
