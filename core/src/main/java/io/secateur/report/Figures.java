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
    Optional<io.secateur.study.Figure> asked = io.secateur.study.Figure.named(name);
    if (asked.isEmpty()) {
      skip(name, "there is no figure of that name; there are " + Words.list(names()));
      return;
    }
    Optional<Figure> figure =
        switch (asked.get()) {
          case SPARSITY_ACCURACY -> sparsity(name);
          case DISK_SIZE_ACCURACY -> diskSize(name);
          case LATENCY_ACCURACY -> latency(name);
        };
    figure.ifPresent(figures::add);
  }

  /** Returns the names that a study may ask for. */
  static List<String> names() {
    return io.secateur.study.Figure.labels();
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
    double dense = dense();
    List<Quantity> smaller = sizes.stream().filter(q -> smaller(q.name(), dense)).toList();
    List<Quantity> shown = smaller.isEmpty() ? sizes.subList(0, 1) : smaller;
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
        (shown.size() == 1 ? "encoding: " : "encodings: ")
            + Words.list(shown.stream().map(q -> q.encoding().orElseThrow()).toList());
    String reference =
        rule.isEmpty()
            ? ""
            : " Left of the dashed line, a file is smaller than that of the dense model as it is."
                + leftOut(sizes, shown);
    return figure(name, "Accuracy over the size of the file", encodings, reference, panels);
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
