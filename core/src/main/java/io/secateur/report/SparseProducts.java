package io.secateur.report;

import io.secateur.report.Spot.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says whether products that skip zeros took less time than the engine's, and from which sparsity
 * on: where metric {@code sparse-latency} was measured.
 */
final class SparseProducts {
  private static final String METRIC = "sparse-latency/";
  private static final String ZEROS = METRIC + "zeros";
  private static final String RATIO = "/ratio";

  private final Measurements measurements;

  SparseProducts(Measurements measurements) {
    this.measurements = measurements;
  }

  /**
   * A model's products.
   *
   * @param zeros the share of the linear layers' weights that is 0, in %
   * @param ratio sparse over dense, the mean over seeds
   */
  private record Point(double zeros, double ratio) {
    String text() {
      return "%s × at %s %% zeros"
          .formatted(new Numbers(2).text(ratio), new Numbers(2).text(zeros));
    }
  }

  /** Returns a sentence for each line and batch. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (Quantity quantity : measurements.quantities()) {
      if (quantity.name().startsWith(METRIC) && quantity.name().endsWith(RATIO)) {
        for (Line line : measurements.lines()) {
          List<Point> points = points(line, quantity);
          if (!points.isEmpty()) {
            sentences.add(sentence(line, quantity, points));
          }
        }
      }
    }
    return sentences;
  }

  private List<Point> points(Line line, Quantity quantity) {
    List<Point> points = new ArrayList<>();
    for (Spot spot : measurements.places(line)) {
      Optional<Interval> zeros = measurements.interval(spot, ZEROS);
      Optional<Interval> ratio = measurements.interval(spot, quantity.name());
      if (zeros.isPresent() && ratio.isPresent() && ratio.get().mean() > 0) {
        points.add(new Point(zeros.get().mean(), ratio.get().mean()));
      }
    }
    points.sort(Comparator.comparingDouble(Point::zeros));
    return points;
  }

  private static String sentence(Line line, Quantity quantity, List<Point> points) {
    Point least = points.get(0);
    Point most = points.get(points.size() - 1);
    String batch = quantity.name().substring(METRIC.length(), quantity.name().indexOf(RATIO));
    return "Sparse products (%s, %s, one thread): those of the linear layers took, over the dense time, %s%s. %s."
        .formatted(
            line.title(),
            batch.replace('-', ' '),
            most.text(),
            points.size() == 1 ? "" : ", " + least.text(),
            verdict(points));
  }

  /** Between two models of which one is on either side, the logarithm is taken for straight. */
  private static String verdict(List<Point> points) {
    for (int i = points.size() - 1; i > 0; i--) {
      Point below = points.get(i - 1);
      Point above = points.get(i);
      if (above.ratio() <= 1 && below.ratio() > 1) {
        double way = Math.log(below.ratio()) / Math.log(below.ratio() / above.ratio());
        double even = below.zeros() + way * (above.zeros() - below.zeros());
        return "Dense is faster below about %s %%".formatted(new Numbers(0).text(even));
      }
    }
    return points.get(points.size() - 1).ratio() > 1
        ? "Dense is faster"
        : "Sparse is faster at every sparsity measured";
  }
}
