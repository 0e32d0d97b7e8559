package io.secateur.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Curves on axes. All panels share the vertical axis.
 *
 * @param id its file's name, without an ending
 * @param subtitle how to read it: seeds, bands, encoding, batch, statistic
 * @param reading what its lines and points are; {@link #caption} adds what its axes are
 * @param fromZero whether the horizontal axes start at 0, so that ratios can be seen
 */
record Chart(
    String id,
    String title,
    String subtitle,
    String reading,
    Upwards y,
    List<Panel> panels,
    boolean fromZero)
    implements Figure {
  Chart {
    panels = List.copyOf(panels);
  }

  /**
   * What goes upwards.
   *
   * @param percent whether it is a share, which has its ends at 0 and 100
   */
  record Upwards(String title, boolean percent) {}

  /**
   * One set of axes.
   *
   * @param heading over it; empty for a figure of one panel
   * @param reference an x worth a vertical rule; NaN for none
   * @param referenceName what the rule is; empty for none
   * @param front corners of a line of its own through the best points, which then are not joined;
   *     empty for none
   */
  record Panel(
      String heading,
      String xTitle,
      List<Curve> curves,
      double reference,
      String referenceName,
      List<Point> front) {
    Panel {
      curves = List.copyOf(curves);
      front = List.copyOf(front);
    }

    Panel(
        String heading, String xTitle, List<Curve> curves, double reference, String referenceName) {
      this(heading, xTitle, curves, reference, referenceName, List.of());
    }

    /** Returns how its numbers to the right are written. */
    Numbers xNumbers() {
      return Numbers.of(
          "", curves.stream().flatMap(curve -> curve.dots().stream()).map(Dot::x).toList());
    }
  }

  /**
   * Points that belong together, joined in their order.
   *
   * @param colour which colour, from 0; what shares one belongs together
   * @param shape which marker and stroke, from 0
   * @param bars whether intervals are drawn as bars along both axes rather than as a band
   */
  record Curve(String name, int colour, int shape, boolean bars, List<Dot> dots) {
    Curve {
      dots = List.copyOf(dots);
    }

    /** Returns whether the intervals can be one band: three seeds everywhere, x never turning. */
    boolean band() {
      boolean rising = true;
      boolean falling = true;
      for (int i = 1; i < dots.size(); i++) {
        rising &= dots.get(i).x().mean() > dots.get(i - 1).x().mean();
        falling &= dots.get(i).x().mean() < dots.get(i - 1).x().mean();
      }
      return !bars
          && dots.size() > 1
          && (rising || falling)
          && dots.stream().allMatch(Dot::trusted);
    }
  }

  /**
   * A mean over seeds.
   *
   * @param seeds x and y of every seed that has both, in order
   */
  record Dot(Interval x, Interval y, List<Point> seeds) {
    private static final int ENOUGH_FOR_INTERVAL = 3;
    private static final int ENOUGH_WITHOUT_POINTS = 5;

    Dot {
      seeds = List.copyOf(seeds);
    }

    /** Returns whether its interval is drawn. */
    boolean trusted() {
      return y.n() >= ENOUGH_FOR_INTERVAL && Double.isFinite(y.halfWidth());
    }

    /** Returns the seeds that are drawn one by one. */
    List<Point> shownSeeds() {
      return y.n() > 1 && y.n() < ENOUGH_WITHOUT_POINTS ? seeds : List.of();
    }
  }

  /** A point in the units of the axes. */
  record Point(double x, double y) {}

  /** Returns all curves that a legend names: those of the first panel that has them. */
  List<Curve> legend() {
    return panels.stream()
        .flatMap(panel -> panel.curves().stream())
        .collect(Collectors.toMap(Curve::name, curve -> curve, (a, b) -> a, LinkedHashMap::new))
        .values()
        .stream()
        .toList();
  }

  /** Returns the vertical range: the data with room; of shares all after a collapse. */
  Range yRange() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Panel panel : panels) {
      for (Curve curve : panel.curves()) {
        for (Dot dot : curve.dots()) {
          double half = dot.trusted() ? dot.y().halfWidth() : 0;
          low = Math.min(low, dot.y().mean() - half);
          high = Math.max(high, dot.y().mean() + half);
          for (Point seed : dot.shownSeeds()) {
            low = Math.min(low, seed.y());
            high = Math.max(high, seed.y());
          }
        }
      }
    }
    return y.percent() ? Range.ofPercent(low, high) : Range.of(low, high);
  }

  /** Returns how numbers upwards are written. */
  Numbers yNumbers() {
    return Numbers.of(
        y.percent() ? "%" : "",
        panels.stream()
            .flatMap(panel -> panel.curves().stream())
            .flatMap(curve -> curve.dots().stream())
            .map(Dot::y)
            .toList());
  }

  @Override
  public String alt() {
    List<String> words = new ArrayList<>();
    for (Panel panel : panels) {
      Numbers x = panel.xNumbers();
      for (Curve curve : panel.curves()) {
        Dot first = curve.dots().get(0);
        Dot last = curve.dots().get(curve.dots().size() - 1);
        String from = "%s at %s".formatted(yNumbers().text(first.y()), x.text(first.x().mean()));
        String to = "%s at %s".formatted(yNumbers().text(last.y()), x.text(last.x().mean()));
        words.add(
            curve.dots().size() == 1
                ? "%s: %s".formatted(curve.name(), from)
                : "%s: from %s to %s in %d points"
                    .formatted(curve.name(), from, to, curve.dots().size()));
      }
    }
    return "%s. Upwards %s, to the right %s. %s."
        .formatted(
            title,
            y.title(),
            Words.list(panels.stream().map(Panel::xTitle).toList()),
            String.join("; ", words));
  }

  @Override
  public String caption() {
    String axis =
        yRange().low() == 0
            ? " The vertical axis starts at 0."
            : " The vertical axis does not start at 0.";
    return reading + axis + (cut() ? " Intervals are cut at 100 %." : "");
  }

  @Override
  public Drawing drawing(Typeface typeface) {
    return new ChartDrawing(this, typeface);
  }

  /** Returns whether some drawn interval goes beyond what accuracy can be. */
  boolean cut() {
    return y.percent()
        && panels.stream()
            .flatMap(panel -> panel.curves().stream())
            .flatMap(curve -> curve.dots().stream())
            .anyMatch(dot -> dot.trusted() && dot.y().high() > 100);
  }

  /** From where to where an axis goes. */
  record Range(double low, double high) {
    private static final double COLLAPSE = 30;
    private static final double LEAST = 1;
    private static final double ROOM = 0.07;
    private static final double TINY = 1e-6;

    /** The data with room; from 0 where the room would reach below it without any number. */
    static Range of(double low, double high) {
      double room = high > low ? ROOM * (high - low) : Math.max(ROOM * Math.abs(high), TINY);
      double from = low >= 0 ? Math.max(0, low - room) : low - room;
      return new Range(from, high + room);
    }

    static Range ofPercent(double low, double high) {
      if (high - low > COLLAPSE) {
        return new Range(0, 100);
      }
      double room = Math.max(ROOM * (high - low), (LEAST - (high - low)) / 2);
      return new Range(Math.max(0, low - room), Math.min(100, high + room));
    }
  }
}
