package io.secateur.spi;

import java.util.List;

/** A named way to write several stages: it unfolds when planning and leaves no trace of its own. */
public non-sealed interface Recipe extends Step {
  /**
   * Returns what the recipe stands for.
   *
   * @param before the elements of the pipeline so far, in order
   * @throws IllegalArgumentException when the recipe cannot stand here, saying why
   */
  List<Element> expand(List<Element> before);

  /** What a pipeline consists of once its recipes are unfolded. */
  sealed interface Element {
    /** A stage to run, or a recipe to unfold in its turn. */
    record Run(Step step) implements Element {}

    /** Gives the checkpoint reached a name; it is measured there. */
    record Label(String name) implements Element {}

    /** Sets the round that the following elements belong to. */
    record RoundStart(int round, int rounds) implements Element {}

    /** The end of a round: the checkpoint reached is measured. */
    record RoundEnd(int round) implements Element {}

    /**
     * Compares the checkpoint reached with that before the first round; stands before the end of a
     * round. When it does not hold, the round is undone, and the rounds end or go on more slowly.
     */
    record Check(Stop stop) implements Element {}

    /** Elements that start from the checkpoint reached and that nothing after them sees. */
    record Branch(String name, List<Element> elements) implements Element {
      public Branch {
        elements = List.copyOf(elements);
      }
    }
  }
}
