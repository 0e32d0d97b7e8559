package io.secateur.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/**
 * How the numbers of one column are written. A number without an interval has the column's digits;
 * where there is one, its half-width has two significant digits and the mean as many after the
 * point, unless the column's are fixed, as those of percents are.
 *
 * @param decimals digits after the point
 * @param fixed whether intervals have those digits too
 */
record Numbers(int decimals, boolean fixed) {
  private static final int SIGNIFICANT = 4;
  private static final int OF_HALF_WIDTH = 2;
  private static final int MOST = 9;
  private static final String MINUS = "−";

  /** Writes everything with these digits after the point. */
  Numbers(int decimals) {
    this(decimals, true);
  }

  /** Chooses digits for a column: by its unit, else four significant ones of its largest value. */
  static Numbers of(String unit, List<Interval> column) {
    return switch (unit) {
      case "%", "points" -> new Numbers(2);
      case "x" -> new Numbers(2, false);
      // The sizes of files differ between seeds by bytes, which nobody wants to read.
      case "MB", "MiB" -> new Numbers(Math.max(3, significant(column)));
      default -> new Numbers(counts(column) ? 0 : significant(column), false);
    };
  }

  /** Returns how a mean and its interval's ends are written beside each other. */
  Numbers like(Interval interval) {
    if (fixed || !interval.spread() || !Double.isFinite(interval.halfWidth())) {
      return this;
    }
    // Rounded first: 0.0996 becomes 0.10, which has its digits elsewhere.
    BigDecimal width =
        BigDecimal.valueOf(interval.halfWidth())
            .round(new MathContext(OF_HALF_WIDTH, RoundingMode.HALF_UP));
    int beforePoint = width.precision() - width.scale();
    return new Numbers(Math.max(0, Math.min(MOST, OF_HALF_WIDTH - beforePoint)));
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
    Numbers digits = like(interval);
    return interval.spread()
        ? "%s ± %s".formatted(digits.text(interval.mean()), digits.halfWidth(interval.halfWidth()))
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
