package io.secateur.study;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.Recipe;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.Stage;
import io.secateur.study.Study.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Unfolds the recipes of an arm until nothing but stages, labels, rounds and branches is left. */
final class Unfolding {
  /** Recipes may unfold into recipes; one that never ends is caught here. */
  private static final int DEEPEST = 64;

  /**
   * An element, and the index in the arm's pipeline of the item that gave it.
   *
   * @param inner the elements of a branch; empty for others
   */
  record Item(Element element, int index, List<Item> inner) {}

  private final BiConsumer<Integer, String> faults;
  private int index;

  private Unfolding(BiConsumer<Integer, String> faults) {
    this.faults = faults;
  }

  /**
   * Unfolds an arm.
   *
   * @param faults told the index of a pipeline item and what is wrong with it
   */
  static List<Item> of(Arm arm, BiConsumer<Integer, String> faults) {
    Unfolding unfolding = new Unfolding(faults);
    List<Item> items = new ArrayList<>();
    List<Element> before = new ArrayList<>();
    for (LabelledStep step : arm.pipeline()) {
      unfolding.unfold(new Element.Run(step.step()), before, items, 0);
      if (!step.label().isEmpty()) {
        unfolding.unfold(new Element.Label(step.label()), before, items, 0);
      }
      unfolding.index++;
    }
    return items;
  }

  private void unfold(Element element, List<Element> before, List<Item> into, int depth) {
    if (element instanceof Element.Run run && run.step() instanceof Recipe recipe) {
      if (depth == DEEPEST) {
        faults.accept(index, "'%s' unfolds into itself without end".formatted(recipe.name()));
        return;
      }
      List<Element> elements;
      try {
        elements = recipe.expand(List.copyOf(before));
      } catch (IllegalArgumentException e) {
        faults.accept(index, Faulty.message(e));
        return;
      }
      elements.forEach(inner -> unfold(inner, before, into, depth + 1));
    } else if (element instanceof Element.Branch branch) {
      List<Item> inner = new ArrayList<>();
      List<Element> sofar = new ArrayList<>(before);
      branch.elements().forEach(each -> unfold(each, sofar, inner, depth + 1));
      into.add(new Item(element, index, inner));
      before.add(element);
    } else {
      into.add(new Item(element, index, List.of()));
      before.add(element);
    }
  }

  /** Returns the stage of an unfolded element that runs one. */
  static Stage stage(Element.Run run) {
    if (run.step() instanceof Stage stage) {
      return stage;
    }
    throw new IllegalStateException("a recipe was not unfolded: " + run.step().name());
  }
}
