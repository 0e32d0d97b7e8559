package io.secateur.report;

import java.util.ArrayList;
import java.util.List;

/** Round numbers along an axis, and how they are written. */
final class Ticks {
  private static final double LARGE = 1e4;
  private static final double SMALL = 1e-4;

  private Ticks() {}

  /** Returns multiples of 1, 2 or 5 times a power of ten within a range, about so many. */
  static List<Double> between(double low, double high, int about) {
    double rough = (high - low) / about;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double factor : new double[] {2, 5, 10}) {
      if (step < rough) {
        step = factor * power;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** Returns a number as the tick of an axis on which ticks lie so far apart. */
  static String text(double tick, double step) {
    int decimals = (int) Math.max(0, Math.min(9, -Math.floor(Math.log10(step) + 1e-9)));
    return new Numbers(decimals).text(tick);
  }

  /** Returns a pattern of {@link java.text.DecimalFormat} for the ticks of a range. */
  static String pattern(double low, double high) {
    double span = high - low;
    double largest = Math.max(Math.abs(low), Math.abs(high));
    if (largest < SMALL) {
      return "0.##E0";
    }
    if (span >= LARGE) {
      return "#,##0";
    }
    int decimals = (int) Math.max(0, Math.min(9, 1 - Math.floor(Math.log10(span))));
    return decimals == 0 ? "0" : "0." + "#".repeat(decimals);
  }
}
