package io.secateur.conformance;

import io.secateur.spi.Point;
import io.secateur.spi.Recipe;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.Stage;
import io.secateur.stage.Train;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What recipes keep, at the beginning of a pipeline and behind a training. */
final class RecipeRules {
  /** As planning unfolds: recipes may give recipes. */
  private static final int DEEPEST = 64;

  private static final int MOST = 1_000_000;

  private final Recipe recipe;

  RecipeRules(Recipe recipe) {
    this.recipe = recipe;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("unfolds, or says why it cannot stand there", this::unfolds),
        new Rule("unfolds to an end", this::ends),
        new Rule("unfolds equally when asked again", this::repeats),
        new Rule("rounds begin, end and are counted", this::rounds),
        new Rule("goes back to labels that are there", this::labels));
  }

  private static List<List<Element>> befores() {
    Element train = new Element.Run(new Train());
    return List.of(List.of(), List.of(train), List.of(train, new Element.Label("dense")));
  }

  private static String where(List<Element> before) {
    return before.isEmpty()
        ? "at the beginning"
        : before.size() == 1 ? "behind train" : "behind train with a label";
  }

  private void unfolds(Findings findings) {
    boolean stands = false;
    String refusal = "";
    for (List<Element> before : befores()) {
      try {
        List<Element> elements = recipe.expand(before);
        stands = true;
        if (elements == null || elements.isEmpty()) {
          findings.violation(where(before), "it unfolds to nothing", "a recipe stands for stages");
        }
      } catch (IllegalArgumentException e) {
        refusal = Rule.reason(e);
        if (e.getMessage() == null) {
          findings.violation(where(before), "it refuses without a word", "a refusal says why");
        }
      } catch (RuntimeException | StackOverflowError e) {
        stands = true;
        findings.violation(
            where(before),
            "threw " + Rule.reason(e),
            "a recipe that cannot stand somewhere throws an IllegalArgumentException that says why");
      }
    }
    if (!stands) {
      findings.untried("it stands nowhere with these settings: " + refusal);
    }
  }

  /** Returns what it stands for; nothing where it throws, which its own rule tells. */
  private List<Element> expanded(List<Element> before) {
    try {
      return recipe.expand(before);
    } catch (RuntimeException | StackOverflowError e) {
      return List.of();
    }
  }

  private void ends(Findings findings) {
    for (List<Element> before : befores()) {
      List<Element> flat = new ArrayList<>();
      if (!unfold(expanded(before), new ArrayList<>(before), flat, 0)) {
        findings.violation(
            where(before), "it unfolds without end", "recipes unfold into stages in the end");
      }
    }
  }

  /** Unfolds recipes among elements; returns whether it came to an end. */
  private static boolean unfold(
      List<Element> elements, List<Element> before, List<Element> into, int depth) {
    for (Element element : elements) {
      if (depth > DEEPEST || into.size() > MOST) {
        return false;
      }
      if (element instanceof Element.Run run && run.step() instanceof Recipe inner) {
        List<Element> further;
        try {
          further = inner.expand(List.copyOf(before));
        } catch (IllegalArgumentException e) {
          continue;
        }
        if (!unfold(further, before, into, depth + 1)) {
          return false;
        }
      } else {
        into.add(element);
        before.add(element);
      }
    }
    return true;
  }

  private List<Element> flat(List<Element> before) {
    List<Element> flat = new ArrayList<>();
    return unfold(expanded(before), new ArrayList<>(before), flat, 0) ? flat : List.of();
  }

  private void repeats(Findings findings) {
    for (List<Element> before : befores()) {
      if (!expanded(before).equals(expanded(before))) {
        findings.violation(
            where(before),
            "it unfolds otherwise when asked again",
            "a recipe depends on its settings and on what stands before");
      }
    }
  }

  private void rounds(Findings findings) {
    for (List<Element> before : befores()) {
      int open = 0;
      int last = 0;
      int all = 0;
      for (Element element : flat(before)) {
        if (element instanceof Element.RoundStart start) {
          boolean next = open == 0 && start.round() == last + 1 && start.round() <= start.rounds();
          if (!next || (all != 0 && all != start.rounds())) {
            findings.violation(
                where(before),
                "%s follows round %d%s".formatted(start, last, open == 0 ? "" : ", still open"),
                "rounds are counted from 1, and each ends before the next");
            break;
          }
          open = start.round();
          all = start.rounds();
        } else if (element instanceof Element.RoundEnd end) {
          if (end.round() != open) {
            findings.violation(
                where(before), "%s ends round %d".formatted(end, open), "a round's end is its own");
            break;
          }
          last = open;
          open = 0;
        }
      }
      if (open != 0) {
        findings.violation(
            where(before), "round %d has no end".formatted(open), "each round has an end");
      }
    }
  }

  private void labels(Findings findings) {
    for (List<Element> before : befores()) {
      Set<String> known = new LinkedHashSet<>();
      before.forEach(element -> add(element, known));
      labels(flat(before), known, where(before), findings);
    }
  }

  private static void labels(
      List<Element> elements, Set<String> known, String where, Findings findings) {
    for (Element element : elements) {
      if (element instanceof Element.Run run && run.step() instanceof Stage stage) {
        for (Point point : stage.recalls()) {
          if (point instanceof Point.Label label && !known.contains(label.name())) {
            findings.violation(
                where,
                "%s asks for the label '%s', and before it there is %s"
                    .formatted(
                        stage.name(),
                        label.name(),
                        known.isEmpty() ? "none" : "only " + String.join(", ", known)),
                "a label is given before it is asked for");
          }
        }
      } else if (element instanceof Element.Branch branch) {
        labels(branch.elements(), new LinkedHashSet<>(known), where, findings);
      }
      add(element, known);
    }
  }

  private static void add(Element element, Set<String> known) {
    if (element instanceof Element.Label label) {
      known.add(label.name());
    }
  }
}
