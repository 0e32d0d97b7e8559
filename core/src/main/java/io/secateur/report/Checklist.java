package io.secateur.report;

import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import io.secateur.study.Declared;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the field asks of a comparison of pruning methods, and whether this run has it, each with
 * its reason: after the checklist in appendix B of Blalock et al., "What is the State of Neural
 * Network Pruning?", MLSys 2020, and the controls of Frankle and Carbin, ICLR 2019.
 */
final class Checklist {
  /** Beyond so many classes, top-1 accuracy alone says little. */
  static final int MANY_CLASSES = 20;

  private static final int LEAST_SEEDS = 3;
  private static final Set<String> MAGNITUDE = Set.of("l1", "l2", "magnitude", "ln-structured");
  private static final String COMPRESSION = "compression";
  private static final String SPEED_UP = "speed-up/theoretical";

  private final RunInfo info;
  private final Declared declared;
  private final List<ResultRow> rows;
  private final Measurements measurements;
  private final List<Contender> arms;
  private final List<Contender> controls;
  private final List<Item> items = new ArrayList<>();

  /** Whether a run does what is recommended. */
  enum Outcome {
    PASS,
    FAIL,
    NOT_APPLICABLE;

    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** One recommendation. */
  record Item(String practice, Outcome outcome, String reason) {}

  Checklist(RunInfo info, Declared declared, List<ResultRow> rows, Measurements measurements) {
    this.info = info;
    this.declared = declared;
    this.rows = rows;
    this.measurements = measurements;
    List<Contender> all = Contenders.of(info, measurements);
    this.arms = all.stream().filter(each -> !each.control()).toList();
    this.controls = all.stream().filter(Contender::control).toList();
    named();
    reduction();
    classes();
    dense();
    items.add(new TradeOff(measurements).item(arms));
    seeds();
    sameStart();
    sameGround();
    selection();
    magnitude();
    random();
    claims();
  }

  List<Item> items() {
    return List.copyOf(items);
  }

  private void add(String practice, boolean pass, String reason) {
    items.add(new Item(practice, pass ? Outcome.PASS : Outcome.FAIL, reason));
  }

  private void named() {
    Source data = Source.of(info.data());
    boolean exact = !data.fingerprint().isEmpty();
    add(
        "Architecture and data named exactly",
        exact,
        exact
            ? "model %s; data %s".formatted(Words.spaced(info.model()), data.inShort())
            : "data %s has no fingerprint that would tell which examples these are"
                .formatted(data.name()));
  }

  private void reduction() {
    List<String> missing = new ArrayList<>();
    if (measurements.quantity(COMPRESSION).isEmpty()) {
      missing.add("compression: add parameters to measure");
    }
    if (measurements.quantity(SPEED_UP).isEmpty()) {
      missing.add("theoretical speed-up: add macs to measure");
    }
    add(
        "Compression and theoretical speed-up, both defined",
        missing.isEmpty(),
        missing.isEmpty()
            ? "both measured; compression is all parameters over those that are not 0, speed-up the"
                + " dense model's multiply-accumulates over those whose weight is not 0"
            : "not measured: " + Words.list(missing));
  }

  private void classes() {
    String practice = "Top-1 and top-5 accuracy where there are many classes";
    boolean accuracy = measurements.quantity(Quantity.ACCURACY).isPresent();
    if (declared.classes() <= MANY_CLASSES) {
      items.add(
          new Item(
              practice,
              Outcome.NOT_APPLICABLE,
              declared.classes() > 0
                  ? "%d classes; from %d on both are asked for"
                      .formatted(declared.classes(), MANY_CLASSES + 1)
                  : accuracy
                      ? "this run does not say how many classes there are"
                      : "the task has no classes"));
      return;
    }
    boolean five = measurements.quantity("top-5").isPresent();
    add(
        practice,
        accuracy && five,
        accuracy && five
            ? "%d classes, both measured".formatted(declared.classes())
            : "%d classes: add %s to measure"
                .formatted(declared.classes(), accuracy ? "top-5" : "accuracy and top-5"));
  }

  private void dense() {
    Optional<RunInfo.Quantity> primary = Findings.primary(info, declared, measurements);
    Baselines baselines = new Baselines(measurements);
    List<String> without =
        arms.stream()
            .filter(
                arm ->
                    primary.isEmpty()
                        || arm.spots().stream()
                            .flatMap(spot -> baselines.of(spot.line()).stream())
                            .noneMatch(
                                spot -> !measurements.values(spot, primary.get().name()).isEmpty()))
            .map(Contender::name)
            .toList();
    boolean pass = !arms.isEmpty() && without.isEmpty();
    add(
        "Raw numbers, and the dense model's beside them",
        pass,
        pass
            ? "results.csv has every number of every seed; each arm's dense model was measured"
            : arms.isEmpty()
                ? "nothing was measured"
                : "no dense model was measured for %s: label the training before the first prune"
                    .formatted(Words.list(without)));
  }

  private void seeds() {
    int least =
        arms.stream()
            .flatMap(arm -> arm.spots().stream())
            .mapToInt(measurements::seeds)
            .min()
            .orElse(0);
    add(
        "Mean and spread over several seeds",
        least >= LEAST_SEEDS,
        least >= LEAST_SEEDS
            ? "every row is a mean of at least %d seeds with its 95 %% interval; table.csv has both in full"
                .formatted(least)
            : "some row has %s; at least %d are needed, as in --seeds 1..%d"
                .formatted(Words.count(least, "seed"), LEAST_SEEDS, LEAST_SEEDS));
  }

  private void sameStart() {
    List<Long> planned = List.copyOf(new TreeSet<>(info.seeds()));
    List<String> others =
        arms.stream()
            .filter(arm -> arm.spots().stream().anyMatch(spot -> !planned.equals(seedsOf(spot))))
            .map(Contender::name)
            .toList();
    String practice = "Same initial weights for all that is compared";
    if (arms.size() < 2) {
      items.add(new Item(practice, Outcome.NOT_APPLICABLE, "there is one arm"));
      return;
    }
    add(
        practice,
        others.isEmpty(),
        others.isEmpty()
            ? "arms share the model and the seeds %s, and equal seeds give equal first values"
                .formatted(Words.list(planned))
            : "seeds are missing in %s, so that means are over other first values than elsewhere"
                .formatted(Words.list(others)));
  }

  private List<Long> seedsOf(Spot spot) {
    Set<Long> seeds = new TreeSet<>();
    measurements
        .quantities()
        .forEach(quantity -> seeds.addAll(measurements.values(spot, quantity.name()).keySet()));
    return List.copyOf(seeds);
  }

  private void sameGround() {
    boolean known =
        !Source.of(info.data()).fingerprint().isEmpty() && !info.machine().libtorch().isEmpty();
    add(
        "Same library, data and way of measuring for all arms",
        known,
        known
            ? "one run: Secateur %s, DJL %s, libtorch %s, one data set, one set of metrics"
                .formatted(info.version(), info.machine().djl(), info.machine().libtorch())
            : "the run does not say which data or which library its numbers are from");
  }

  private void selection() {
    List<String> chosen = new ArrayList<>(ChosenOnTest.stages(rows));
    boolean stopped =
        rows.stream()
            .anyMatch(
                row ->
                    row.source().equals("stage")
                        && row.metric().startsWith("before/")
                        && row.split().equals("test"));
    if (stopped) {
      chosen.add("the rounds' stop");
    }
    add(
        "Nothing selected on the test set",
        chosen.isEmpty(),
        chosen.isEmpty()
            ? "no epoch and no round was chosen by test results; what people chose by hand is not"
                + " seen here"
            : "%s chose by test results: use on: validation".formatted(Words.list(chosen)));
  }

  private void magnitude() {
    Optional<String> control = control("magnitude-");
    Optional<String> arm =
        declared.methods().entrySet().stream()
            .filter(each -> each.getValue().stream().anyMatch(MAGNITUDE::contains))
            .map(each -> each.getKey())
            .sorted()
            .findFirst();
    boolean pass = control.isPresent() || arm.isPresent();
    add(
        "Compared with pruning by magnitude",
        pass,
        pass
            ? arm.map(name -> "arm %s prunes by magnitude".formatted(name))
                .orElseGet(() -> control.orElseThrow() + " is there")
            : "no arm or control prunes by magnitude: add controls: standard to the study");
  }

  private void random() {
    Optional<String> control = control("random-mask");
    Optional<String> arm =
        declared.methods().entrySet().stream()
            .filter(each -> each.getValue().contains("random"))
            .map(each -> each.getKey())
            .sorted()
            .findFirst();
    boolean pass = control.isPresent() || arm.isPresent();
    add(
        "Compared with random pruning",
        pass,
        pass
            ? control
                .map(name -> name + " is there")
                .orElseGet(() -> "arm %s prunes at random".formatted(arm.orElseThrow()))
            : "nothing was pruned at random: add controls: standard to the study");
  }

  private Optional<String> control(String start) {
    return controls.stream()
        .filter(
            each -> each.spots().stream().anyMatch(spot -> spot.line().branch().startsWith(start)))
        .map(Contender::name)
        .findFirst();
  }

  private String architectures() {
    long models = info.arms().stream().map(RunInfo.Arm::model).distinct().count();
    return models <= 1 ? "one architecture" : models + " architectures";
  }

  private void claims() {
    boolean pass = info.seeds().size() > 1 && !arms.isEmpty();
    String tested =
        "%s, one data set, %s".formatted(architectures(), Words.count(info.seeds().size(), "seed"));
    add(
        "Claims limited to what was tested",
        pass,
        pass
            ? "verdicts here are of tests over seeds, and hold for what was tested: %s"
                .formatted(tested)
            : "tested: %s; differences between single runs support no claim".formatted(tested));
  }

  /** Returns what a terminal shows. */
  String line() {
    return "checklist: %d pass, %d fail, %d not applicable; see checklist.md"
        .formatted(count(Outcome.PASS), count(Outcome.FAIL), count(Outcome.NOT_APPLICABLE));
  }

  private long count(Outcome outcome) {
    return items.stream().filter(item -> item.outcome() == outcome).count();
  }

  /** Returns the section of a report. */
  Section section() {
    return new Section(
        "checklist",
        "Checklist",
        List.of(
            "What the field recommends for comparisons of pruning methods (after Blalock et al.,"
                + " 2020,"
                + " appendix B), worked out from this study and its results: %s."
                    .formatted(
                        List.of(Outcome.values()).stream()
                            .map(each -> count(each) + " " + each.words())
                            .collect(Collectors.joining(", ")))),
        List.of(
            new Table(
                "Item by item",
                List.of(new Column("Practice"), new Column("Outcome"), new Column("Reason")),
                List.of(
                    new Group(
                        "",
                        items.stream()
                            .map(
                                item ->
                                    List.of(item.practice(), item.outcome().words(), item.reason()))
                            .toList())))),
        declared.without());
  }
}
