package io.secateur.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.List;

/** Draws training curves: a row per arm, a column per quantity. */
final class TrainingDrawing extends Sheet {
  private static final int LEGEND = 24;
  private static final int ARM = 38;
  private static final int NAMES = 16;
  private static final int PLOT = 130;
  private static final int AXIS = 40;
  private static final int LABELS = 46;
  private static final int GAP = 20;
  private static final int SAMPLE = 28;
  private static final int ROOMY = 40;
  private static final int ALPHA = 46;
  private static final double NEAR = 5;
  private static final float LETTERS = 10.5f;

  private final TrainingCourse course;
  private final List<String> splits;
  private final double panel;

  TrainingDrawing(TrainingCourse course, Typeface typeface) {
    super(course, typeface);
    this.course = course;
    this.splits = course.splits();
    int columns = course.quantities().size();
    this.panel = (INNER_WIDTH - GAP * (columns - 1.0)) / columns;
  }

  /** An arm's name has a line of its own where there are several. */
  private int heading() {
    return (course.arms().size() > 1 ? ARM : ARM / 2) + NAMES;
  }

  private int row() {
    return heading() + PLOT + AXIS;
  }

  @Override
  int bodyHeight(Graphics2D g) {
    return LEGEND + course.arms().size() * row();
  }

  @Override
  void body(Graphics2D g) {
    legend(g);
    int top = LEGEND;
    for (TrainingCourse.Arm arm : course.arms()) {
      if (course.arms().size() > 1) {
        text(g, fitting(g, arm.name(), 12.5f, INNER_WIDTH), 0, top + 12, 12.5f, Palette.INK);
      }
      for (int i = 0; i < course.quantities().size(); i++) {
        Quantity quantity = course.quantities().get(i);
        double left = i * (panel + GAP) + LABELS;
        new Panel(quantity, arm, left, top + heading()).paint(g);
      }
      top += row();
    }
  }

  private void legend(Graphics2D g) {
    double x = 0;
    for (int i = 0; i < splits.size(); i++) {
      stroke(g, i);
      g.draw(new Path2D.Double(path(x, 7, x + SAMPLE, 7)));
      text(g, splits.get(i), x + SAMPLE + 7, 11, 12, Palette.INK);
      x += SAMPLE + 7 + width(g, splits.get(i), 12) + 24;
    }
    if (course.keeps()) {
      ring(g, x + 8, 7, Palette.INK);
      text(g, "kept epoch", x + 20, 11, 12, Palette.INK);
    }
  }

  private static Path2D path(double x0, double y0, double x1, double y1) {
    Path2D path = new Path2D.Double();
    path.moveTo(x0, y0);
    path.lineTo(x1, y1);
    return path;
  }

  private static void stroke(Graphics2D g, int split) {
    g.setColor(Palette.colour(split));
    g.setStroke(Palette.stroke(split));
  }

  private static void ring(Graphics2D g, double x, double y, Color colour) {
    g.setColor(colour);
    g.setStroke(new BasicStroke(1.8f));
    g.draw(new Ellipse2D.Double(x - 5.5, y - 5.5, 11, 11));
  }

  /** One set of axes. */
  private final class Panel {
    private final Quantity quantity;
    private final TrainingCourse.Arm arm;
    private final Axis axis;
    private final double left;
    private final double top;
    private final double width;

    Panel(Quantity quantity, TrainingCourse.Arm arm, double left, double top) {
      this.quantity = quantity;
      this.arm = arm;
      this.axis = course.axis(quantity);
      this.left = left;
      this.top = top;
      this.width = panel - LABELS;
    }

    /** Half an epoch of room at both ends. */
    private double x(double epoch) {
      return left + width * (epoch - 0.5) / Math.max(1, arm.epochs());
    }

    private double y(double value) {
      return top + PLOT * (1 - axis.share(value));
    }

    void paint(Graphics2D g) {
      axes(g);
      stages(g);
      for (TrainingCourse.Line line : arm.lines()) {
        if (line.quantity().equals(quantity)) {
          band(g, line);
        }
      }
      for (TrainingCourse.Line line : arm.lines()) {
        if (line.quantity().equals(quantity)) {
          curve(g, line);
        }
      }
    }

    private void axes(Graphics2D g) {
      List<Double> ticks = axis.ticks(4);
      for (double tick : ticks) {
        line(g, left, y(tick), left + width, y(tick), Palette.GRID, 1);
        right(g, axis.text(tick, ticks), left - 6, y(tick) + 4, LETTERS, Palette.INK);
      }
      line(g, left, top + PLOT, left + width, top + PLOT, Palette.FAINT_INK, 1);
      int epochs = arm.epochs();
      for (double tick : Ticks.between(1, Math.max(2, epochs), 6)) {
        if (tick == Math.rint(tick) && tick >= 1 && tick <= epochs) {
          line(g, x(tick), top + PLOT, x(tick), top + PLOT + 4, Palette.FAINT_INK, 1);
          centred(g, Ticks.text(tick, 1), x(tick), top + PLOT + 15, LETTERS, Palette.INK);
        }
      }
      centred(g, "Epoch", left + width / 2, top + PLOT + 29, LETTERS, Palette.INK);
      String scale = axis.logarithmic() ? ", logarithmic" : "";
      text(g, quantity.title() + scale, left - LABELS, top - NAMES - 3, 11, Palette.INK);
    }

    private void stages(Graphics2D g) {
      for (TrainingCourse.Stage stage : arm.stages()) {
        double from = x(stage.before() + 0.5);
        double to = x(stage.before() + stage.epochs() + 0.5);
        if (stage.before() > 0) {
          g.setColor(Palette.FAINT_INK);
          g.setStroke(Palette.rule());
          g.draw(path(from, top, from, top + PLOT));
        }
        if (width(g, stage.name(), 9.5f) < to - from - 3) {
          centred(g, stage.name(), (from + to) / 2, top - 5, 9.5f, Palette.FAINT_INK);
        }
      }
    }

    private void band(Graphics2D g, TrainingCourse.Line line) {
      for (int stage = 0; stage < arm.stages().size(); stage++) {
        List<TrainingCourse.Dot> dots = in(line, stage);
        if (dots.size() < 2 || dots.stream().anyMatch(dot -> !banded(dot.value()))) {
          continue;
        }
        Path2D band = new Path2D.Double();
        band.moveTo(x(dots.get(0).epoch()), y(dots.get(0).value().high()));
        dots.forEach(dot -> band.lineTo(x(dot.epoch()), y(dot.value().high())));
        for (int i = dots.size() - 1; i >= 0; i--) {
          band.lineTo(x(dots.get(i).epoch()), y(dots.get(i).value().low()));
        }
        band.closePath();
        g.setColor(Palette.translucent(splits.indexOf(line.split()), ALPHA));
        g.fill(band);
      }
    }

    private boolean banded(Interval value) {
      return value.n() > 2 && Double.isFinite(value.halfWidth());
    }

    private List<TrainingCourse.Dot> in(TrainingCourse.Line line, int stage) {
      return line.dots().stream().filter(dot -> dot.stage() == stage).toList();
    }

    private void curve(Graphics2D g, TrainingCourse.Line line) {
      int split = splits.indexOf(line.split());
      for (int stage = 0; stage < arm.stages().size(); stage++) {
        List<TrainingCourse.Dot> dots = in(line, stage);
        if (dots.size() > 1) {
          Path2D path = new Path2D.Double();
          path.moveTo(x(dots.get(0).epoch()), y(dots.get(0).value().mean()));
          dots.forEach(dot -> path.lineTo(x(dot.epoch()), y(dot.value().mean())));
          stroke(g, split);
          g.draw(path);
        }
      }
      for (TrainingCourse.Dot dot : line.dots()) {
        double x = x(dot.epoch());
        double y = y(dot.value().mean());
        if (arm.epochs() <= ROOMY) {
          g.setColor(Palette.colour(split));
          g.setStroke(new BasicStroke(1));
          Palette.marker(split).paint(g, x, y, 5);
        }
        if (dot.kept()) {
          ring(g, x, y, Palette.INK);
        }
        HintedGraphics.hint(
            g,
            x,
            y,
            NEAR,
            "%s\n%s, epoch %d\n%s on %s: %s\n%s"
                .formatted(
                    arm.name(),
                    arm.stages().get(dot.stage()).name(),
                    dot.epoch(),
                    quantity.title(),
                    line.split(),
                    Numbers.of(quantity.unit(), List.of(dot.value())).text(dot.value()),
                    Words.count(dot.value().n(), "seed")));
      }
    }
  }
}
