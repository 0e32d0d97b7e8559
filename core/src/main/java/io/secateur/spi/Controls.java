package io.secateur.spi;

import io.secateur.spi.Recipe.Element;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the controls of arms: from the elements of a pipeline, its recipes unfolded. */
public interface Controls {
  /** Makes none, and says so. */
  Controls NONE = (control, arm) -> new Beside.None("controls are not known here");

  /**
   * Returns what a control adds beside an arm.
   *
   * @throws IllegalArgumentException when it cannot stand beside this arm, saying why
   */
  Beside beside(ControlArm control, Arm arm);

  /**
   * An arm.
   *
   * @param elements its pipeline; what is unfolded is stages, labels, rounds, checks, branches
   * @param comesTrained whether the model's first parameters are read from a file
   * @param magnitude the method that prunes by magnitude; empty where it is not installed
   */
  record Arm(List<Element> elements, boolean comesTrained, Optional<PruningMethod> magnitude) {
    public Arm {
      elements = List.copyOf(elements);
    }
  }

  /** What a control is. */
  sealed interface Beside {
    /**
     * Branches of the arm.
     *
     * @param before by the index of the element that each stands before; their number for the end
     */
    record Branches(Map<Integer, Element.Branch> before) implements Beside {
      public Branches {
        before = Map.copyOf(before);
      }
    }

    /**
     * The arm's pipeline, changed.
     *
     * @param elements what stands in the place of each element; empty where nothing does
     */
    record Changed(List<Optional<Element>> elements) implements Beside {
      public Changed {
        elements = List.copyOf(elements);
      }
    }

    /**
     * Nothing.
     *
     * @param reason as a clause; empty where the arm has the control, or is it, already
     */
    record None(String reason) implements Beside {}
  }
}
