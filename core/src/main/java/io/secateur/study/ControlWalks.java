package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.spi.ControlArm;
import io.secateur.spi.Controls;
import io.secateur.spi.Controls.Beside;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe.Element;
import io.secateur.study.Study.Arm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Adds a study's controls to its arms: as branches that leave the arm, or as lines of their own
 * from where they part from it. What cannot stand beside an arm is left out, with its reason.
 */
final class ControlWalks {
  private final Study study;
  private final Controls controls;
  private final Optional<PruningMethod> magnitude;
  private final Architecture architecture;
  private final Supplier<Draft> aside;
  private final List<String> without = new ArrayList<>();

  /**
   * Controls of a study.
   *
   * @param aside a draft on which a control is tried before it is planned
   */
  ControlWalks(
      Study study,
      Controls controls,
      Optional<PruningMethod> magnitude,
      Architecture architecture,
      Supplier<Draft> aside) {
    this.study = study;
    this.controls = controls;
    this.magnitude = magnitude;
    this.architecture = architecture;
    this.aside = aside;
  }

  /**
   * An arm with its controls.
   *
   * @param items of the arm, branches of controls among them
   * @param lines the items of each other control, by its name
   */
  record Accompanied(List<Unfolding.Item> items, List<Line> lines) {}

  /**
   * A control with a line of its own.
   *
   * @param parts the index of the item where it parts from the arm
   */
  record Line(String name, List<Unfolding.Item> items, int parts) {}

  /** Returns a line for each control that an arm does not have, with its reason. */
  List<String> without() {
    return without;
  }

  /** Returns an arm with the controls that the study asks for. */
  Accompanied of(Arm arm, List<Unfolding.Item> items, boolean comesTrained) {
    List<Unfolding.Item> own = items;
    List<Line> lines = new ArrayList<>();
    Set<String> reasons = new LinkedHashSet<>();
    List<Element> elements = items.stream().map(Unfolding.Item::element).toList();
    Controls.Arm asked = new Controls.Arm(elements, comesTrained, magnitude);
    Map<Integer, List<Unfolding.Item>> branches = new TreeMap<>();
    for (ControlArm control : study.comparing().controls()) {
      String reason;
      try {
        Beside beside = controls.beside(control, asked);
        if (beside instanceof Beside.Branches found) {
          reason = tried(arm, List.of(), woven(items, one(found, items)), "");
          if (reason.isEmpty()) {
            one(found, items)
                .forEach(
                    (at, item) ->
                        branches.computeIfAbsent(at, each -> new ArrayList<>()).addAll(item));
            own = woven(items, branches);
          }
        } else if (beside instanceof Beside.Changed changed) {
          Line line = line(control.label(), changed, items);
          reason =
              tried(
                  arm,
                  line.items().subList(0, line.parts()),
                  line.items().subList(line.parts(), line.items().size()),
                  line.name());
          if (reason.isEmpty()) {
            lines.add(line);
          }
        } else {
          reason = ((Beside.None) beside).reason();
        }
      } catch (IllegalArgumentException e) {
        reason = Faulty.message(e);
      }
      if (!reason.isEmpty()) {
        reasons.add(control.label() + "\n" + reason);
      }
    }
    tell(arm, reasons);
    return new Accompanied(own, lines);
  }

  /** Says once for all controls what is the same for all of them. */
  private void tell(Arm arm, Set<String> reasons) {
    List<String> different =
        reasons.stream().map(each -> each.substring(each.indexOf('\n') + 1)).distinct().toList();
    for (String reason : different) {
      List<String> names =
          reasons.stream()
              .filter(each -> each.endsWith("\n" + reason))
              .map(each -> each.substring(0, each.indexOf('\n')))
              .toList();
      without.add("%s: no control %s: %s".formatted(arm.name(), String.join(", ", names), reason));
    }
  }

  /** Returns the first fault of a control where it would stand; empty when it has none. */
  private String tried(
      Arm arm, List<Unfolding.Item> shared, List<Unfolding.Item> items, String branch) {
    List<String> faults = new ArrayList<>();
    ArmWalk walk =
        new ArmWalk(
            study,
            arm,
            study.seeds().get(0),
            architecture,
            aside.get(),
            (index, fault) -> faults.add(fault));
    if (branch.isEmpty()) {
      walk.places(items);
    } else {
      walk.control(branch, shared, items);
    }
    return faults.isEmpty() ? "" : faults.get(0);
  }

  private static Map<Integer, List<Unfolding.Item>> one(
      Beside.Branches found, List<Unfolding.Item> items) {
    Map<Integer, List<Unfolding.Item>> placed = new TreeMap<>();
    found
        .before()
        .forEach(
            (at, branch) -> {
              int index = items.get(Math.min(at, items.size() - 1)).index();
              List<Unfolding.Item> inner =
                  branch.elements().stream()
                      .map(each -> new Unfolding.Item(each, index, List.of()))
                      .toList();
              placed.put(at, List.of(new Unfolding.Item(branch, index, inner)));
            });
    return placed;
  }

  private static List<Unfolding.Item> woven(
      List<Unfolding.Item> items, Map<Integer, List<Unfolding.Item>> branches) {
    List<Unfolding.Item> woven = new ArrayList<>();
    for (int i = 0; i <= items.size(); i++) {
      woven.addAll(branches.getOrDefault(i, List.of()));
      if (i < items.size()) {
        woven.add(items.get(i));
      }
    }
    return woven;
  }

  private static Line line(String name, Beside.Changed changed, List<Unfolding.Item> items) {
    List<Unfolding.Item> line = new ArrayList<>();
    int parts = -1;
    for (int i = 0; i < items.size(); i++) {
      Optional<Element> element = changed.elements().get(i);
      boolean same = element.filter(items.get(i).element()::equals).isPresent();
      // It parts from the arm before a round begins, so that its own rounds are counted as such.
      if (parts < 0 && (!same || items.get(i).element() instanceof Element.RoundStart)) {
        parts = line.size();
      }
      int at = i;
      element.ifPresent(
          each -> line.add(new Unfolding.Item(each, items.get(at).index(), List.of())));
    }
    return new Line(name, line, Math.max(0, parts));
  }
}
