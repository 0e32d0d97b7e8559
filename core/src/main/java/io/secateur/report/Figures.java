package io.secateur.report;

import io.secateur.report.Figure.Curve;
import io.secateur.report.Figure.Panel;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the figures that a study asks for from what was measured. */
final class Figures {
  /** The names that a study may ask for. */
  static final List<String> NAMES =
      List.of("sparsity-accuracy", "disk-size-accuracy", "latency-accuracy");

  private static final int MOST_PANELS = 3;

  private final RunInfo info;
  private final Measurements measurements;
  private final Curves curves;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  Figures(RunInfo info, Measurements measurements) {
    this.info = info;
    this.measurements = measurements;
    this.curves = new Curves(info, measurements);
    info.figures().forEach(this::add);
  }

  /** Returns the figures that could be made. */
  List<Figure> figures() {
    return List.copyOf(figures);
  }

  /** Returns a line for each that could not, with the reason. */
  List<String> skipped() {
    return List.copyOf(skipped);
  }

  private void add(String name) {
    Optional<Figure> figure =
        switch (name) {
          case "sparsity-accuracy" -> sparsity(name);
          case "disk-size-accuracy" -> diskSize(name);
          case "latency-accuracy" -> latency(name);
          default -> {
            skip(name, "there is no figure of that name; there are " + Words.list(NAMES));
            yield Optional.empty();
          }
        };
    figure.ifPresent(figures::add);
  }

  private Optional<Figure> sparsity(String name) {
    if (lacks(name, measurements.quantity(Quantity.SPARSITY).isPresent(), "sparsity")) {
      return Optional.empty();
    }
    Panel panel =
        plain("", "Sparsity of the prunable weights (%)", curves.of(Quantity.SPARSITY, 1, false));
    return figure(name, "Accuracy under pruning", "", "", List.of(panel));
  }

  private Optional<Figure> diskSize(String name) {
    List<Quantity> sizes =
        measurements.quantities().stream().filter(q -> q.encoding().isPresent()).toList();
    if (lacks(name, !sizes.isEmpty(), "disk-size")) {
      return Optional.empty();
    }
    List<Quantity> changing =
        Stream.concat(
                sizes.stream().filter(q -> !q.name().endsWith("/weights-and-masks")),
                sizes.stream())
            .distinct()
            .filter(q -> changes(q.name()))
            .limit(MOST_PANELS)
            .toList();
    List<Quantity> shown = changing.isEmpty() ? sizes.subList(0, 1) : changing;
    double dense = dense();
    String rule =
        Double.isNaN(dense)
            ? ""
            : "dense model, dense file: %s MB".formatted(new Numbers(3).text(dense));
    List<Panel> panels = new ArrayList<>();
    for (Quantity size : shown) {
      String encoding = size.encoding().orElseThrow();
      panels.add(
          new Panel(
              shown.size() > 1 ? "Encoding: " + encoding : "",
              size.withUnit("Disk size, " + encoding),
              curves.of(size.name(), 1, false),
              dense,
              rule));
    }
    String encodings =
        "encoding: " + Words.list(shown.stream().map(q -> q.encoding().orElseThrow()).toList());
    String reference =
        rule.isEmpty()
            ? ""
            : " Left of the dashed line, a file is smaller than that of the dense model as it is.";
    return figure(name, "Accuracy over the size of the file", encodings, reference, panels);
  }

  /** Returns whether some line's size is not that of its first iteration. */
  private boolean changes(String quantity) {
    return measurements.lines().stream()
        .map(measurements::iterations)
        .anyMatch(
            spots ->
                spots.stream()
                        .map(spot -> measurements.values(spot, quantity))
                        .filter(values -> !values.isEmpty())
                        .distinct()
                        .count()
                    > 1);
  }

  private double dense() {
    return measurements.lines().stream()
        .flatMap(line -> measurements.iterations(line).stream().limit(1))
        .flatMap(spot -> measurements.interval(spot, "disk-size/dense").stream())
        .mapToDouble(Interval::mean)
        .findFirst()
        .orElse(Double.NaN);
  }

  private Optional<Figure> latency(String name) {
    Optional<Quantity> latency = MainTable.latency(measurements);
    if (lacks(name, latency.isPresent(), "latency")) {
      return Optional.empty();
    }
    Quantity quantity = latency.orElseThrow();
    Quantity.Timing timing = quantity.timing().orElseThrow();
    String words = timing.words() + ", " + Words.count(info.threads(), "thread");
    Panel panel = plain("", "Latency (ms), " + words, curves.of(quantity.name(), 1000, true));
    String reading =
        " The horizontal axis starts at 0: a point half as far right took half the time.";
    return figure(name, "Accuracy over latency", words, reading, List.of(panel));
  }

  private static Panel plain(String heading, String xTitle, List<Curve> curves) {
    return new Panel(heading, xTitle, curves, Double.NaN, "");
  }

  private boolean lacks(String name, boolean measured, String metric) {
    boolean accurate = measurements.quantity(Quantity.ACCURACY).isPresent();
    if (!accurate || !measured) {
      skip(name, (accurate ? metric : Quantity.ACCURACY) + " was not measured");
    }
    return !accurate || !measured;
  }

  private Optional<Figure> figure(
      String name, String title, String what, String caption, List<Panel> panels) {
    List<Figure.Dot> dots = panels.stream().flatMap(Figures::dots).toList();
    if (dots.isEmpty()) {
      skip(name, "no point of it has finite values");
      return Optional.empty();
    }
    String subtitle = reading(dots, panels.get(0).curves().stream().anyMatch(Curve::bars));
    return Optional.of(
        new Figure(
            name,
            title,
            what.isEmpty() ? subtitle : subtitle + "; " + what,
            "One line per %s; its points are iterations, iteration 0 the dense model.%s"
                .formatted(info.by().isEmpty() ? "arm" : info.by(), caption),
            "Test accuracy (%)",
            panels,
            !name.equals("sparsity-accuracy")));
  }

  private static Stream<Figure.Dot> dots(Panel panel) {
    return panel.curves().stream().flatMap(curve -> curve.dots().stream());
  }

  /** Says what is drawn: means of how many seeds, intervals, single seeds. */
  private static String reading(List<Figure.Dot> dots, boolean bars) {
    int least = dots.stream().mapToInt(dot -> dot.y().n()).min().orElse(0);
    int most = dots.stream().mapToInt(dot -> dot.y().n()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    if (most == 1) {
      text.append("One seed");
    } else {
      String n = least == most ? Integer.toString(most) : least + " to " + most;
      text.append("Mean of ").append(n).append(" seeds");
    }
    if (dots.stream().anyMatch(Figure.Dot::trusted)) {
      text.append(bars ? ", bars: 95 % interval" : ", band: 95 % interval");
    }
    if (dots.stream().anyMatch(dot -> !dot.shownSeeds().isEmpty())) {
      text.append(", small dots: single seeds");
    }
    return text.toString();
  }

  private void skip(String name, String reason) {
    skipped.add("The figure %s was not drawn: %s.".formatted(name, reason));
  }
}
