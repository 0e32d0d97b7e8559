package io.secateur.stage;

import io.secateur.spi.Recipe.Element;
import io.secateur.spi.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is trained beside a round to show what its pruning is worth: a branch at the round's end,
 * measured there, that nothing after it sees.
 */
public enum Control {
  /** A random mask with the same count per layer, trained from where the round's training began. */
  RANDOM_MASK,
  /** The round's masks on a fresh initialisation, trained as in the round. */
  RANDOM_REINIT;

  /** How rounds and recipes of rounds describe their setting. */
  public static final String DESCRIPTION =
      """
      controls: [random-mask, random-reinit] trains two branches beside every round: a random mask \
      with the same count per layer, from the values that the round's training began with, and the \
      round's masks on a fresh initialisation. The random masks of later rounds lie in those of \
      earlier ones; the fresh initialisation is one for all rounds; seeds are equal in all arms.\
      """;

  /**
   * Returns the branch.
   *
   * @param start where the round's training begins; what leaves the weights as they are stands for
   *     the checkpoint before the first round
   * @param trainings what trains in a round, in order
   * @throws IllegalArgumentException when one of them prunes, as a control's masks are its own
   */
  public Element.Branch branch(RewindTo start, List<? extends Step> trainings) {
    if (trainings.stream().anyMatch(Control::prunes)) {
      throw new IllegalArgumentException(
          "controls are trained under the masks that a round has made, and its training prunes"
              + " meanwhile; prune in a stage of its own, or leave controls out");
    }
    List<Element> elements = new ArrayList<>();
    if (this == RANDOM_MASK) {
      RewindTo to = start.point().isPresent() ? start : new RewindTo.Round(0);
      elements.add(new Element.Run(new RandomMask()));
      elements.add(new Element.Run(new Rewind(to)));
    } else {
      elements.add(new Element.Run(new Reinitialise()));
    }
    trainings.forEach(training -> elements.add(new Element.Run(training)));
    return new Element.Branch(label(), elements);
  }

  /** Returns the name of its branch. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean prunes(Step training) {
    return (training instanceof Train train && train.prune().isPresent())
        || (training instanceof FineTune tune && tune.prune().isPresent());
  }
}
