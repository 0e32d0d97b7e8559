package io.secateur.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.sparsity.Pool.Span;
import io.secateur.sparsity.Selection.Candidate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bands, ties, rows and tiles of four take what a stable sort would, whatever the scores. */
class QuickWaysTest {
  private static final Granularity ELEMENT = new Granularity.Element();
  private static final Pattern GLOBAL = new Pattern(ELEMENT, new Scope.Global());
  private static final Pattern ROW = new Pattern(ELEMENT, new Scope.Row());
  private static final Pattern FOURS = new Pattern(ELEMENT, new Scope.Tile(4));

  private final Random random = new Random(11);

  /** Scores by index that are as unlike each other as may be, the hard ones among them. */
  private final List<IntToDoubleFunction> kinds =
      List.of(
          i -> random.nextGaussian(),
          i -> 0.25,
          i -> random.nextBoolean() ? 1 : -1,
          i -> random.nextInt(9) / 8.0,
          i -> random.nextInt(3) == 0 ? 0.0 : -0.0,
          i ->
              random.nextInt(4) == 0
                  ? (random.nextBoolean() ? 1 : -1) * Double.POSITIVE_INFINITY
                  : random.nextGaussian(),
          i -> i,
          i -> -i,
          i -> random.nextInt(2) * random.nextGaussian(),
          i -> Math.scalb(random.nextGaussian(), random.nextInt(200) - 100),
          // Rows of 500 and longer differ in scale from one to the next.
          i -> Math.scalb(random.nextDouble() - 0.1, i / 500 % 7));

  private Candidate weight(Form form, IntToDoubleFunction kind, double density, Amount amount) {
    float[] scores = new float[(int) form.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) kind.applyAsDouble(i);
    }
    Mask before = Mask.of(form, cell -> density == 1 || random.nextDouble() < density);
    return new Candidate("w", before, Scores.of(scores), amount);
  }

  private void check(Pattern pattern, Candidate candidate, String what) {
    List<Mask> masks = List.copyOf(Selection.select(pattern, List.of(candidate)).masks().values());

    assertThat(masks.equals(NaiveSelection.select(pattern, List.of(candidate))))
        .as(what + ", " + candidate.before().form() + ", " + candidate.amount())
        .isTrue();
  }

  @Test
  void rowsOfAnyLength() {
    for (int columns : new int[] {1, 63, 64, 65, 127, 128, 129, 500, 2047, 2048, 4095, 4097}) {
      for (IntToDoubleFunction kind : kinds) {
        for (double fraction : new double[] {0, 0.01, 0.5, 0.97, 1}) {
          double density = random.nextBoolean() ? 1 : 0.6;
          Amount amount = density == 1 ? Amount.of(fraction) : new Amount.OfRemaining(fraction);
          check(
              ROW,
              weight(Form.matrix(columns < 600 ? 40 : 7, columns), kind, density, amount),
              "kind " + kinds.indexOf(kind));
        }
      }
    }
  }

  @Test
  void rowsWhoseSamplesMislead() {
    // Low exactly where samples of 8 and of 24 runs look.
    for (int columns : new int[] {3000, 9000}) {
      int distance = columns / (columns < 8192 ? 8 : 24);
      check(
          ROW,
          weight(
              Form.matrix(5, columns),
              i -> i % columns % distance < 40 ? 0.001 * random.nextDouble() : random.nextDouble(),
              1,
              Amount.of(0.5)),
          "misleading");
    }
  }

  @Test
  void largeBudgetsFullOfTies() {
    for (IntToDoubleFunction kind : kinds) {
      for (double fraction : new double[] {1e-5, 0.12, 0.5, 0.75}) {
        check(
            GLOBAL,
            weight(
                Form.matrix(331, 401), kind, random.nextBoolean() ? 1 : 0.9, Amount.of(fraction)),
            "kind " + kinds.indexOf(kind));
      }
    }
  }

  @Test
  void tiesAreSettledByCounting() {
    int size = 1 << 18;
    CellUnits few = units(size, i -> i % 3);
    // Half are 0, and as many go as that, give or take a few: the cut lies beside what is equal.
    CellUnits beside = units(size, i -> i % 2 == 0 ? 0 : 1 + i);
    CellUnits below = units(size, i -> i % 2 == 0 ? 0 : -1 - i);

    assertThat(Ties.prune(Sample.of(spans(few), size), spans(few), size, size / 2)).isTrue();
    assertThat(few.mask().pruned()).isEqualTo(size / 2);
    assertThat(few.mask().keeps(0)).isFalse();
    assertThat(few.mask().keeps(size - 2)).isTrue();
    assertThat(IntStream.range(0, size).filter(i -> i % 3 == 1 && !few.mask().keeps(i)))
        .allMatch(i -> i < size / 2 + 10);
    assertThat(Ties.prune(Sample.of(spans(beside), size), spans(beside), size, size / 2 + 100))
        .isTrue();
    assertThat(IntStream.range(0, size).filter(i -> i % 2 == 1 && !beside.mask().keeps(i)))
        .allMatch(i -> i < 200);
    assertThat(beside.mask().pruned()).isEqualTo(size / 2 + 100);
    assertThat(Ties.prune(Sample.of(spans(below), size), spans(below), size, size / 2 - 100))
        .isTrue();
    assertThat(below.mask().pruned()).isEqualTo(size / 2 - 100);
  }

  private CellUnits units(int size, IntToDoubleFunction kind) {
    return new CellUnits(weight(Form.of(size), kind, 1, Amount.of(0.5)));
  }

  private static List<List<Span>> spans(Units units) {
    long half = units.size / 2;
    return List.of(List.of(new Span(units, 0, half)), List.of(new Span(units, half, units.size)));
  }

  @Test
  void foursThatHaveLostCells() {
    for (int columns : new int[] {4, 60, 64, 68, 132, 5000, 10}) {
      for (IntToDoubleFunction kind : kinds) {
        for (double density : new double[] {1, 0.8, 0.3}) {
          Form form = Form.matrix(5, columns);
          check(FOURS, weight(form, kind, density, Amount.of(0.5)), "of all");
          check(FOURS, weight(form, kind, density, new Amount.OfRemaining(0.5)), "of the rest");
        }
      }
    }
  }

  @Test
  void foursAskTheQuotaForEveryTile() {
    float[] scores = new float[64];
    Mask before = Mask.of(Form.matrix(1, 64), cell -> cell >= 7);
    Candidate half = new Candidate("w", before, Scores.of(scores), Amount.of(0.25));
    Candidate two = new Candidate("w", before, Scores.of(scores), new Amount.Count(2));

    assertThat(Selection.select(FOURS, List.of(half)).warnings())
        .containsExactly(
            "w: in 2 of 16 budgets more units are already pruned than asked for (7, not 2);"
                + " nothing more is pruned there");
    assertThatThrownBy(() -> Selection.select(FOURS, List.of(two)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 units of a budget of 4 were to be pruned, 0 of them remain");
  }

  @Test
  void aNaNIsToldInRowsAndFoursUnlessItsCellIsGone() {
    for (Pattern pattern : List.of(ROW, FOURS)) {
      float[] scores = new float[20 * 500];
      Arrays.fill(scores, 1);
      scores[7777] = Float.NaN;
      Form form = Form.matrix(20, 500);
      Mask gone = Mask.of(form, cell -> cell != 7777);

      assertThatThrownBy(
              () ->
                  Selection.select(
                      pattern,
                      List.of(
                          new Candidate("w", Mask.dense(form), Scores.of(scores), Amount.of(0.5)))))
          .hasMessageContaining("w: the score of flat index 7777 (row 15, column 277) is NaN");
      check(pattern, new Candidate("w", gone, Scores.of(scores), Amount.of(0.5)), "gone");
    }
  }

  @Test
  void aBandAndItsComplementHoldEveryKey() {
    float[] scores = new float[Ints.UNITS + 100];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) kinds.get(i % 6).applyAsDouble(i);
    }
    Mask before = Mask.of(Form.of(scores.length), cell -> cell % 5 != 0);
    CellUnits units = new CellUnits(new Candidate("w", before, Scores.of(scores), Amount.of(0.5)));
    Band band = new Band();
    int[] ends = {
      -Ints.INFINITY, -Float.floatToIntBits(1), -1, 0, 1, Float.floatToIntBits(1), Ints.INFINITY
    };
    for (int from = 0; from < ends.length; from++) {
      for (int to = from; to < ends.length; to++) {
        assertThat(band.read(units, 37, 4000, ends[from], ends[to])).isTrue();
        for (int i = 0; i < 4032; i++) {
          float score = scores[37 + i % 4000] + 0f;
          int magnitude = Float.floatToRawIntBits(Math.abs(score));
          int own = score < 0 ? -magnitude : magnitude;
          boolean there = i < 4000 && (37 + i) % 5 != 0;
          assertThat((band.lower[i / 64] >>> i & 1) != 0).isEqualTo(there && own < ends[from]);
          assertThat((band.within[i / 64] >>> i & 1) != 0)
              .isEqualTo(there && own >= ends[from] && own <= ends[to]);
        }
      }
    }
  }
}
