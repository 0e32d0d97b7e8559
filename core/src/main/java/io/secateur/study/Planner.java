package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.plugin.JarCode;
import io.secateur.spi.Controls;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import io.secateur.study.Study.Arm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes the plan of a study: the grid times the seeds, recipes unfolded, schedules evaluated, and
 * every piece of work under the hash of its past, so that what arms share is one node.
 *
 * <p>Needs no natives and no weights; of the data only its size and fingerprint.
 */
final class Planner {
  private final Keys keys;
  private final Surroundings surroundings;
  private final Controls controls;
  private final Optional<PruningMethod> magnitude;

  /** A planner that knows no controls. */
  Planner(Keys keys, Surroundings surroundings) {
    this(keys, surroundings, Controls.NONE, Optional.empty());
  }

  /**
   * A planner.
   *
   * @param magnitude the method that prunes by magnitude; empty where it is not installed
   */
  Planner(
      Keys keys, Surroundings surroundings, Controls controls, Optional<PruningMethod> magnitude) {
    this.keys = keys;
    this.surroundings = surroundings;
    this.controls = controls;
    this.magnitude = magnitude;
  }

  /**
   * Plans a study.
   *
   * @throws StudyException with every impossible combination, each with its place in the file
   */
  Plan plan(Study study) {
    Set<String> faults = new LinkedHashSet<>();
    try {
      Plan plan = plan(study, faults);
      if (!faults.isEmpty()) {
        throw new StudyException(List.copyOf(faults));
      }
      return plan;
    } catch (IOException | UncheckedIOException e) {
      throw new StudyException(
          "data '%s': %s".formatted(study.data().name(), Faulty.message(e)), e);
    } catch (StudyException e) {
      throw e;
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      // A plugin of a jar may throw whatever it likes; what our own code throws is our fault.
      Optional<String> where = JarCode.behind(e);
      if (where.isEmpty()) {
        throw e;
      }
      throw new StudyException(
          "%s: the study cannot be planned: %s threw %s"
              .formatted(study.file(), where.get(), Faulty.named(e)),
          e);
    }
  }

  private Plan plan(Study study, Set<String> faults) throws IOException {
    DatasetSource data = study.data();
    Map<ModelSource, Architecture> architectures = new LinkedHashMap<>();
    Map<ModelSource, String> parameters = new LinkedHashMap<>();
    for (ModelSource model : study.models()) {
      architectures.put(model, architecture(model, data.task()));
      parameters.put(model, parameters(model));
    }
    Map<Arm, List<Unfolding.Item>> arms = new LinkedHashMap<>();
    for (Arm arm : study.arms()) {
      arms.put(arm, Unfolding.of(arm, (index, fault) -> faults.add(at(study, arm, index, fault))));
    }
    if (!faults.isEmpty()) {
      throw new StudyException(List.copyOf(faults));
    }
    String fingerprint = data.fingerprint(surroundings.files());
    Draft draft = new Draft(study, surroundings, keys, fingerprint, parameters);
    ControlWalks beside =
        new ControlWalks(
            study,
            controls,
            magnitude,
            architectures,
            () -> new Draft(study, surroundings, keys, fingerprint, parameters));
    lookAt(draft, data);
    faults.addAll(ofMeasuring(study, architectures, draft));
    List<Plan.Place> places = new ArrayList<>();
    arms.forEach(
        (arm, items) -> {
          ControlWalks.Accompanied all = beside.of(arm, items, draft.comesTrained(arm.model()));
          for (long seed : study.seeds()) {
            Supplier<ArmWalk> walk =
                () ->
                    new ArmWalk(
                        study,
                        arm,
                        seed,
                        Objects.requireNonNull(architectures.get(arm.model())),
                        draft,
                        (index, fault) -> faults.add(at(study, arm, index, fault)));
            places.addAll(walk.get().places(all.items()));
            for (ControlWalks.Line line : all.lines()) {
              places.addAll(
                  walk.get()
                      .control(
                          line.name(),
                          line.items().subList(0, line.parts()),
                          line.items().subList(line.parts(), line.items().size())));
            }
          }
        });
    return new Plan(study, draft.nodes(places), places, beside.without());
  }

  private static List<String> ofMeasuring(
      Study study, Map<ModelSource, Architecture> architectures, Draft draft) {
    List<String> faults = new ArrayList<>();
    for (Split on : study.measureOn()) {
      if (on != Split.TEST && draft.examples(on) == 0) {
        faults.add(
            "%s: measure-on has %s, and data '%s' has no such part%s"
                .formatted(
                    study.file(),
                    on.name().toLowerCase(Locale.ROOT),
                    study.data().name(),
                    on == Split.VALIDATION ? ": set validation: 0.1 in the data's settings" : ""));
      }
    }
    for (Metric metric : study.measure()) {
      Set<String> own = new LinkedHashSet<>();
      architectures.values().forEach(net -> own.addAll(metric.faults(net)));
      own.addAll(metric.faults(() -> draft.examples(Split.TEST)));
      for (String fault : own) {
        faults.add("%s: metric '%s': %s".formatted(study.file(), metric.name(), fault));
      }
    }
    return faults;
  }

  /** Data that does not fit its settings is told here, not once per arm and seed while running. */
  private static void lookAt(Draft draft, DatasetSource data) {
    try {
      draft.examples(Split.TRAIN);
    } catch (IllegalArgumentException e) {
      throw new StudyException("data '%s': %s".formatted(data.name(), Faulty.message(e)), e);
    }
  }

  private static Architecture architecture(ModelSource model, Task task) {
    try {
      return model.architecture(task);
    } catch (UncheckedIOException e) {
      throw new StudyException("model '%s': %s".formatted(model.name(), Faulty.message(e)), e);
    }
  }

  private static String parameters(ModelSource model) {
    try {
      return model.fingerprint();
    } catch (IOException e) {
      throw new StudyException("model '%s': %s".formatted(model.name(), Faulty.message(e)), e);
    }
  }

  private static String at(Study study, Arm arm, int index, String fault) {
    Study.Position position = arm.positions().get(index);
    return "%s:%d:%d: %s".formatted(study.file(), position.line(), position.column(), fault);
  }
}
