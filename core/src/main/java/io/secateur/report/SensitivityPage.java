package io.secateur.report;

import io.secateur.report.SensitivitySweep.Panel;
import io.secateur.report.SensitivitySweep.Step;
import io.secateur.report.SensitivitySweep.Swept;
import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What a report says of layers that were pruned one at a time: table, findings, files. */
final class SensitivityPage {
  /** What counts as a loss: a point of a percentage, else this share of the value before. */
  private static final double SHARE = 0.05;

  private final SensitivitySweep sweep;
  private final String unit;
  private final Map<String, SensitivityAmounts> amounts = new LinkedHashMap<>();

  SensitivityPage(SensitivitySweep sweep) {
    this.sweep = sweep;
    this.unit =
        sweep.quantity().unit().equals("%")
            ? " points"
            : new Quantity("", sweep.quantity().unit()).suffix();
    for (Panel panel : sweep.panels()) {
      sweep
          .figure()
          .target()
          .ifPresent(
              share -> amounts.put(panel.name(), new SensitivityAmounts(sweep, panel, share)));
    }
  }

  /** Returns the page of a run whose report asks for the figure and can draw it. */
  static Optional<SensitivityPage> of(Evidence evidence) {
    for (String written : evidence.info().figures()) {
      Optional<io.secateur.study.Figure> asked = io.secateur.study.Figure.read(written);
      if (asked.isPresent() && asked.get() instanceof io.secateur.study.Figure.Sensitivity figure) {
        try {
          return Optional.of(new SensitivityPage(SensitivitySweep.of(figure, evidence)));
        } catch (NotDrawnException e) {
          // The list of figures says why.
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** Returns layers by fractions, means and intervals in the cells. */
  Table table() {
    return table(true);
  }

  /** Returns the same without intervals, which a terminal has no room for. */
  Table narrow() {
    return table(false);
  }

  private Table table(boolean intervals) {
    Interval start = Interval.of(sweep.start().values());
    TreeSet<Double> fractions = new TreeSet<>();
    List<Interval> all = new ArrayList<>(List.of(start));
    for (Panel panel : sweep.panels()) {
      for (Swept layer : panel.layers()) {
        layer
            .steps()
            .forEach(
                step -> {
                  fractions.add(step.fraction());
                  all.add(Interval.of(step.values().values()));
                });
      }
    }
    Numbers numbers = Numbers.of(sweep.quantity().unit(), all);
    Numbers shown = intervals || !sweep.quantity().unit().equals("%") ? numbers : new Numbers(1);
    List<Column> columns = new ArrayList<>(List.of(new Column(capitalised(sweep.by()))));
    columns.add(new Column(intervals ? percent(0) : tied(0)));
    fractions.forEach(
        fraction -> columns.add(new Column(intervals ? percent(fraction) : tied(fraction))));
    List<Group> groups = new ArrayList<>();
    for (Panel panel : sweep.panels()) {
      List<List<String>> rows = new ArrayList<>();
      for (Swept layer : panel.layers()) {
        List<String> row = new ArrayList<>(List.of(layer.name()));
        row.add(text(start, shown, intervals));
        for (double fraction : fractions) {
          row.add(
              layer.steps().stream()
                  .filter(step -> step.fraction() == fraction)
                  .map(step -> text(Interval.of(step.values().values()), shown, intervals))
                  .findFirst()
                  .orElse("—"));
        }
        rows.add(row);
      }
      groups.add(new Group(panel.name(), rows));
    }
    Quantity quantity = new Quantity(sweep.quantity().name(), sweep.quantity().unit());
    return new Table(
        "%s when one %s alone is pruned".formatted(quantity.title(), sweep.by()), columns, groups);
  }

  private static String text(Interval interval, Numbers numbers, boolean intervals) {
    return intervals ? numbers.text(interval) : numbers.text(interval.mean());
  }

  /** Returns which layers lose first and which last, and what the amounts promise. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (Panel panel : sweep.panels()) {
      String where = panel.name().isEmpty() ? "" : panel.name() + ": ";
      sentences.add(where + losing(panel));
      SensitivityAmounts own = amounts.get(panel.name());
      if (own != null) {
        sentences.add(
            own.refusal().isEmpty()
                ? where + own.sentence(file(panel))
                : where + "No amounts: " + own.refusal() + ".");
      }
    }
    return sentences;
  }

  private double limit() {
    double start = Math.abs(Interval.of(sweep.start().values()).mean());
    return sweep.quantity().unit().equals("%") ? 1 : SHARE * start;
  }

  /** The first step at which a layer has lost more than the limit. */
  private Optional<Step> first(Swept layer) {
    return layer.steps().stream().filter(step -> sweep.loss(step).mean() > limit()).findFirst();
  }

  private String losing(Panel panel) {
    List<Swept> lost = new ArrayList<>();
    List<String> firm = new ArrayList<>();
    for (Swept layer : panel.layers()) {
      if (first(layer).isPresent()) {
        lost.add(layer);
      } else {
        firm.add(layer.name());
      }
    }
    double most =
        panel.layers().stream()
            .flatMap(layer -> layer.steps().stream())
            .mapToDouble(Step::fraction)
            .max()
            .orElse(0);
    String much =
        "more than %s %s %s"
            .formatted(amount(limit()), higher() ? "of" : "to", sweep.quantity().name());
    String n = seeds();
    if (lost.isEmpty()) {
      return "None of %s %s up to %s pruned%s."
          .formatted(
              Words.count(panel.layers().size(), sweep.by()),
              higher() ? "loses " + much : "adds " + much,
              percent(most),
              n);
    }
    lost.sort(
        (a, b) -> {
          Step one = first(a).orElseThrow();
          Step other = first(b).orElseThrow();
          int sooner = Double.compare(one.fraction(), other.fraction());
          return sooner != 0
              ? sooner
              : Double.compare(sweep.loss(other).mean(), sweep.loss(one).mean());
        });
    Swept weakest = lost.get(0);
    Step at = first(weakest).orElseThrow();
    String sentence =
        "%s is the first %s to %s %s: %s at %s pruned%s."
            .formatted(
                weakest.name(),
                sweep.by(),
                higher() ? "lose" : "add",
                much,
                amount(sweep.loss(at).mean()),
                percent(at.fraction()),
                n);
    return firm.isEmpty()
        ? sentence
        : "%s Up to %s pruned, %s %s%s no more than that."
            .formatted(
                sentence,
                percent(most),
                firm.size() > 5
                    ? "%d of %d".formatted(firm.size(), panel.layers().size())
                    : Words.list(firm),
                higher() ? "lose" : "add",
                firm.size() == 1 ? "s" : "");
  }

  private boolean higher() {
    return sweep.quantity().higherIsBetter();
  }

  private String seeds() {
    int n = sweep.start().size();
    return n == 1 ? " (one seed)" : " (mean of %d seeds)".formatted(n);
  }

  private String amount(double loss) {
    String number = new Numbers(unit.equals(" points") ? 2 : 4).text(loss);
    return number.equals("1.00") && unit.equals(" points") ? "1 point" : number + unit;
  }

  /** Returns the files beside the report, by name. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("sensitivity.csv", csv());
    for (Panel panel : sweep.panels()) {
      SensitivityAmounts own = amounts.get(panel.name());
      if (own != null && own.refusal().isEmpty()) {
        files.put(file(panel), own.yaml());
      }
    }
    return files;
  }

  private String file(Panel panel) {
    if (sweep.panels().size() == 1) {
      return "amounts.yaml";
    }
    String slug = panel.name().replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
    return "amounts-%s.yaml".formatted(slug);
  }

  private String csv() {
    Csv csv =
        new Csv()
            .line(
                List.of(
                    "sweep",
                    sweep.by(),
                    "fraction",
                    "weights",
                    "pruned",
                    sweep.quantity().name(),
                    "half-width",
                    "loss",
                    "loss half-width",
                    "n"));
    for (Panel panel : sweep.panels()) {
      for (Swept layer : panel.layers()) {
        line(
            csv,
            panel,
            layer,
            0,
            Interval.of(sweep.start().values()),
            new Interval(0, 0, sweep.start().size()),
            0);
        for (Step step : layer.steps()) {
          long pruned = 0;
          for (int i = 0; i < layer.parts().size(); i++) {
            SensitivitySweep.Part part = layer.parts().get(i);
            pruned += step.gone().get(i) * part.cells() / part.units();
          }
          line(
              csv,
              panel,
              layer,
              step.fraction(),
              Interval.of(step.values().values()),
              sweep.loss(step),
              pruned);
        }
      }
    }
    return csv.toString();
  }

  private static void line(
      Csv csv,
      Panel panel,
      Swept layer,
      double fraction,
      Interval value,
      Interval loss,
      long pruned) {
    csv.line(
        List.of(
            panel.name(),
            layer.name(),
            Csv.number(fraction),
            Long.toString(layer.cells()),
            Long.toString(pruned),
            Csv.number(value.mean()),
            width(value),
            Csv.number(loss.mean()),
            width(loss),
            Integer.toString(loss.n())));
  }

  private static String width(Interval interval) {
    return Double.isNaN(interval.halfWidth()) ? "" : Csv.number(interval.halfWidth());
  }

  private static String percent(double fraction) {
    BigDecimal percents = new BigDecimal(Double.toString(fraction)).movePointRight(2);
    return percents.stripTrailingZeros().toPlainString() + " %";
  }

  /** So that a header is not broken. */
  private static String tied(double fraction) {
    return Words.tied(percent(fraction));
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
