package io.secateur.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Selection.Candidate;
import io.secateur.sparsity.Selection.Outcome;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final Pattern LAYER = new Pattern(new Granularity.Element(), new Scope.Layer());
  private static final Pattern GLOBAL = new Pattern(new Granularity.Element(), new Scope.Global());
  private static final Pattern ROW = new Pattern(new Granularity.Element(), new Scope.Row());
  private static final Amount HALF = Amount.of(0.5);

  @Test
  void keepsExactlyTheAskedFractionUnderTies() {
    assertThat(kept(LAYER, HALF, 1, 7, 5, 5, 5, 5, 5, 5, 5)).isEqualTo("0000111");
    assertThat(kept(LAYER, HALF, 1, 5, 5, 5, 5, 5, 5)).isEqualTo("00111");
  }

  @Test
  void prunesTheLowestFirst() {
    assertThat(kept(LAYER, HALF, 2, 3, 4, 1, 5, -9, 2, 6)).isEqualTo("101001");
  }

  @Test
  void holdsMinusZeroEqualToZero() {
    assertThat(kept(LAYER, new Amount.Count(1), 1, 3, 0f, -0f, 1)).isEqualTo("011");
    assertThat(kept(LAYER, new Amount.Count(1), 1, 3, -0f, 0f, 1)).isEqualTo("011");
  }

  @Test
  void ranksInfinitiesAtTheEnds() {
    float inf = Float.POSITIVE_INFINITY;
    assertThat(kept(LAYER, HALF, 1, 4, inf, -inf, Float.MAX_VALUE, inf)).isEqualTo("1001");
    assertThat(kept(LAYER, Amount.of(1), 1, 2, inf, -inf)).isEqualTo("00");
  }

  @Test
  void prunesEveryScoreBelow() {
    assertThat(kept(LAYER, new Amount.Below(2), 1, 5, 3, 2, 1, 2, 2.5f)).isEqualTo("10001");
    assertThat(kept(GLOBAL, new Amount.Below(2), 1, 5, 3, 2, 1, 2, 2.5f)).isEqualTo("10001");
  }

  @Test
  void comparesBelowWithTheDoubleItself() {
    // The float nearest to 0.1 is above it.
    assertThat(kept(LAYER, new Amount.Below(0.1), 1, 2, 0.1f, 0.09f)).isEqualTo("10");
    assertThat(kept(LAYER, new Amount.Below(1e300), 1, 2, Float.MAX_VALUE, 1e38f)).isEqualTo("00");
    assertThat(kept(LAYER, new Amount.Below(-0.0), 1, 2, 0f, 1f)).isEqualTo("01");
  }

  @Test
  void countsFractionsOfAllOverRoundsAndOfTheRemainingFromThere() {
    Mask half = Mask.of(Form.matrix(1, 8), cell -> cell >= 4);
    Scores scores = Scores.of(0, 1, 2, 3, 4, 5, 6, 7);

    assertThat(kept(LAYER, new Candidate("w", half, scores, Amount.of(0.75))))
        .isEqualTo("00000011");
    assertThat(kept(LAYER, new Candidate("w", half, scores, new Amount.OfRemaining(0.75))))
        .isEqualTo("00000001");
    assertThat(kept(LAYER, new Candidate("w", half, scores, new Amount.Count(1))))
        .isEqualTo("00000111");
  }

  @Test
  void neverBringsBackWhatWasPruned() {
    Mask before = Mask.of(Form.matrix(1, 4), cell -> cell != 3);
    Candidate candidate = new Candidate("w", before, Scores.of(1, 2, 3, 100), HALF);

    assertThat(kept(LAYER, candidate)).isEqualTo("0110");
  }

  @Test
  void leavesABudgetThatHasLostMoreAndSaysSo() {
    Mask before = Mask.of(Form.matrix(2, 4), cell -> cell < 4 || cell == 7);
    Candidate candidate = new Candidate("fc.weight", before, Scores.of(new float[8]), HALF);

    Outcome rows = Selection.select(ROW, List.of(candidate));
    Outcome layer =
        Selection.select(
            LAYER,
            List.of(new Candidate("fc.weight", before, Scores.of(new float[8]), Amount.of(0.25))));

    assertThat(rows.masks()).containsEntry("fc.weight", mask(2, 4, "00110001"));
    assertThat(rows.warnings())
        .containsExactly(
            "fc.weight: in 1 of 2 budgets more units are already pruned than asked for (3, not 2);"
                + " nothing more is pruned there");
    assertThat(layer.masks()).containsEntry("fc.weight", before);
    assertThat(layer.warnings())
        .containsExactly(
            "fc.weight: 3 units are already pruned, more than the 2 asked for; nothing more is"
                + " pruned");
  }

  @Test
  void holdsNofMInEveryTileOfEveryKernelPosition() {
    Pattern twoOfFour = new Pattern(new Granularity.Element(), new Scope.Tile(4));
    // 5 inputs × 2 kernel cells: tiles 0 2 4 6, 1 3 5 7, and the shorter 8, 9.
    Form form = new Form(1, 5, 1, 2);
    Scores scores = Scores.of(9, 1, 8, 2, 7, 3, 6, 4, 0, 0);

    assertThat(kept(twoOfFour, new Candidate("w", Mask.dense(form), scores, HALF)))
        .isEqualTo("1010010111");
  }

  @Test
  void noTileKeepsMoreThanNOfMWhateverTheWidth() {
    SplittableRandom random = new SplittableRandom(3);
    for (int m = 2; m <= 16; m++) {
      for (int n = 1; n < m; n++) {
        int inputs = 1 + random.nextInt(3 * m);
        Form form = new Form(2, inputs, 1, 1 + random.nextInt(2));
        float[] drawn = new float[(int) form.size()];
        for (int i = 0; i < drawn.length; i++) {
          drawn[i] = (float) random.nextDouble();
        }
        Candidate candidate =
            new Candidate(
                "w", Mask.dense(form), Scores.of(drawn), new Amount.OfAll(1 - (double) n / m));
        String kept = kept(new Pattern(new Granularity.Element(), new Scope.Tile(m)), candidate);
        for (int cell = 0; cell < drawn.length; cell++) {
          int input = (int) (cell % form.columns() / form.kernel());
          if (input % m == 0) {
            int here = 0;
            int size = Math.min(m, inputs - input);
            for (int j = 0; j < size; j++) {
              here += kept.charAt(cell + j * (int) form.kernel()) - '0';
            }
            String trace = "seed 3: %d:%d of %s from cell %d".formatted(n, m, form, cell);
            assertThat(here).as(trace).isLessThanOrEqualTo(n);
            assertThat(here)
                .as(trace)
                .isEqualTo(size - (int) Math.rint((1 - (double) n / m) * size));
          }
        }
      }
    }
  }

  @Test
  void sumsABlocksRemainingScores() {
    Pattern blocks = new Pattern(new Granularity.Block(2, 2), new Scope.Layer());
    // Without its pruned 9 the first block is the lowest; the last is one column wide.
    Mask before = Mask.of(Form.matrix(2, 5), cell -> cell != 0);
    Scores scores = Scores.of(9, 1, 2, 2, 5, 1, 1, 2, 2, 5);

    assertThat(kept(blocks, new Candidate("w", before, scores, new Amount.Count(1))))
        .isEqualTo("0011100111");
  }

  @Test
  void prunesWholeSlicesAndLetsPartlyPrunedOnesCompete() {
    Pattern inputs = new Pattern(new Granularity.Slice(Axis.INPUT), new Scope.Layer());
    Mask before = Mask.of(Form.matrix(2, 4), cell -> cell != 0 && cell != 1 && cell != 5);
    Candidate half = new Candidate("w", before, Scores.of(0, 5, 3, 2), HALF);

    // Input 1 is gone already; half of 4 is one more: input 0, of which one cell is left.
    assertThat(kept(inputs, half)).isEqualTo("00110011");
  }

  @Test
  void poolsWeightsInTheirOrder() {
    Candidate first = new Candidate("a", Mask.dense(Form.matrix(1, 2)), Scores.of(1, 1), HALF);
    Candidate second = new Candidate("b", Mask.dense(Form.matrix(1, 2)), Scores.of(1, 0), HALF);

    Outcome outcome = Selection.select(GLOBAL, List.of(first, second));

    assertThat(outcome.masks().keySet()).containsExactly("a", "b");
    assertThat(outcome.masks().get("a")).isEqualTo(mask(1, 2, "01"));
    assertThat(outcome.masks().get("b")).isEqualTo(mask(1, 2, "10"));
  }

  @Test
  void prunesEqualsInIndexOrderWhereSeveralThreadsShareTheWork() {
    Form form = Form.matrix(1 << 10, 1 << 10);
    Candidate equals =
        new Candidate("w", Mask.dense(form), Scores.of(new float[1 << 20]), Amount.of(0.75));

    assertThat(Selection.select(GLOBAL, List.of(equals)).masks())
        .containsEntry("w", Mask.of(form, cell -> cell >= 3 << 18));
  }

  @Test
  void selectsNothingFromNothing() {
    assertThat(Selection.select(GLOBAL, List.of()).masks()).isEmpty();
  }

  @Test
  void namesTheWeightAndTheCellWhoseScoreIsNaN() {
    for (Pattern pattern : List.of(LAYER, GLOBAL, ROW)) {
      assertThatThrownBy(() -> kept(pattern, Amount.of(0), 2, 3, 1, 2, 3, 4, Float.NaN, 6))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "w: the score of flat index 4 (row 1, column 1) is NaN; scores must be numbers or"
                  + " infinite");
    }
    Pattern blocks = new Pattern(new Granularity.Block(2, 2), new Scope.Layer());
    assertThatThrownBy(() -> kept(blocks, HALF, 2, 3, 1, 2, 3, 4, Float.NaN, 6))
        .hasMessageContaining("w: the score of flat index 4 (row 1, column 1) is NaN");
    float inf = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> kept(blocks, HALF, 2, 3, 1, 2, inf, 4, 5, -inf))
        .hasMessageContaining("w: the scores of block 1 (from row 0, column 2 on) add up to NaN");
  }

  @Test
  void namesTheSameCellWhereSeveralThreadsShareTheWork() {
    float[] scores = new float[1 << 20];
    scores[700] = scores[1_000_000] = Float.NaN;

    assertThatThrownBy(() -> kept(GLOBAL, HALF, 1 << 10, 1 << 10, scores))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("w: the score of flat index 700 ");
    scores[700] = 0;
    assertThatThrownBy(() -> kept(ROW, HALF, 1 << 10, 1 << 10, scores))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("w: the score of flat index 1000000 ");
  }

  @Test
  void ignoresTheScoresOfWhatIsPrunedAlready() {
    Mask before = Mask.of(Form.matrix(1, 4), cell -> cell != 0);
    Candidate candidate = new Candidate("w", before, Scores.of(Float.NaN, 3, 1, 2), HALF);

    assertThat(kept(LAYER, candidate)).isEqualTo("0101");
  }

  @Test
  void refusesCountsAboveWhatRemains() {
    Mask before = Mask.of(Form.matrix(1, 4), cell -> cell > 0);
    Candidate candidate =
        new Candidate("fc.weight", before, Scores.of(1, 2, 3, 4), new Amount.Count(4));

    assertThatThrownBy(() -> Selection.select(LAYER, List.of(candidate)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "fc.weight: 4 units of a budget of 4 were to be pruned, 3 of them remain; ask for at"
                + " most that many");
  }

  @Test
  void refusesScoresOfAnotherSize() {
    assertThatThrownBy(() -> kept(LAYER, HALF, 2, 2, 1, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("w: 3 scores were given, 4 are needed, one per cell");
    Pattern rows = new Pattern(new Granularity.Slice(Axis.OUTPUT), new Scope.Layer());
    assertThatThrownBy(() -> kept(rows, HALF, 2, 2, 1, 2, 3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("w: 4 scores were given, 2 are needed, one per slice along OUTPUT");
  }

  @Test
  void refusesUnequalAmountsUnderGlobalScopeAndNamesThatStandTwice() {
    Candidate a = new Candidate("a", Mask.dense(Form.matrix(1, 1)), Scores.of(1), HALF);
    Candidate b = new Candidate("b", Mask.dense(Form.matrix(1, 1)), Scores.of(1), Amount.of(0.4));

    assertThatThrownBy(() -> Selection.select(GLOBAL, List.of(a, b)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "b: scope global has one budget and one amount, but OfAll[fraction=0.4] is asked for"
                + " here and OfAll[fraction=0.5] for a");
    assertThatThrownBy(() -> Selection.select(LAYER, List.of(a, a)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a: stands twice");
  }

  private static String kept(
      Pattern pattern, Amount amount, int rows, int columns, float... scores) {
    Mask dense = Mask.dense(Form.matrix(rows, columns));
    return kept(pattern, new Candidate("w", dense, Scores.of(scores), amount));
  }

  private static String kept(Pattern pattern, Candidate candidate) {
    StringBuilder bits = new StringBuilder();
    for (Mask mask : Selection.select(pattern, List.of(candidate)).masks().values()) {
      for (long cell = 0; cell < mask.form().size(); cell++) {
        bits.append(mask.keeps(cell) ? '1' : '0');
      }
    }
    return bits.toString();
  }

  private static Mask mask(int rows, int columns, String bits) {
    return Mask.of(Form.matrix(rows, columns), cell -> bits.charAt((int) cell) == '1');
  }
}
