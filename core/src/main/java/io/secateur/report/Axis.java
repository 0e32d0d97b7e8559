package io.secateur.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A vertical axis: linear, or logarithmic where numbers of more than two powers of ten would hide
 * all but the largest.
 *
 * @param low its lower end; above 0 where it is logarithmic
 */
record Axis(double low, double high, boolean logarithmic) {
  private static final double DECADES = 100;
  private static final double ROOM = 1.3;

  /** Returns an axis with room around data; that of percents is always linear. */
  static Axis of(double low, double high, String unit) {
    boolean percent = unit.equals("%");
    if (!percent && low > 0 && high / low > DECADES) {
      return new Axis(low / ROOM, high * ROOM, true);
    }
    Chart.Range range = percent ? Chart.Range.ofPercent(low, high) : Chart.Range.of(low, high);
    return new Axis(range.low(), range.high(), false);
  }

  /** Returns how far up a number lies: 0 at the lower end and below it, 1 at the upper. */
  double share(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return Math.max(0, Math.min(1, share));
  }

  /** Returns round numbers along it, about so many: powers of ten where it is logarithmic. */
  List<Double> ticks(int about) {
    if (!logarithmic) {
      return Ticks.between(low, high, about);
    }
    int first = (int) Math.ceil(Math.log10(low) - 1e-9);
    int last = (int) Math.floor(Math.log10(high) + 1e-9);
    int step = Math.max(1, (int) Math.ceil((last - first + 1.0) / (about + 1)));
    List<Double> ticks = new ArrayList<>();
    for (int power = first; power <= last; power += step) {
      ticks.add(Math.pow(10, power));
    }
    return ticks;
  }

  /** Returns a tick as it is written. */
  String text(double tick, List<Double> ticks) {
    double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : 1;
    return Ticks.text(tick, logarithmic ? tick : step);
  }
}
