package io.secateur.stage;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * Repeats stages; the model is measured at the end of every round.
 *
 * @param rounds how often, at least 1
 * @param stages the stages and recipes of one round, in order
 */
public record Rounds(int rounds, List<LabelledStep> stages) implements Recipe {
  /** One round of nothing: stages are required where it is used. */
  public Rounds() {
    this(1, List.of());
  }

  public Rounds {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, was " + rounds);
    }
    stages = List.copyOf(stages);
  }

  @Override
  public String name() {
    return "rounds";
  }

  @Override
  public String description() {
    return "Repeats its stages round by round. Schedules advance with the rounds, and the model is"
        + " measured after each: rounds: {rounds: 5, stages: [...]}.";
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
    List<Element> elements = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      elements.add(new Element.RoundStart(round, rounds));
      for (LabelledStep stage : stages) {
        elements.add(new Element.Run(stage.step()));
        if (!stage.label().isEmpty()) {
          elements.add(new Element.Label(stage.label()));
        }
      }
      elements.add(new Element.RoundEnd(round));
    }
    return elements;
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
