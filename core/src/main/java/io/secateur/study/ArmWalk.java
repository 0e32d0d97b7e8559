package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.spi.Metric;
import io.secateur.spi.Point;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Stop;
import io.secateur.spi.TrainingStage;
import io.secateur.study.Study.Arm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Walks one arm for one seed: what runs from where, what may be gone back to, and where is
 * measured.
 *
 * <p>Measured are: a model that comes trained, as it is opened; the checkpoint before the first
 * round, the end of every round, every label, what a stage asks for that is compared with what it
 * was given, and where the arm and each of its branches end.
 */
final class ArmWalk {
  private final Arm arm;
  private final long seed;
  private final List<Metric> metrics;
  private final Architecture architecture;
  private final Study study;
  private final Draft draft;
  private final BiConsumer<Integer, String> faults;
  private final List<Standing> standings = new ArrayList<>();

  private final String open;
  private String current;
  private Standing last;
  private Map<String, String> labels = new TreeMap<>();
  private final Map<String, Integer> labelled = new HashMap<>();
  private Optional<Draft.Training> training = Optional.empty();
  private final List<String> ends = new ArrayList<>();
  private int round;
  private int rounds;
  private int past;
  private int nested;
  private int shown;
  private String branch = "";
  private boolean quantized;

  ArmWalk(
      Study study,
      Arm arm,
      long seed,
      Architecture architecture,
      Draft draft,
      BiConsumer<Integer, String> faults) {
    this.study = study;
    this.arm = arm;
    this.seed = seed;
    this.metrics = study.measure();
    this.architecture = architecture;
    this.draft = draft;
    this.faults = faults;
    this.open = draft.open(seed);
    this.current = open;
    this.last = new Standing(0, "open", "", open);
    last.measured = draft.comesTrained();
    standings.add(last);
  }

  /** A place that is still being described. */
  private static final class Standing {
    private final int round;
    private final String stage;
    private final String branch;
    private final String checkpoint;
    private String label = "";
    private boolean measured;

    Standing(int round, String stage, String branch, String checkpoint) {
      this.round = round;
      this.stage = stage;
      this.branch = branch;
      this.checkpoint = checkpoint;
    }
  }

  /**
   * Walks a control that has a line of its own, and returns the places of that alone.
   *
   * @param shared what it has in common with the arm, which is measured there
   * @param items what it is from there on
   */
  List<Plan.Place> control(String name, List<Unfolding.Item> shared, List<Unfolding.Item> items) {
    walk(shared);
    standings.clear();
    branch = name;
    return places(items);
  }

  List<Plan.Place> places(List<Unfolding.Item> items) {
    walk(items);
    last.measured = true;
    List<Plan.Place> places = new ArrayList<>();
    for (Standing standing : standings) {
      List<String> measured = new ArrayList<>();
      if (standing.measured) {
        for (Metric metric : metrics) {
          for (Split on : study.measureOn()) {
            if (on == Split.TEST || metric instanceof Metric.OfPredictions) {
              measured.add(draft.measure(standing.checkpoint, metric, on, seed, standing.round));
            }
          }
        }
      }
      places.add(
          new Plan.Place(
              arm.name(),
              arm.axes(),
              seed,
              standing.round,
              standing.stage,
              standing.label,
              standing.branch,
              standing.checkpoint,
              measured));
    }
    return places;
  }

  private void walk(List<Unfolding.Item> items) {
    for (Unfolding.Item item : items) {
      Element element = item.element();
      if (element instanceof Element.Run run) {
        run(Unfolding.stage(run), item.index());
      } else if (element instanceof Element.Label label) {
        label(label.name(), item.index());
      } else if (element instanceof Element.RoundStart start) {
        startRound(start, item.index());
      } else if (element instanceof Element.RoundEnd) {
        endRound(item.index());
      } else if (element instanceof Element.Check check) {
        check(check.stop(), item.index());
      } else if (element instanceof Element.Branch side) {
        branch(side.name(), item.inner());
      }
    }
  }

  private void run(Stage asWritten, int index) {
    try {
      Stage stage = asWritten.at(round, rounds);
      stage.faults(architecture, study.data().task()).forEach(fault -> faults.accept(index, fault));
      missing(stage.name(), stage.reads()).forEach(fault -> faults.accept(index, fault));
      refuseFresh(stage);
      stage.refusal(quantized).ifPresent(fault -> faults.accept(index, fault));
      quantized |= stage.quantizes();
      last.measured |= stage.measuresBefore();
      Map<Point, String> recalls = new HashMap<>();
      for (Point point : stage.recalls()) {
        recalls.put(point, recalled(point));
      }
      String from = current;
      int ordinalRound = round == 0 ? 0 : shown;
      current = draft.run(from, stage, recalls, seed, ordinalRound);
      if (stage instanceof TrainingStage trained && training.isEmpty()) {
        training = Optional.of(new Draft.Training(current, from, trained, recalls, ordinalRound));
      }
      last = new Standing(shown, stage.name(), branch, current);
      standings.add(last);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      faults.accept(index, Faulty.sentence(e));
    }
  }

  private void refuseFresh(Stage stage) {
    try {
      if (stage.opensFresh() && !study.model().fingerprint().isEmpty()) {
        throw new IllegalArgumentException(
            "model '%s' reads its first parameters from a file and has no others, which '%s' asks for"
                .formatted(study.model().name(), stage.name()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a round gave is measured at its last stage; a check is no place to measure again. */
  private void check(Stop stop, int index) {
    if (round == 0 || !branch.isEmpty()) {
      faults.accept(index, "a check of rounds stands in no round of the arm");
      return;
    }
    List<String> wrong = new ArrayList<>(stop.faults(study.data().task()));
    if (stop.metric().orElse(null) instanceof Metric.OfPredictions) {
      wrong.addAll(missing("stop", Set.of(stop.on())));
    }
    wrong.forEach(fault -> faults.accept(index, fault));
    if (wrong.isEmpty()) {
      Plan.Check check = new Plan.Check(stop, end(0), end(round - 1), past + rounds);
      current = draft.check(current, check, seed, shown);
      standings.add(new Standing(shown, check.name(), branch, current));
    }
  }

  /** Returns a line for each part of the data set that is needed and there is not. */
  private List<String> missing(String who, Set<Split> splits) {
    List<String> missing = new ArrayList<>();
    for (Split split : new TreeSet<>(splits)) {
      if (draft.examples(split) == 0) {
        String part = split.name().toLowerCase(Locale.ROOT);
        missing.add(
            "%s needs a %s part, and data '%s' has none%s"
                .formatted(
                    who,
                    part,
                    study.data().name(),
                    split == Split.VALIDATION
                        ? ": set validation: 0.1 in the data's settings, or on: test"
                        : ""));
      }
    }
    return missing;
  }

  private String recalled(Point point) {
    if (point instanceof Point.Label label) {
      String key = labels.get(label.name());
      if (key == null) {
        throw new IllegalArgumentException(
            "no stage before it carries the label '%s'%s"
                .formatted(
                    label.name(),
                    labels.isEmpty()
                        ? ": write label: " + label.name() + " in the settings of one"
                        : "; the labels so far: " + String.join(", ", labels.keySet())));
      }
      return key;
    }
    if (point instanceof Point.Epoch epoch) {
      Draft.Training first = training("epoch " + epoch.epochs());
      long perEpoch = first.stage().stepsPerEpoch(draft.examples());
      long epochs = first.stage().steps(draft.examples()) / perEpoch;
      if (epoch.epochs() > epochs) {
        throw new IllegalArgumentException(
            "epoch %d to go back to lies beyond the %d epochs of '%s'"
                .formatted(epoch.epochs(), epochs, first.stage().name()));
      }
      return draft.cut(first, epoch.epochs() * perEpoch, seed);
    }
    if (point instanceof Point.Round round) {
      return end(round.round());
    }
    if (point instanceof Point.Step step) {
      return draft.cut(training("step " + step.steps()), step.steps(), seed);
    }
    return open;
  }

  private String end(int earlier) {
    if (round == 0) {
      throw new IllegalArgumentException(
          "round %d to go back to is one of the rounds that a stage stands in, and it stands in none"
              .formatted(earlier));
    }
    if (earlier >= ends.size()) {
      throw new IllegalArgumentException(
          "round %d to go back to has not ended in round %d".formatted(earlier, round));
    }
    return ends.get(earlier);
  }

  private Draft.Training training(String point) {
    return training.orElseThrow(
        () ->
            new IllegalArgumentException(
                "there is no training before it whose %s it could go back to".formatted(point)));
  }

  /** A label names one checkpoint of a round; outside rounds, one of the arm. */
  private void label(String name, int index) {
    if (branch.isEmpty() && Objects.equals(labelled.put(name, shown), shown)) {
      faults.accept(
          index,
          "the label '%s' is that of an earlier stage already; each needs one of its own"
              .formatted(name));
    }
    labels.put(name, current);
    last.measured = true;
    if (last.label.isEmpty()) {
      last.label = name;
    }
  }

  private void startRound(Element.RoundStart start, int index) {
    if (round != 0) {
      faults.accept(index, "rounds inside rounds: a round cannot hold rounds of its own");
      nested++;
      return;
    }
    if (shown == 0) {
      last.measured = true;
    }
    if (start.round() == 1) {
      ends.clear();
      ends.add(current);
    }
    round = start.round();
    rounds = start.rounds();
    shown = past + round;
  }

  private void endRound(int index) {
    if (nested > 0) {
      nested--;
      return;
    }
    if (round == 0) {
      faults.accept(index, "a round ends that never started");
    }
    last.measured = true;
    ends.add(current);
    if (round == rounds) {
      past = shown;
    }
    round = 0;
    rounds = 0;
  }

  /** What a branch does is forgotten at its end; what it left is measured. */
  private void branch(String name, List<Unfolding.Item> items) {
    final String line = branch;
    final String standing = current;
    final Map<String, String> known = labels;
    final Optional<Draft.Training> first = training;
    final Standing before = last;
    final boolean grids = quantized;
    branch = line.isEmpty() ? name : line + "/" + name;
    labels = new TreeMap<>(known);
    walk(items);
    if (last != before) {
      last.measured = true;
    }
    last = before;
    branch = line;
    current = standing;
    quantized = grids;
    labels = known;
    training = first;
  }
}
