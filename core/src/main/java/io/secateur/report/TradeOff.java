package io.secateur.report;

import io.secateur.report.Checklist.Item;
import io.secateur.report.Checklist.Outcome;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;

/** Whether arms were measured at enough sizes for a trade-off to be seen. */
final class TradeOff {
  private static final double LEAST = 2;
  private static final double MOST = 32;
  private static final int POINTS = 5;
  private static final double ALL = 100;

  /** Half of the prunable weights is a little less than 2×, since biases stay. */
  private static final double SLACK = 1.02;

  private final Left left;
  private final CommonLevels levels;

  TradeOff(Measurements measurements) {
    this.left = new Left(measurements);
    this.levels = new CommonLevels(measurements);
  }

  /** Returns the item of a checklist: five points between 2× and 32× in every arm that prunes. */
  Item item(List<Contender> arms) {
    String practice = "Trade-off curve: at least five points between 2× and 32×";
    List<Contender> pruned = arms.stream().filter(arm -> !levels.never(arm)).toList();
    boolean known =
        pruned.stream()
            .flatMap(arm -> arm.spots().stream())
            .anyMatch(spot -> !Double.isNaN(factor(spot)));
    if (pruned.isEmpty() || !known) {
      return new Item(
          practice,
          pruned.isEmpty() && !arms.isEmpty() ? Outcome.NOT_APPLICABLE : Outcome.FAIL,
          pruned.isEmpty() && !arms.isEmpty()
              ? "no arm was pruned"
              : "neither parameters nor sparsity was measured");
    }
    List<String> few =
        pruned.stream()
            .filter(arm -> points(arm) < POINTS)
            .map(arm -> "%s has %d".formatted(arm.name(), points(arm)))
            .toList();
    return few.isEmpty()
        ? new Item(
            practice,
            Outcome.PASS,
            "every arm that prunes has at least %d points there"
                .formatted(least(pruned, this::points)))
        : new Item(practice, Outcome.FAIL, Words.list(few));
  }

  private static int least(List<Contender> arms, ToDoubleFunction<Contender> of) {
    return (int) arms.stream().mapToDouble(of).min().orElse(0);
  }

  private int points(Contender arm) {
    return (int)
        arm.spots().stream()
            .mapToDouble(this::factor)
            .filter(factor -> factor >= LEAST / SLACK && factor <= MOST * SLACK)
            .count();
  }

  /** Returns how many times smaller a model is; by its prunable weights where that is all known. */
  private double factor(Spot spot) {
    SortedMap<Long, Double> measured = left.compression(spot);
    if (!measured.isEmpty()) {
      return Interval.of(measured.values()).mean();
    }
    return levels.gone(spot).isPresent()
        ? ALL / (ALL - levels.gone(spot).getAsDouble())
        : Double.NaN;
  }
}
