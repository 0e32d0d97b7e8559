package io.secateur.conformance;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** What metrics keep, on small models of every task that they suit. */
final class MetricRules {
  private static final int[] BATCHES = {130, 47};

  /** For the order of additions. */
  private static final double ROUNDING = 1e-5;

  private final Metric metric;
  private final Map<String, Measured> measured = new LinkedHashMap<>();

  /** What two measurements of one model gave. */
  private record Measured(
      Trial trial,
      List<Metric.Value> once,
      List<Metric.Value> again,
      boolean touched,
      int left,
      Optional<String> failure) {}

  MetricRules(Metric metric) {
    this.metric = metric;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("quantities are well named", this::names),
        new Rule("measures every task that it suits", this::measures),
        new Rule("gives the quantities that it declares", this::declared),
        new Rule("values are finite", this::finite),
        new Rule("reproducible quantities are equal when measured again", this::repeats),
        new Rule("tallies do not depend on how examples are batched", this::batches),
        new Rule("leaves the model as it is", this::untouched),
        new Rule("leaves no native array behind", this::frees));
  }

  private void names(Findings findings) {
    List<Metric.Quantity> quantities = metric.quantities();
    if (quantities.isEmpty()) {
      findings.violation("", "it declares no quantity", "a metric measures something");
    }
    Set<String> seen = new HashSet<>();
    for (Metric.Quantity quantity : quantities) {
      if (!quantity.name().matches("[a-z][a-z0-9-]*(/[a-z0-9][a-z0-9.-]*)*")) {
        findings.violation(
            "",
            "a quantity is named '" + quantity.name() + "'",
            "lower-case words joined by hyphens, parts by slashes, as latency/batch-64/median");
      }
      if (!seen.add(quantity.name())) {
        findings.violation("", "it declares " + quantity.name() + " twice", "names are unique");
      }
    }
  }

  private List<Measured> measured() throws IOException {
    if (measured.isEmpty()) {
      for (Trial trial : trials()) {
        if (measured.isEmpty()) {
          // Some quantities are those of integers alone.
          measured.put(trial.name() + ", quantized", measure(trial, trial.quantized()));
        }
        measured.put(trial.name(), measure(trial, trial.half()));
      }
    }
    return measured.values().stream().filter(each -> each.failure.isEmpty()).toList();
  }

  /** What runs models takes its time, and is tried on the first that suits. */
  private List<Trial> trials() {
    List<Trial> trials = Trial.all().stream().filter(trial -> metric.suits(trial.task())).toList();
    return metric instanceof Metric.OfRuntime && trials.size() > 1 ? trials.subList(0, 1) : trials;
  }

  private Measured measure(Trial trial, Checkpoint model) throws IOException {
    Checkpoint before = Trial.copy(model);
    Path folder = Files.createTempDirectory("secateur-metric");
    try (Made made = new Made()) {
      Place place = new Place(trial, folder);
      List<Metric.Value> once = values(model, place);
      List<Metric.Value> again = values(model, place);
      return new Measured(
          trial, once, again, !model.equals(before), made.open().orElse(0), Optional.empty());
    } catch (IOException | RuntimeException | LinkageError | AssertionError e) {
      return new Measured(
          trial, List.of(), List.of(), false, 0, Optional.of("threw " + Rule.reason(e)));
    } finally {
      WholeFiles.delete(folder);
    }
  }

  private List<Metric.Value> values(Checkpoint model, Place place) throws IOException {
    return Evaluation.measure(model, List.of(metric), place).getOrDefault(metric, List.of());
  }

  private void measures(Findings findings) throws IOException {
    if (trials().isEmpty()) {
      findings.untried("it suits none of the tasks of small models here");
    }
    measured();
    measured
        .values()
        .forEach(
            each ->
                each.failure.ifPresent(
                    failure ->
                        findings.violation(
                            each.trial.name(),
                            failure,
                            "what suits() does not refuse can be measured")));
  }

  private void declared(Findings findings) throws IOException {
    Set<String> declared = new LinkedHashSet<>();
    metric.quantities().forEach(quantity -> declared.add(quantity.name()));
    Set<String> missing = new LinkedHashSet<>(declared);
    for (Measured each : measured()) {
      for (Metric.Value value : each.once) {
        if (value.layer().isEmpty()) {
          missing.remove(value.quantity());
        }
        if (!declared.contains(value.quantity())) {
          findings.violation(
              each.trial.name(),
              "it gives '%s'".formatted(value.quantity()),
              "values are of the quantities declared: " + String.join(", ", declared));
        }
      }
    }
    if (!measured().isEmpty() && !missing.isEmpty()) {
      findings.violation(
          "",
          "it never gives %s of the whole model".formatted(String.join(", ", missing)),
          "every quantity that is declared is given, of dense or of quantized models");
    }
  }

  private void finite(Findings findings) throws IOException {
    for (Measured each : measured()) {
      for (Metric.Value value : each.once) {
        if (!Double.isFinite(value.value())) {
          findings.violation(
              each.trial.name(),
              "%s is %s".formatted(value.quantity(), value.value()),
              "values are finite numbers");
        }
      }
    }
  }

  private void repeats(Findings findings) throws IOException {
    Set<String> reproducible = new HashSet<>();
    metric.quantities().stream()
        .filter(Metric.Quantity::reproducible)
        .forEach(quantity -> reproducible.add(quantity.name()));
    for (Measured each : measured()) {
      List<Metric.Value> once = only(reproducible, each.once);
      List<Metric.Value> again = only(reproducible, each.again);
      if (!once.equals(again)) {
        findings.violation(
            each.trial.name(),
            "it gave %s, then %s".formatted(once, again),
            "the same model gives the same numbers, or they are declared as not reproducible");
      }
    }
  }

  private static List<Metric.Value> only(Set<String> names, List<Metric.Value> values) {
    return values.stream().filter(value -> names.contains(value.quantity())).toList();
  }

  private void batches(Findings findings) throws IOException {
    if (!(metric instanceof Metric.OfPredictions predicting)) {
      return;
    }
    for (Measured each : measured()) {
      List<List<Metric.Value>> tallies = new ArrayList<>();
      try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
        for (int batch : BATCHES) {
          tallies.add(
              Evaluation.predictions(
                      each.trial.model().block(manager),
                      each.trial.examples(Split.TEST),
                      each.trial.task(),
                      List.of(predicting),
                      batch,
                      manager)
                  .getOrDefault(predicting, List.of()));
        }
      }
      for (int i = 1; i < BATCHES.length; i++) {
        if (!alike(tallies.get(0), tallies.get(i))) {
          findings.violation(
              each.trial.name(),
              "batches of %d give %s, of %d %s"
                  .formatted(BATCHES[0], tallies.get(0), BATCHES[i], tallies.get(i)),
              "a tally adds examples up, and divides by how many there were");
          break;
        }
      }
    }
  }

  private static boolean alike(List<Metric.Value> one, List<Metric.Value> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      double a = one.get(i).value();
      double b = other.get(i).value();
      boolean near = Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(a));
      if (!one.get(i).quantity().equals(other.get(i).quantity())
          || !(near || Double.compare(a, b) == 0)) {
        return false;
      }
    }
    return true;
  }

  private void untouched(Findings findings) throws IOException {
    for (Measured each : measured()) {
      if (each.touched) {
        findings.violation(
            each.trial.name(), "it changes the model's attachments", "a metric only looks");
      }
    }
  }

  private void frees(Findings findings) throws IOException {
    for (Measured each : measured()) {
      if (each.left > 0) {
        findings.violation(
            each.trial.name(),
            "%d arrays live on afterwards".formatted(each.left),
            "arrays are made by a manager that is closed, such as the bench's");
      }
    }
  }

  private record Place(Trial trial, Path folder) implements Evaluation.Setting {
    @Override
    public Examples data(Split split) {
      return trial.examples(split);
    }

    @Override
    public Task task() {
      return trial.task();
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public LongSupplier nanos() {
      return System::nanoTime;
    }
  }
}
