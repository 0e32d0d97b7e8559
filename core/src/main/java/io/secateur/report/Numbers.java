package io.secateur.report;

import java.util.List;
import java.util.Locale;

/**
 * How the numbers of one column are written: all with the same digits after the point.
 *
 * @param decimals digits after the point
 */
record Numbers(int decimals) {
  private static final int SIGNIFICANT = 4;
  private static final int MOST = 9;
  private static final String MINUS = "−";

  /** Chooses digits for a column: by its unit, else four significant ones of its largest value. */
  static Numbers of(String unit, List<Interval> column) {
    return new Numbers(
        switch (unit) {
          case "%", "x" -> 2;
          case "MB", "MiB" -> 3;
          default -> counts(column) ? 0 : significant(column);
        });
  }

  private static boolean counts(List<Interval> column) {
    return column.stream()
        .map(Interval::mean)
        .filter(Double::isFinite)
        .allMatch(mean -> mean >= 1000 || mean == Math.rint(mean));
  }

  private static int significant(List<Interval> column) {
    double largest =
        column.stream()
            .mapToDouble(interval -> Math.abs(interval.mean()))
            .filter(mean -> Double.isFinite(mean) && mean > 0)
            .max()
            .orElse(1);
    int magnitude = (int) Math.floor(Math.log10(largest));
    return Math.max(0, Math.min(MOST, SIGNIFICANT - 1 - magnitude));
  }

  /** Writes a number with thousands separators; what is not finite as NaN, ∞ or −∞. */
  String text(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "∞" : MINUS + "∞";
    }
    String digits = String.format(Locale.ROOT, "%,." + decimals + "f", Math.abs(number));
    return number < 0 && nonZero(digits) ? MINUS + digits : digits;
  }

  /** Writes a number with its sign, plus included. */
  String signed(double number) {
    String text = text(number);
    return number > 0 && nonZero(text) ? "+" + text : text;
  }

  /** Writes a mean, and ± its half-width where the seeds differ. */
  String text(Interval interval) {
    return interval.spread()
        ? "%s ± %s".formatted(text(interval.mean()), halfWidth(interval.halfWidth()))
        : text(interval.mean());
  }

  private String halfWidth(double width) {
    String digits = text(width);
    // 0.00 would claim that there is none.
    return nonZero(digits) ? digits : "<" + text(Math.pow(10, -decimals));
  }

  private static boolean nonZero(String digits) {
    return digits.chars().anyMatch(digit -> digit >= '1' && digit <= '9');
  }
}
