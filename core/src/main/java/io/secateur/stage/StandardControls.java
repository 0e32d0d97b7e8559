package io.secateur.stage;

import io.secateur.sparsity.Scope;
import io.secateur.spi.ControlArm;
import io.secateur.spi.Controls;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.Stage;
import io.secateur.spi.Step;
import io.secateur.spi.TrainingStage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Controls of arms that prune by a prune stage, in rounds or not, or while they train. Random masks
 * and fresh initialisations branch off where the arm has pruned and trained; the others are the
 * arm's own pipeline with other prunes, or with none.
 */
public final class StandardControls implements Controls {
  @Override
  public Beside beside(ControlArm control, Arm arm) {
    if (arm.elements().stream().noneMatch(StandardControls::prunes)) {
      return new Beside.None("no prune stage of it prunes");
    }
    return switch (control) {
      case RANDOM_MASK -> branches(Control.RANDOM_MASK, arm);
      case RANDOM_REINIT ->
          arm.comesTrained()
              ? new Beside.None("the model comes trained, and has no other first values")
              : branches(Control.RANDOM_REINIT, arm);
      case MAGNITUDE_GLOBAL -> byMagnitude(arm, new Scope.Global());
      case MAGNITUDE_LAYER -> byMagnitude(arm, new Scope.Layer());
      case DENSE -> dense(arm);
    };
  }

  private static Optional<Step> step(Element element) {
    return element instanceof Element.Run run ? Optional.of(run.step()) : Optional.empty();
  }

  private static boolean prunes(Element element) {
    return step(element).filter(Prune.class::isInstance).isPresent() || gradual(element);
  }

  private static boolean gradual(Element element) {
    return step(element).filter(StandardControls::prunesMeanwhile).isPresent();
  }

  private static boolean prunesMeanwhile(Step step) {
    return (step instanceof Train train && train.prune().isPresent())
        || (step instanceof FineTune tune && tune.prune().isPresent());
  }

  private static boolean trains(Step step) {
    return step instanceof TrainingStage || step instanceof FineTune;
  }

  private static Beside branches(Control control, Arm arm) {
    boolean already =
        arm.elements().stream()
            .anyMatch(
                each ->
                    each instanceof Element.Branch branch && branch.name().equals(control.label()));
    if (already) {
      return new Beside.None("");
    }
    if (arm.elements().stream().anyMatch(StandardControls::gradual)) {
      return new Beside.None(
          "it prunes while it trains, and this control trains under masks that are there before");
    }
    Map<Integer, Element.Branch> branches = new HashMap<>();
    Stretch stretch = new Stretch();
    for (int i = 0; i < arm.elements().size(); i++) {
      Element element = arm.elements().get(i);
      if (element instanceof Element.RoundEnd) {
        stretch.end(control, i).ifPresent(each -> branches.put(each.at(), each.branch()));
        stretch = new Stretch();
      } else {
        stretch.pass(element, i);
      }
    }
    stretch
        .end(control, arm.elements().size())
        .ifPresent(each -> branches.put(each.at(), each.branch()));
    return branches.isEmpty()
        ? new Beside.None("nothing is trained after it prunes, and fresh values would stay so")
        : new Beside.Branches(branches);
  }

  /** A branch, and the index of the element it stands before. */
  private record Placed(int at, Element.Branch branch) {}

  /** What was met since the arm, or its last round, began. */
  private static final class Stretch {
    private final List<Step> trainings = new ArrayList<>();
    private RewindTo start = new RewindTo.Init();
    private Optional<RewindTo> back = Optional.empty();
    private boolean known = true;
    private boolean inRound;
    private boolean pruned;
    private int other = -1;

    void pass(Element element, int index) {
      if (element instanceof Element.RoundStart) {
        inRound = true;
        start = new RewindTo.Round(0);
        known = true;
        pruned = false;
        trainings.clear();
      } else if (element instanceof Element.Label label && !pruned && !inRound) {
        start = new RewindTo.Label(label.name());
        known = true;
      }
      step(element).ifPresent(step -> pass(step, index));
    }

    private void pass(Step step, int index) {
      if (step instanceof Prune) {
        pruned = true;
        other = -1;
        back = Optional.empty();
        trainings.clear();
      } else if (step instanceof Rewind rewind && pruned && trainings.isEmpty()) {
        back = Optional.of(rewind.to());
      } else if (pruned && trains(step) && other < 0) {
        trainings.add(step);
      } else if (pruned && other < 0) {
        other = index;
      } else if (!pruned && !inRound) {
        known = false;
      }
    }

    /** Returns the branch at the end of what was met; none where it has nothing to train. */
    Optional<Placed> end(Control control, int index) {
      if (!pruned || (control == Control.RANDOM_REINIT && trainings.isEmpty())) {
        return Optional.empty();
      }
      Optional<RewindTo> target = back.filter(to -> to.point().isPresent());
      if (control == Control.RANDOM_MASK && target.isEmpty() && !known) {
        throw new IllegalArgumentException(
            "it has no name for the values before its first prune; give the stage before that a"
                + " label");
      }
      return Optional.of(
          new Placed(other < 0 ? index : other, control.branch(target.orElse(start), trainings)));
    }
  }

  private static Beside byMagnitude(Arm arm, Scope scope) {
    PruningMethod magnitude =
        arm.magnitude()
            .orElseThrow(
                () -> new IllegalArgumentException("no method 'l1' is installed to prune by"));
    List<Optional<Element>> changed = new ArrayList<>();
    for (Element element : arm.elements()) {
      changed.add(
          aside(element)
              ? Optional.empty()
              : Optional.of(
                  step(element)
                      .<Element>map(step -> new Element.Run(by(step, magnitude, scope)))
                      .orElse(element)));
    }
    List<Element> own = arm.elements().stream().filter(each -> !aside(each)).toList();
    return changed.stream().flatMap(Optional::stream).toList().equals(own)
        ? new Beside.None("")
        : new Beside.Changed(changed);
  }

  /** Branches and checks are the arm's own. */
  private static boolean aside(Element element) {
    return element instanceof Element.Branch || element instanceof Element.Check;
  }

  private static Step by(Step step, PruningMethod magnitude, Scope scope) {
    if (step instanceof Prune prune) {
      return OtherPruning.by(prune, magnitude, scope);
    }
    if (step instanceof Train train) {
      return OtherPruning.of(
          train, train.prune().map(prune -> OtherPruning.by(prune, magnitude, scope)));
    }
    return step instanceof FineTune tune
        ? OtherPruning.of(tune, tune.prune().map(prune -> OtherPruning.by(prune, magnitude, scope)))
        : step;
  }

  private static Beside dense(Arm arm) {
    boolean pruned = false;
    boolean trained = false;
    List<Optional<Element>> changed = new ArrayList<>();
    for (Element element : arm.elements()) {
      pruned |= prunes(element);
      trained |= pruned && step(element).filter(StandardControls::trains).isPresent();
      changed.add(aside(element) ? Optional.empty() : unpruned(element));
    }
    return trained
        ? new Beside.Changed(changed)
        : new Beside.None("nothing is trained after it prunes, so its dense model is this control");
  }

  private static Optional<Element> unpruned(Element element) {
    Optional<Step> step = step(element);
    if (step.isEmpty()) {
      return Optional.of(element);
    }
    Step before = step.get();
    if (before instanceof Train train) {
      return Optional.of(new Element.Run(OtherPruning.of(train, Optional.empty())));
    }
    if (before instanceof FineTune tune) {
      return Optional.of(new Element.Run(OtherPruning.of(tune, Optional.empty())));
    }
    boolean ofPruning =
        before instanceof Prune
            || before instanceof Rewind
            || before instanceof RandomMask
            || before instanceof Reinitialise
            || before instanceof Compact
            || before instanceof DropBlocks
            || (before instanceof Stage stage && stage.quantizes());
    return ofPruning ? Optional.empty() : Optional.of(element);
  }
}
