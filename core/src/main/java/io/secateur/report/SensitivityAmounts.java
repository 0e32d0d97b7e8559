package io.secateur.report;

import io.secateur.report.SensitivitySweep.Panel;
import io.secateur.report.SensitivitySweep.Part;
import io.secateur.report.SensitivitySweep.Step;
import io.secateur.report.SensitivitySweep.Swept;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The amounts per layer that lose a share of all weights at the least predicted loss: the sum of
 * what was lost when each layer alone was pruned, straight between the fractions swept. A fraction
 * counts as losing at least what smaller ones lost, and at least nothing: noise makes no pruning
 * look like a gain.
 */
final class SensitivityAmounts {
  private static final int MOST_DECIMALS = 17;

  private final SensitivitySweep sweep;
  private final Panel panel;
  private final long target;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final List<Long> gone = new ArrayList<>();
  private final String refusal;
  private double loss;
  private double uniform = Double.NaN;

  SensitivityAmounts(SensitivitySweep sweep, Panel panel, double share) {
    this.sweep = sweep;
    this.panel = panel;
    this.target = (long) Math.rint(share * panel.weights());
    this.refusal = solve(share);
  }

  /** Returns why there are no amounts; empty when there are. */
  String refusal() {
    return refusal;
  }

  private String solve(double share) {
    List<Allocation.Curve> curves = new ArrayList<>();
    long before = panel.idle();
    for (Swept layer : panel.layers()) {
      for (Part part : layer.parts()) {
        for (String name : part.names()) {
          if (parts.values().stream().anyMatch(other -> other.names().contains(name))) {
            return "%s is pruned with several of them, so their losses do not add up"
                .formatted(name);
          }
        }
        parts.put(name(part), part);
        before += part.before() * part.cells() / part.units();
      }
      curves.add(curve(layer));
    }
    long most = curves.stream().mapToLong(Allocation.Curve::most).sum();
    Optional<Allocation> found = Allocation.of(curves, Math.max(0, target - before));
    if (found.isEmpty()) {
      return "%s of all weights cannot go: at the largest fractions swept it is %s"
          .formatted(percent(share), percent((double) (most + before) / panel.weights()));
    }
    loss = found.get().loss();
    for (int i = 0; i < curves.size(); i++) {
      gone.addAll(units(panel.layers().get(i), found.get().counts().get(i)));
    }
    uniform = uniform(curves, (double) (target - before) / panel.weights());
    return "";
  }

  /** What pruning every layer by the same share would lose; NaN where that was not swept. */
  private double uniform(List<Allocation.Curve> curves, double share) {
    double sum = 0;
    for (int i = 0; i < curves.size(); i++) {
      long count = Math.round(share * panel.layers().get(i).cells());
      if (count > curves.get(i).most() || share < 0) {
        return Double.NaN;
      }
      sum += curves.get(i).loss(count);
    }
    return covered() == panel.weights() ? sum : Double.NaN;
  }

  private long covered() {
    return parts.values().stream().mapToLong(Part::cells).sum();
  }

  private static String name(Part part) {
    return String.join(" + ", part.names());
  }

  /** Returns the cells that a layer has lost beyond what was gone before, at a step. */
  private static long cells(Swept layer, Step step) {
    long cells = 0;
    for (int i = 0; i < layer.parts().size(); i++) {
      Part part = layer.parts().get(i);
      cells += (step.gone().get(i) - part.before()) * part.cells() / part.units();
    }
    return cells;
  }

  private Allocation.Curve curve(Swept layer) {
    List<Long> counts = new ArrayList<>(List.of(0L));
    List<Double> losses = new ArrayList<>(List.of(0.0));
    double most = 0;
    for (Step step : layer.steps()) {
      double mean = sweep.loss(step).mean();
      most = Math.max(most, Double.isNaN(mean) ? Double.MAX_VALUE / 1e6 : mean);
      long cells = cells(layer, step);
      if (cells > counts.get(counts.size() - 1)) {
        counts.add(cells);
        losses.add(most);
      }
    }
    return new Allocation.Curve(
        counts.stream().mapToLong(Long::longValue).toArray(),
        losses.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Returns how many units of each of a layer's parts go, so that they are so many cells. */
  private static List<Long> units(Swept layer, long count) {
    List<Long> low = layer.parts().stream().map(Part::before).toList();
    List<Long> high = low;
    long below = 0;
    for (Step step : layer.steps()) {
      long cells = cells(layer, step);
      if (cells <= count) {
        low = step.gone();
        high = low;
        below = cells;
      } else {
        high = step.gone();
        break;
      }
    }
    long missing = count - below;
    long wide = 0;
    for (int i = 0; i < low.size(); i++) {
      Part part = layer.parts().get(i);
      wide += (high.get(i) - low.get(i)) * part.cells() / part.units();
    }
    List<Long> units = new ArrayList<>();
    for (int i = 0; i < low.size(); i++) {
      Part part = layer.parts().get(i);
      long each = Math.max(1, part.cells() / part.units());
      long span = (high.get(i) - low.get(i)) * each;
      // What is left is shared by what is left to share, so that single weights add up.
      long own = wide == 0 ? 0 : Math.round((double) missing * span / wide);
      long more = Math.round((double) own / each);
      units.add(low.get(i) + more);
      missing -= more * each;
      wide -= span;
    }
    return units;
  }

  /** Returns how many cells go in all: the target, but for units that are larger than a cell. */
  long reached() {
    long cells = panel.idle();
    int i = 0;
    for (Part part : parts.values()) {
      cells += gone.get(i) * part.cells() / part.units();
      i++;
    }
    return cells;
  }

  /** Returns what the file says, in a sentence. */
  String sentence(String file) {
    Numbers points = new Numbers(2);
    String unit = unit();
    return "%s takes %s of the %s prunable weights; predicted %s %s%s%s, if those of %ss pruned alone add up, which they need not: run it."
        .formatted(
            file,
            percent((double) reached() / panel.weights()),
            String.format(Locale.ROOT, "%,d", panel.weights()),
            change(),
            points.text(loss),
            unit,
            Double.isNaN(uniform)
                ? ""
                : " (the same share of every %s: %s%s)"
                    .formatted(sweep.by(), points.text(uniform), unit),
            sweep.by());
  }

  private String change() {
    return sweep.quantity().higherIsBetter() ? "loss" : "rise of " + sweep.quantity().name();
  }

  private String unit() {
    return sweep.quantity().unit().equals("%")
        ? " points"
        : new Quantity("", sweep.quantity().unit()).suffix();
  }

  /** Returns the amounts as a prune stage takes them. */
  String yaml() {
    StringBuilder text = new StringBuilder();
    comment(
        text,
        "Amounts per layer, for a prune stage with the method and granularity that were swept and");
    comment(
        text,
        "scope: layer. %s"
            .formatted(panel.name().isEmpty() ? "" : "Swept: " + panel.name() + ".")
            .strip());
    comment(
        text,
        String.format(
            Locale.ROOT,
            "They take %,d of %,d prunable weights (%s), asked were %,d.",
            reached(),
            panel.weights(),
            percent((double) reached() / panel.weights()),
            target));
    comment(
        text,
        "Predicted %s: %s%s, the sum of what each %s cost alone, straight between the"
            .formatted(
                sweep.quantity().higherIsBetter() ? "loss of " + sweep.quantity().name() : change(),
                new Numbers(2).text(loss),
                unit(),
                sweep.by()));
    comment(
        text,
        "fractions swept; each counts as costing no less than smaller ones, and no less than nothing.");
    if (parts.values().stream().anyMatch(part -> part.cells() > part.units())) {
      comment(
          text,
          "Counted are the weights of the units named; what follows them loses its inputs besides.");
    }
    text.append("amounts:\n");
    if (covered() < panel.weights()) {
      text.append("  \"*\": 0\n");
    }
    int i = 0;
    for (Part part : parts.values()) {
      String amount = fraction(gone.get(i), part.units());
      part.names().forEach(name -> text.append("  %s: %s\n".formatted(key(name), amount)));
      i++;
    }
    return text.toString();
  }

  private static void comment(StringBuilder text, String line) {
    text.append("# ").append(line).append('\n');
  }

  private static String key(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9._-]*") ? name : '"' + name + '"';
  }

  /** Returns the shortest decimal of which so many units make that count. */
  static String fraction(long count, long units) {
    BigDecimal exact = new BigDecimal((double) count / units);
    for (int decimals = 1; decimals < MOST_DECIMALS; decimals++) {
      BigDecimal rounded = exact.setScale(decimals, RoundingMode.HALF_EVEN);
      if ((long) Math.rint(rounded.doubleValue() * units) == count) {
        return rounded.stripTrailingZeros().toPlainString();
      }
    }
    return exact.toPlainString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
