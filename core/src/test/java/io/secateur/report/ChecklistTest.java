package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.report.Checklist.Item;
import io.secateur.report.Checklist.Outcome;
import io.secateur.study.Declared;
import io.secateur.study.ResultRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecklistTest {
  private static final String DATA =
      "mnist{crop=20} 418e70e56ab68111fb73119e1f3a9ad826e63f4d4f99a2e03140ab3c4a796914";

  @TempDir Path folder;

  private static Declared declared(int classes, Map<String, List<String>> methods) {
    return new Declared("accuracy", List.of(), List.of(), List.of(), methods, classes);
  }

  private static final Declared PLAIN = declared(10, Map.of());

  private static Checklist checklist(RunFixture run, Declared declared) {
    Measurements measurements = new Measurements(run.info(), run.rows());
    return new Checklist(run.info(), declared, run.rows(), measurements);
  }

  private static Item item(RunFixture run, Declared declared, String start) {
    return checklist(run, declared).items().stream()
        .filter(each -> each.practice().startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  private static void expect(Item item, Outcome outcome, String reason) {
    assertThat(item.outcome()).as(item.toString()).isEqualTo(outcome);
    assertThat(item.reason()).contains(reason);
  }

  private static RunFixture run() {
    return new RunFixture().data(DATA).filled();
  }

  private static RunFixture with(RunFixture run, String metric, double value) {
    return run.with(RunFixture.measured("imp", 1, 5, metric, value, ""));
  }

  private static ResultRow stage(String metric, String split) {
    return RunFixture.row("imp", 1, 1, "train", "stage", metric, 3, "", split, 0, "");
  }

  @Test
  void asksForDataThatIsNamedByItsContents() {
    expect(item(run(), PLAIN, "Architecture"), Outcome.PASS, "fingerprint 418e70e56ab6");
    expect(item(new RunFixture().filled(), PLAIN, "Architecture"), Outcome.FAIL, "no fingerprint");
    expect(item(run(), PLAIN, "Same library"), Outcome.PASS, "libtorch 2.7.1");
    expect(item(new RunFixture().filled(), PLAIN, "Same library"), Outcome.FAIL, "does not say");
  }

  @Test
  void asksForBothWaysToBeSmaller() {
    expect(item(run(), PLAIN, "Compression"), Outcome.FAIL, "add macs to measure");
    expect(
        item(with(run(), "speed-up/theoretical", 7), PLAIN, "Compression"),
        Outcome.PASS,
        "both measured");
  }

  @Test
  void asksForTopFiveWhereThereAreManyClasses() {
    expect(item(run(), PLAIN, "Top-1"), Outcome.NOT_APPLICABLE, "10 classes");
    expect(item(run(), declared(100, Map.of()), "Top-1"), Outcome.FAIL, "add top-5");
    expect(
        item(with(run(), "top-5", 99), declared(100, Map.of()), "Top-1"),
        Outcome.PASS,
        "100 classes");
    expect(item(run(), Declared.NOTHING, "Top-1"), Outcome.NOT_APPLICABLE, "does not say");
  }

  @Test
  void asksForTheDenseModel() {
    expect(item(run(), PLAIN, "Raw numbers"), Outcome.PASS, "dense model was measured");
    RunFixture pruned = new RunFixture().arms("imp");
    pruned.with(RunFixture.measured("imp", 1, 1, "sparsity", 50, "%"));
    pruned.with(RunFixture.measured("imp", 1, 1, "accuracy", 90, "%"));
    expect(item(pruned, PLAIN, "Raw numbers"), Outcome.FAIL, "no dense model was measured for imp");
    expect(item(new RunFixture(), PLAIN, "Raw numbers"), Outcome.FAIL, "nothing was measured");
  }

  @Test
  void countsThePointsOfTheTradeOff() {
    RunFixture short4 = run();
    expect(item(short4, PLAIN, "Trade-off"), Outcome.FAIL, "one-shot has 4 and imp has 4");
    RunFixture longer = run();
    for (String arm : List.of("one-shot", "imp")) {
      longer.with(RunFixture.measured(arm, 1, 6, "sparsity", 91, "%"));
      longer.with(RunFixture.measured(arm, 1, 6, "parameters", 1_470_474, ""));
      longer.with(RunFixture.measured(arm, 1, 6, "non-zero-parameters", 133_000, ""));
    }
    expect(item(longer, PLAIN, "Trade-off"), Outcome.PASS, "at least 5 points");
    RunFixture none = new RunFixture().arms("imp");
    none.with(RunFixture.measured("imp", 1, 0, "sparsity", 0, "%"));
    expect(item(none, PLAIN, "Trade-off"), Outcome.NOT_APPLICABLE, "no arm was pruned");
  }

  @Test
  void asksForThreeSeedsThatAreTheSameEverywhere() {
    expect(item(run(), PLAIN, "Mean and spread"), Outcome.PASS, "at least 3 seeds");
    expect(item(run(), PLAIN, "Same initial"), Outcome.PASS, "seeds 1, 2 and 3");
    RunFixture failed = new RunFixture().data(DATA).failing("imp", 2, 3, "NaN").filled();
    expect(item(failed, PLAIN, "Mean and spread"), Outcome.FAIL, "some row has 2 seeds");
    expect(item(failed, PLAIN, "Same initial"), Outcome.FAIL, "seeds are missing in imp");
    RunFixture alone = new RunFixture().arms("imp").filled();
    expect(item(alone, PLAIN, "Same initial"), Outcome.NOT_APPLICABLE, "one arm");
  }

  @Test
  void asksThatNothingIsChosenOnTest() {
    expect(item(run(), PLAIN, "Nothing selected"), Outcome.PASS, "by hand is not seen");
    expect(
        item(run().with(stage("kept-epoch", "validation")), PLAIN, "Nothing selected"),
        Outcome.PASS,
        "no epoch");
    expect(
        item(run().with(stage("kept-epoch", "test")), PLAIN, "Nothing selected"),
        Outcome.FAIL,
        "train chose by test results");
    expect(
        item(run().with(stage("before/accuracy", "test")), PLAIN, "Nothing selected"),
        Outcome.FAIL,
        "the rounds' stop");
  }

  @Test
  void asksForMagnitudeAndForRandomPruning() {
    Declared both =
        declared(10, Map.of("imp", List.of("l1"), "one-shot", List.of("obd", "random")));
    expect(item(run(), PLAIN, "Compared with pruning by"), Outcome.FAIL, "controls: standard");
    expect(item(run(), both, "Compared with pruning by"), Outcome.PASS, "arm imp");
    expect(item(run(), PLAIN, "Compared with random"), Outcome.FAIL, "controls: standard");
    expect(item(run(), both, "Compared with random"), Outcome.PASS, "arm one-shot");
    RunFixture branch = run();
    for (String control : List.of("random-mask", "magnitude-layer")) {
      ResultRow row = RunFixture.measured("imp", 1, 1, "accuracy", 90, "%");
      branch.with(
          new ResultRow(
              row.key(),
              "imp",
              row.axes(),
              1,
              1,
              "train",
              "",
              control,
              "measure",
              "accuracy",
              90,
              "%",
              "test",
              0,
              ""));
    }
    expect(item(branch, PLAIN, "Compared with random"), Outcome.PASS, "imp, random-mask");
    expect(item(branch, PLAIN, "Compared with pruning by"), Outcome.PASS, "imp, magnitude-layer");
  }

  @Test
  void limitsClaimsToWhatWasTested() {
    expect(item(run(), PLAIN, "Claims"), Outcome.PASS, "one data set, 3 seeds");
    expect(
        item(new RunFixture().seeds(7L).filled(), PLAIN, "Claims"),
        Outcome.FAIL,
        "single runs support no claim");
  }

  @Test
  void isAPartOfTheReportAndAFileAndOneLine() throws Exception {
    run().writeTo(folder);

    Summary summary = Report.write(folder);

    assertThat(summary.closing().get(1))
        .isEqualTo("checklist: 7 pass, 4 fail, 1 not applicable; see checklist.md");
    assertThat(Files.readString(folder.resolve("checklist.md")))
        .startsWith("# Checklist\n")
        .contains("| Compared with random pruning | fail | nothing was pruned at random");
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("<section id=\"checklist\"", "<section id=\"comparisons\"");
    assertThat(Files.readString(folder.resolve("comparisons.md"))).startsWith("# Comparison of");
    assertThat(folder.resolve("comparisons.csv")).exists();
  }

  @Test
  void readsWhatTheStudyHasDeclared() throws Exception {
    run().writeTo(folder);
    Files.writeString(
        folder.resolve("declared.json"),
        """
        {"primary": "sparsity", "compare": [["imp", "one-shot"]], "controls": ["dense"],
         "without": ["one-shot: no control dense: nothing is trained after it prunes"],
         "methods": {"imp": ["l1"]}, "classes": 10}
        """);

    Report.write(folder);

    assertThat(Files.readString(folder.resolve("comparisons.md"))).contains("Compared by sparsity");
    assertThat(Files.readString(folder.resolve("checklist.md")))
        .contains("arm imp prunes by magnitude", "one-shot: no control dense");
  }
}
