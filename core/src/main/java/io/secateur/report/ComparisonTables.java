package io.secateur.report;

import io.secateur.report.CommonLevels.Level;
import io.secateur.report.Comparisons.Result;
import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Comparisons as tables, as a section of a report, and as comma-separated values. */
final class ComparisonTables {
  private static final String NONE = "—";

  /** So many arms fit beside one another in a table of all against all. */
  private static final int MOST_BESIDE = 8;

  private static final double LEAST_CHANCE = 1e-4;

  private final Comparisons comparisons;
  private final Measurements measurements;
  private final RunInfo.Quantity quantity;
  private final String unit;
  private final Numbers numbers;

  ComparisonTables(Comparisons comparisons, Measurements measurements) {
    this.comparisons = comparisons;
    this.measurements = measurements;
    this.quantity = comparisons.quantity();
    this.unit = quantity.unit().equals("%") ? "points" : quantity.unit();
    this.numbers =
        Numbers.of(
            quantity.unit(),
            comparisons.results().stream()
                .flatMap(result -> result.pair().difference().stream())
                .toList());
  }

  /** Returns the section of a report. */
  Section section() {
    return new Section(
        "comparisons",
        "Comparison of arms",
        List.of(what()),
        List.of(against(), tests(), byLevel()),
        after());
  }

  private String what() {
    int pairs = comparisons.family();
    String correction =
        pairs < 2
            ? "a difference counts as shown where p is at most 0.05."
            : ("there are %d pairs that can be compared, so p is corrected by Holm's method, and a"
                    + " difference counts as shown where the corrected p is at most 0.05.")
                .formatted(pairs);
    return ("Compared by %s on the test examples (%s is better). Every pair has one test, chosen"
            + " before the results: the seeds' mean differences over all sparsities that both"
            + " have, by a paired t-test; %s Where it is not, no difference is shown, which"
            + " does not say that there is none.")
        .formatted(
            new Quantity(quantity.name(), "").inSentence(),
            quantity.higherIsBetter() ? "higher" : "lower",
            correction);
  }

  /** Returns which arm beats which, row against column; empty for one arm, and for many. */
  private Table against() {
    Set<String> names = new LinkedHashSet<>();
    comparisons.results().stream()
        .map(Result::pair)
        .filter(pair -> !pair.other().control())
        .forEach(pair -> names.addAll(List.of(pair.other().name(), pair.one().name())));
    List<Column> columns = new ArrayList<>(List.of(new Column("Arm")));
    names.forEach(name -> columns.add(new Column("against", name)));
    List<List<String>> rows = new ArrayList<>();
    for (String row : names.size() > MOST_BESIDE ? Set.<String>of() : names) {
      List<String> cells = new ArrayList<>(List.of(row));
      names.forEach(column -> cells.add(between(row, column)));
      rows.add(cells);
    }
    return new Table("Which arm beats which", columns, List.of(new Group("", rows)));
  }

  private String between(String row, String column) {
    for (Result result : comparisons.results()) {
      String one = result.pair().one().name();
      String other = result.pair().other().name();
      if (Set.of(one, other).equals(new LinkedHashSet<>(List.of(row, column)))) {
        if (result.pair().test().isEmpty()) {
          return result.pair().untested().replaceFirst(":.*", "");
        }
        return result
            .better()
            .map(better -> better.name().equals(row) ? "beats" : "is beaten")
            .orElse("no difference shown");
      }
    }
    return NONE;
  }

  private Table tests() {
    List<Column> columns =
        List.of(
            new Column("Pair"),
            new Column("Seeds"),
            new Column("Sparsities"),
            new Column(unit.isEmpty() ? "Difference" : "Difference (%s)".formatted(unit)),
            new Column("95 % interval"),
            new Column("t (df)"),
            new Column("p"),
            new Column("p, Holm"),
            new Column("d_z"),
            new Column("g_z"),
            new Column("Wilcoxon p, Holm"),
            new Column("Verdict"));
    return new Table("One test for each pair", columns, groups(this::row));
  }

  private interface Row {
    List<List<String>> of(Result result);
  }

  private List<Group> groups(Row rows) {
    List<Group> groups = new ArrayList<>();
    for (boolean control : new boolean[] {false, true}) {
      groups.add(
          new Group(
              control ? "Arms and their controls" : "Arms",
              comparisons.results().stream()
                  .filter(result -> result.pair().other().control() == control)
                  .flatMap(result -> rows.of(result).stream())
                  .toList()));
    }
    return groups.stream().filter(group -> !group.rows().isEmpty()).toList();
  }

  private List<List<String>> row(Result result) {
    Comparison pair = result.pair();
    Optional<Interval> difference = pair.difference();
    return List.of(
        List.of(
            pair.name(),
            Integer.toString(pair.n()),
            span(pair.levels()),
            difference.map(each -> digits(each).signed(each.mean())).orElse(NONE),
            difference.map(this::range).orElse(NONE),
            pair.test()
                .map(test -> "%s (%d)".formatted(new Numbers(2).text(test.t()), test.df()))
                .orElse(NONE),
            pair.test().map(test -> chance(test.p())).orElse(NONE),
            pair.test().map(test -> chance(result.holm())).orElse(NONE),
            pair.effect().map(new Numbers(2)::signed).orElse(NONE),
            pair.corrected().map(new Numbers(2)::signed).orElse(NONE),
            result
                .ranks()
                .map(ranks -> chance(result.ranksHolm()))
                .orElse(result.withoutRanks().isEmpty() ? NONE : result.withoutRanks()),
            result.verdict()));
  }

  private static String span(List<Level> levels) {
    if (levels.isEmpty()) {
      return "none";
    }
    String first = levels.get(0).name();
    String last = levels.get(levels.size() - 1).name();
    return first.equals(last)
        ? "%d: %s".formatted(levels.size(), first)
        : "%d: %s to %s".formatted(levels.size(), first, last);
  }

  private Numbers digits(Interval interval) {
    return numbers.like(interval);
  }

  private String range(Interval interval) {
    return Double.isNaN(interval.halfWidth())
        ? NONE
        : "%s to %s"
            .formatted(
                digits(interval).signed(interval.low()), digits(interval).signed(interval.high()));
  }

  private Table byLevel() {
    String name = new Quantity(quantity.name(), quantity.unit()).title();
    List<Column> columns =
        List.of(
            new Column("Sparsity"),
            new Column(name, "first"),
            new Column(name, "second"),
            new Column("Difference"),
            new Column("95 % interval"),
            new Column("Seeds"));
    List<Group> groups = new ArrayList<>();
    for (Result result : comparisons.results()) {
      List<List<String>> rows = new ArrayList<>();
      for (Level level : result.pair().levels()) {
        Optional<Interval> difference =
            Comparison.of(
                    result.pair().one(),
                    result.pair().other(),
                    List.of(level),
                    quantity.name(),
                    measurements)
                .difference();
        rows.add(
            List.of(
                level.name(),
                measured(level.one()),
                measured(level.other()),
                difference.map(each -> digits(each).signed(each.mean())).orElse(NONE),
                difference.map(this::range).orElse(NONE),
                difference.map(each -> Integer.toString(each.n())).orElse("0")));
      }
      groups.add(new Group(result.pair().name(), rows));
    }
    return new Table("Differences at each sparsity (a description, not tests)", columns, groups);
  }

  private String measured(Spot spot) {
    return measurements.interval(spot, quantity.name()).map(numbers::text).orElse(NONE);
  }

  private List<String> after() {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Difference: the first of a pair minus the second, the mean over seeds of the mean over"
            + " sparsities, with its interval by Student's t, which is not corrected for the number"
            + " of pairs. d_z: the mean difference over the standard deviation of the seeds'"
            + " differences (Cohen), g_z the same with Hedges' correction for few seeds; both from"
            + " 3 seeds on. Both measure how sure the sign is from seed to seed, not how large the"
            + " difference is.");
    if (comparisons.results().stream().anyMatch(result -> !result.withoutRanks().isEmpty())) {
      notes.add(
          ("Wilcoxon's exact signed-rank test is a check that assumes no normal distribution. Of n"
                  + " seeds its smallest p is 2/2^n, so with %s it needs %d seeds to be able to show"
                  + " anything, and is not run with fewer.")
              .formatted(
                  Words.count(comparisons.family(), "pair"),
                  Comparisons.seedsForRanks(comparisons.family())));
    }
    comparisons.results().stream()
        .filter(result -> !result.pair().leftOut().isEmpty())
        .forEach(
            result ->
                notes.add(
                    "%s: %s %s left out, which lack a number at some sparsity compared."
                        .formatted(
                            result.pair().name(),
                            result.pair().leftOut().size() == 1 ? "seed" : "seeds",
                            Words.list(result.pair().leftOut()))));
    if (comparisons.results().stream()
        .anyMatch(result -> result.pair().untested().endsWith("by the same"))) {
      notes.add(
          "Where every seed differs by the same, t would be infinite: with few seeds and few test"
              + " examples that happens by chance, so it counts as untested.");
    }
    return notes;
  }

  /** Returns a p value: three significant digits, or what it is smaller than. */
  static String chance(double p) {
    return p < LEAST_CHANCE
        ? "<0.0001"
        : p < 1e-3 || p >= 0.1
            ? String.format(Locale.ROOT, p < 1e-3 ? "%.5f" : "%.3f", p)
            : String.format(Locale.ROOT, "%.4f", p);
  }

  /** Returns every number with full precision, a line for each pair. */
  String csv() {
    Csv csv =
        new Csv()
            .line(
                List.of(
                    "one",
                    "other",
                    "control",
                    "metric",
                    "unit",
                    "higher_is_better",
                    "n",
                    "seeds",
                    "left_out",
                    "levels",
                    "sparsities",
                    "mean_difference",
                    "low",
                    "high",
                    "t",
                    "df",
                    "p",
                    "pairs",
                    "p_holm",
                    "wilcoxon_w_plus",
                    "wilcoxon_p",
                    "wilcoxon_p_holm",
                    "d_z",
                    "g_z",
                    "verdict"));
    for (Result result : comparisons.results()) {
      Comparison pair = result.pair();
      Optional<Interval> difference = pair.difference();
      csv.line(
          List.of(
              pair.one().name(),
              pair.other().name(),
              Boolean.toString(pair.other().control()),
              quantity.name(),
              quantity.unit(),
              Boolean.toString(quantity.higherIsBetter()),
              Integer.toString(pair.n()),
              joined(pair.differences().keySet()),
              joined(pair.leftOut()),
              Integer.toString(pair.levels().size()),
              pair.levels().stream().map(Level::name).collect(Collectors.joining(" ")),
              number(difference.map(Interval::mean)),
              number(difference.map(Interval::low)),
              number(difference.map(Interval::high)),
              number(pair.test().map(PairedTest::t)),
              pair.test().map(test -> Integer.toString(test.df())).orElse(""),
              number(pair.test().map(PairedTest::p)),
              Integer.toString(result.pairs()),
              number(pair.test().map(test -> result.holm())),
              number(result.ranks().map(SignedRank::statistic)),
              number(result.ranks().map(SignedRank::p)),
              number(result.ranks().map(ranks -> result.ranksHolm())),
              number(pair.effect()),
              number(pair.corrected()),
              result.verdict()));
    }
    return csv.toString();
  }

  private static String joined(Iterable<Long> seeds) {
    List<String> texts = new ArrayList<>();
    seeds.forEach(seed -> texts.add(Long.toString(seed)));
    return String.join(" ", texts);
  }

  private static String number(Optional<Double> value) {
    return value.filter(each -> !Double.isNaN(each)).map(Csv::number).orElse("");
  }
}
