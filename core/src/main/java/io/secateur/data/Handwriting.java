package io.secateur.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes digits: picks a skeleton, bends it by a {@link Hand}, follows it with a pen of changing
 * width, and lets ink run and grain show. Equal random numbers give equal bytes on every machine.
 */
final class Handwriting {
  /** Pixels in a row and in a column. */
  static final int SIDE = 28;

  private static final double PIXELS_PER_UNIT = 0.2;

  /** No digit comes closer to the edge than a pen's width. */
  private static final double MARGIN = 2.5;

  /** Points per way between two skeleton points: less than half a pixel apart. */
  private static final int POINTS = 16;

  private Handwriting() {}

  private record Dot(double x, double y, double radius) {}

  /** Writes one digit into {@code bytes} from {@code first} on. */
  static void write(int digit, SplitMix random, byte[] bytes, int first) {
    List<List<Stroke>> ways = Skeletons.of(digit);
    List<Dot> dots = trace(ways.get(random.below(ways.size())), random);
    Paper paper = new Paper(SIDE);
    draw(dots, paper, random);
    paper.blur(random.uniform(0.03, 0.16));
    paper.fade(random.uniform(0.72, 1.05));
    double coarseness = random.uniform();
    paper.grain(0.09 * coarseness * coarseness, random);
    paper.copyTo(bytes, first);
  }

  /** Follows the strokes, in units around the middle of the box. */
  private static List<Dot> trace(List<Stroke> strokes, SplitMix random) {
    Hand hand = new Hand(random);
    double pen = Math.max(0.55, 1.12 + 0.30 * random.bell());
    List<Dot> dots = new ArrayList<>();
    for (Stroke stroke : strokes) {
      double begin = 0.35 * random.uniform() * random.uniform();
      double end = stroke.length() - 0.35 * random.uniform() * random.uniform();
      double offX = dots.isEmpty() ? 0 : 2 * random.bell();
      double offY = dots.isEmpty() ? 0 : 2 * random.bell();
      double swell = random.uniform(0, 0.3);
      double beat = random.uniform(0.5, 1.6);
      double phase = random.uniform(0, 2 * StrictMath.PI);
      int steps = stroke.length() * POINTS;
      for (int i = 0; i <= steps; i++) {
        double at = begin + (end - begin) * i / steps;
        double x = stroke.x(at) + offX;
        double y = stroke.y(at) + offY;
        double radius = pen * (1 + swell * StrictMath.sin(beat * at + phase));
        dots.add(new Dot(hand.x(x, y), hand.y(x, y), radius));
      }
    }
    return dots;
  }

  /** Draws with the box of the strokes near the middle of the paper, smaller where it is wide. */
  private static void draw(List<Dot> dots, Paper paper, SplitMix random) {
    double left = dots.stream().mapToDouble(Dot::x).min().orElse(0);
    double right = dots.stream().mapToDouble(Dot::x).max().orElse(0);
    double top = dots.stream().mapToDouble(Dot::y).min().orElse(0);
    double bottom = dots.stream().mapToDouble(Dot::y).max().orElse(0);
    double room = SIDE - 2 * MARGIN;
    double asked = PIXELS_PER_UNIT * (0.97 + 0.07 * random.bell());
    double scale = Math.min(asked, room / Math.max(right - left, bottom - top));
    double x = middle(scale * (right - left), room, random) - scale * (left + right) / 2;
    double y = middle(scale * (bottom - top), room, random) - scale * (top + bottom) / 2;
    for (Dot dot : dots) {
      paper.dot(x + scale * dot.x(), y + scale * dot.y(), dot.radius());
    }
  }

  private static double middle(double extent, double room, SplitMix random) {
    double slack = (room - extent) / 2;
    double shift = 0.7 * random.bell();
    return SIDE / 2.0 + Math.min(slack, Math.max(-slack, shift));
  }
}
