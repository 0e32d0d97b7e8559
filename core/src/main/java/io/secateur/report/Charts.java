package io.secateur.report;

import io.secateur.report.Chart.Curve;
import io.secateur.report.Chart.Panel;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Charts of measured quantities: accuracy over what pruning saves, or anything over anything. */
final class Charts {
  /** So many encodings a figure's line of words names one by one. */
  private static final int NAMED = 4;

  private static final String FROM_ZERO =
      " The horizontal axis starts at 0: a point half as far right took half the time.";

  private final RunInfo info;
  private final Measurements measurements;
  private final Curves curves;

  Charts(RunInfo info, Measurements measurements) {
    this.info = info;
    this.measurements = measurements;
    this.curves = new Curves(info, measurements);
  }

  /** Returns accuracy over sparsity. */
  Chart sparsity(String id) {
    require(Quantity.SPARSITY, measurements.quantity(Quantity.SPARSITY).isPresent());
    Panel panel =
        plain(
            "",
            "Sparsity of the prunable weights (%)",
            curves.of(Quantity.SPARSITY, Quantity.ACCURACY, 1, false));
    return accuracy(id, "Accuracy under pruning", "", "", List.of(panel), false);
  }

  /** Returns accuracy over the size of files. */
  Chart diskSize(String id) {
    List<Quantity> sizes =
        measurements.quantities().stream().filter(q -> q.encoding().isPresent()).toList();
    require("disk-size", !sizes.isEmpty());
    double dense = dense();
    List<Quantity> smaller = sizes.stream().filter(q -> smaller(q.name(), dense)).toList();
    List<Quantity> shown = smaller.isEmpty() ? sizes.subList(0, 1) : smaller;
    String rule =
        Double.isNaN(dense)
            ? ""
            : "dense model, dense file: %s MB".formatted(new Numbers(3).text(dense));
    List<Panel> panels = new ArrayList<>();
    if (sizes.stream().anyMatch(Quantity::ofIntegers)) {
      panels.add(
          new Panel(
              "Smallest encoding of each model",
              "Disk size of the smallest file (MB)",
              curves.of(new Sizes(measurements)::smallest, Quantity.ACCURACY, false),
              dense,
              rule));
    }
    for (Quantity size : shown) {
      String encoding = size.encoding().orElseThrow();
      panels.add(
          new Panel(
              shown.size() > 1 ? "Encoding: " + encoding : "",
              size.withUnit("Disk size, " + encoding),
              curves.of(size.name(), Quantity.ACCURACY, 1, false),
              dense,
              rule));
    }
    // More than a line holds stand over their panels alone.
    String encodings =
        shown.size() > NAMED
            ? shown.size() + " encodings"
            : (shown.size() == 1 ? "encoding: " : "encodings: ")
                + Words.list(shown.stream().map(q -> q.encoding().orElseThrow()).toList());
    String reference =
        rule.isEmpty()
            ? ""
            : " Left of the dashed line, a file is smaller than that of the dense model as it is."
                + leftOut(sizes, shown);
    return accuracy(id, "Accuracy over the size of the file", encodings, reference, panels, true);
  }

  /** Returns whether some iteration's file is smaller than this; any is where this is NaN. */
  private boolean smaller(String quantity, double dense) {
    return measurements.lines().stream()
        .flatMap(line -> measurements.iterations(line).stream())
        .flatMap(spot -> measurements.interval(spot, quantity).stream())
        .anyMatch(size -> !(size.mean() >= dense));
  }

  private static String leftOut(List<Quantity> sizes, List<Quantity> shown) {
    List<String> others =
        sizes.stream()
            .filter(size -> !shown.contains(size))
            .map(size -> size.encoding().orElseThrow())
            .toList();
    return others.isEmpty()
        ? ""
        : " Encodings that never get there are left out: %s.".formatted(Words.list(others));
  }

  /** Returns the size of the dense model's file; NaN where there are several such models. */
  private double dense() {
    if (measurements.lines().stream().map(measurements::model).distinct().count() > 1) {
      return Double.NaN;
    }
    Baselines baselines = new Baselines(measurements);
    return measurements.lines().stream()
        .flatMap(line -> baselines.of(line).stream())
        .flatMap(spot -> measurements.interval(spot, "disk-size/dense").stream())
        .mapToDouble(Interval::mean)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Returns accuracy over the time of a batch. */
  Chart latency(String id) {
    Optional<Quantity> latency = MainTable.latency(measurements);
    require("latency", latency.isPresent());
    Quantity quantity = latency.orElseThrow();
    Quantity.Timing timing = quantity.timing().orElseThrow();
    String words = timing.words() + ", " + Words.count(info.threads(), "thread");
    Panel panel =
        plain(
            "",
            "Latency (ms), " + words,
            curves.of(quantity.name(), Quantity.ACCURACY, 1000, true));
    return accuracy(id, "Accuracy over latency", words, FROM_ZERO, List.of(panel), true);
  }

  /** Returns accuracy over the time of a batch, both in ONNX Runtime. */
  Chart runtimeLatency(String id) {
    Optional<Quantity> latency = Runtimes.latency(measurements);
    Optional<Quantity> accuracy = measurements.quantity("onnx-accuracy");
    if (latency.isEmpty() || accuracy.isEmpty()) {
      throw new NotDrawnException(
          (latency.isEmpty() ? "onnx-latency" : "onnx-accuracy") + " was not measured");
    }
    String words = latency.get().runtimeTiming().orElseThrow().words(info.threads());
    Panel panel =
        plain(
            "",
            "Median latency in ONNX Runtime (ms), " + words,
            curves.of(latency.get().name(), accuracy.get().name(), 1000, true));
    Chart.Upwards y = new Chart.Upwards(accuracy.get().title(), true);
    String title = "Accuracy over latency in ONNX Runtime";
    return chart(id, title, words, FROM_ZERO, y, List.of(panel), true);
  }

  /** Returns accuracy over the parameters that are left of the dense model's. */
  Chart parameters(String id) {
    return left(
        id,
        "Accuracy over the parameters left",
        "Parameters that are not 0 (% of the dense model's)",
        "parameters",
        Left::parameters);
  }

  /** Returns accuracy over the multiply-accumulates that are left of the dense model's. */
  Chart macs(String id) {
    return left(
        id,
        "Accuracy over the multiply-accumulates left",
        "MACs whose weight is not 0 (% of the dense model's)",
        "macs",
        Left::macs);
  }

  /** Returns accuracy over compression: how many times fewer parameters are left. */
  Chart compression(String id) {
    return left(
        id,
        "Accuracy under compression",
        "Compression (×): the dense model's parameters over those that are not 0",
        "parameters",
        Left::compression);
  }

  private Chart left(
      String id,
      String title,
      String xTitle,
      String metric,
      BiFunction<Left, Spot, SortedMap<Long, Double>> share) {
    Left left = new Left(measurements);
    require(metric, measurements.lines().stream().anyMatch(left::known));
    Panel panel =
        plain("", xTitle, curves.of(spot -> share.apply(left, spot), Quantity.ACCURACY, false));
    return accuracy(id, title, "", "", List.of(panel), false);
  }

  /** Returns any quantity over any other. */
  Chart curve(io.secateur.study.Figure.Curve asked) {
    Quantity x = measured(asked.x());
    Quantity y = measured(asked.y());
    boolean bars = x.timing().isPresent() || y.timing().isPresent();
    Panel panel = plain("", x.title(), curves.of(x.name(), y.name(), 1, bars));
    Chart.Upwards upwards = new Chart.Upwards(y.title(), y.unit().equals("%"));
    boolean fromZero = x.timing().isPresent() || x.encoding().isPresent();
    String title = "%s over %s".formatted(y.inWords(), inSentence(x.inWords()));
    return chart(asked.id(), title, "", "", upwards, List.of(panel), fromZero);
  }

  /** Returns words in the middle of a sentence; acronyms stay. */
  private static String inSentence(String words) {
    return words.length() > 1 && Character.isLowerCase(words.charAt(1))
        ? Character.toLowerCase(words.charAt(0)) + words.substring(1)
        : words;
  }

  private Quantity measured(String quantity) {
    return measurements
        .quantity(quantity)
        .orElseThrow(() -> new NotDrawnException(quantity + " was not measured"));
  }

  private static Panel plain(String heading, String xTitle, List<Curve> curves) {
    return new Panel(heading, xTitle, curves, Double.NaN, "");
  }

  private void require(String metric, boolean measured) {
    boolean accurate = measurements.quantity(Quantity.ACCURACY).isPresent();
    if (!accurate || !measured) {
      throw new NotDrawnException((accurate ? metric : Quantity.ACCURACY) + " was not measured");
    }
  }

  private Chart accuracy(
      String id, String title, String what, String reading, List<Panel> panels, boolean fromZero) {
    Chart.Upwards y = new Chart.Upwards("Test accuracy (%)", true);
    return chart(id, title, what, reading, y, panels, fromZero);
  }

  private Chart chart(
      String id,
      String title,
      String what,
      String reading,
      Chart.Upwards y,
      List<Panel> panels,
      boolean fromZero) {
    List<Chart.Dot> dots = panels.stream().flatMap(Charts::dots).toList();
    if (dots.isEmpty()) {
      throw new NotDrawnException("no point of it has finite values");
    }
    String means = reading(dots, panels.get(0).curves().stream().anyMatch(Curve::bars));
    return new Chart(
        id,
        title,
        what.isEmpty() ? means : means + "; " + what,
        "One line per %s; its points are %s.%s"
            .formatted(Curves.each(info.by(), panels.get(0).curves()), points(), reading),
        y,
        panels,
        fromZero);
  }

  private String points() {
    return measurements.lines().stream().anyMatch(line -> measurements.iterations(line).size() > 1)
        ? "iterations, iteration 0 the dense model"
        : "where its arms end";
  }

  private static Stream<Chart.Dot> dots(Panel panel) {
    return panel.curves().stream().flatMap(curve -> curve.dots().stream());
  }

  /** Says what is drawn: means of how many seeds, intervals, single seeds. */
  static String reading(List<Chart.Dot> dots, boolean bars) {
    int least = dots.stream().mapToInt(dot -> dot.y().n()).min().orElse(0);
    int most = dots.stream().mapToInt(dot -> dot.y().n()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    if (most == 1) {
      text.append("One seed");
    } else {
      String n = least == most ? Integer.toString(most) : least + " to " + most;
      text.append("Mean of ").append(n).append(" seeds");
    }
    if (dots.stream().anyMatch(Chart.Dot::trusted)) {
      text.append(bars ? ", bars: 95 % interval" : ", band: 95 % interval");
    }
    if (dots.stream().anyMatch(dot -> !dot.shownSeeds().isEmpty())) {
      text.append(", small dots: single seeds");
    }
    return text.toString();
  }
}
