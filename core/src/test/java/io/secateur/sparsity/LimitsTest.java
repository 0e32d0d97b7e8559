package io.secateur.sparsity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Selection.Candidate;
import io.secateur.sparsity.Selection.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final Granularity ROWS = new Granularity.Slice(Axis.OUTPUT);
  private static final Pattern GLOBAL = new Pattern(ROWS, new Scope.Global());
  private static final Pattern LAYER = new Pattern(ROWS, new Scope.Layer());

  private static Candidate rows(String name, Amount amount, float... scores) {
    Mask all = Mask.of(Form.matrix(scores.length, 1), cell -> true);
    return new Candidate(name, all, Scores.of(scores), amount);
  }

  private static Limits keeping(double least) {
    return new Limits(least, 1, Normalise.NONE);
  }

  private static Limits roundedTo(int multiple) {
    return new Limits(0, multiple, Normalise.NONE);
  }

  private static String kept(Outcome outcome, String name) {
    Mask mask = requireNonNull(outcome.masks().get(name));
    StringBuilder bits = new StringBuilder();
    for (long cell = 0; cell < mask.form().size(); cell++) {
      bits.append(mask.keeps(cell) ? '1' : '0');
    }
    return bits.toString();
  }

  @Test
  void whatAWeightKeepsTheOthersGive() {
    Amount six = new Amount.Count(6);
    List<Candidate> weights =
        List.of(rows("a", six, 1, 2, 3, 4), rows("b", six, 5, 6, 7, 8), rows("c", six, 9, 10));

    Outcome outcome = Selection.select(GLOBAL, weights, keeping(2));

    // Of a two can go, then the four lowest of the rest are 5, 6, and no more of b: c has none.
    assertThat(kept(outcome, "a")).isEqualTo("0011");
    assertThat(kept(outcome, "b")).isEqualTo("0011");
    assertThat(kept(outcome, "c")).isEqualTo("11");
    assertThat(outcome.warnings())
        .containsExactly(
            "all weights together: 6 units asked for, 4 can go, for keep-at-least keeps the"
                + " others");
    assertThat(Selection.select(GLOBAL, weights, keeping(1)).warnings()).isEmpty();
    assertThat(kept(Selection.select(GLOBAL, weights, keeping(1)), "b")).isEqualTo("0001");
  }

  @Test
  void aFractionIsRoundedUpAsItIsWritten() {
    assertThat(keeping(0.1).floor(30)).isEqualTo(3);
    assertThat(keeping(0.1).floor(31)).isEqualTo(4);
    assertThat(keeping(0).floor(31)).isZero();
    assertThat(keeping(8).floor(5)).isEqualTo(5);
  }

  @Test
  void aLayerThatCannotGiveAsMuchIsNamed() {
    Outcome outcome =
        Selection.select(
            LAYER,
            List.of(
                rows("a", new Amount.OfAll(.75), 4, 3, 2, 1),
                rows("b", new Amount.OfAll(.5), 1, 2, 3, 4)),
            keeping(.5));

    assertThat(kept(outcome, "a")).isEqualTo("1100");
    assertThat(kept(outcome, "b")).isEqualTo("0011");
    assertThat(outcome.warnings())
        .containsExactly("a: 3 units asked for, 2 can go, for keep-at-least keeps the others");
  }

  @Test
  void whatStaysIsRoundedUpToAMultiple() {
    Outcome outcome =
        Selection.select(
            LAYER,
            List.of(
                rows("a", new Amount.OfAll(.5), 1, 2, 3, 4, 5, 6, 7),
                rows("b", new Amount.OfAll(.5), 1, 2),
                rows("c", new Amount.OfAll(.5), 1, 2, 3, 4, 5, 6, 7, 8),
                rows("d", new Amount.OfAll(1), 1, 2, 3, 4)),
            roundedTo(4));

    // rint(3.5) = 4 of a are asked for, which would leave 3; of b 1; of d all, and 0 is a multiple.
    assertThat(kept(outcome, "a")).isEqualTo("0001111");
    assertThat(kept(outcome, "b")).isEqualTo("11");
    assertThat(kept(outcome, "c")).isEqualTo("00001111");
    assertThat(kept(outcome, "d")).isEqualTo("0000");
    assertThat(outcome.notes())
        .containsExactly(
            "a: 4 units asked for, 3 go by round-to 4", "b: 1 unit asked for, 0 go by round-to 4");
    assertThat(outcome.warnings()).isEmpty();
  }

  @Test
  void roundingUnderOneBudgetPrunesLessAndSaysSo() {
    Amount half = new Amount.OfAll(.5);
    Outcome outcome =
        Selection.select(
            GLOBAL,
            List.of(rows("a", half, 1, 2, 3, 4, 9, 9), rows("b", half, 5, 6, 7, 8)),
            roundedTo(2));

    assertThat(kept(outcome, "a")).isEqualTo("000011");
    assertThat(kept(outcome, "b")).isEqualTo("1111");
    assertThat(outcome.notes())
        .containsExactly("all weights together: 5 units asked for, 4 go by round-to 2");
  }

  @Test
  void scoresAreDividedByTheMeanOrTheMaximumOfWhatRemains() {
    Amount two = new Amount.Count(2);
    Candidate small = rows("small", two, .1f, .2f, .3f);
    // The first is pruned already and takes no part: mean 40, maximum 60.
    Candidate large =
        new Candidate(
            "large",
            Mask.of(Form.matrix(4, 1), cell -> cell > 0),
            Scores.of(1e9f, 10, 50, 60),
            two);
    List<Candidate> both = List.of(small, large);

    // By the mean: .5, 1, 1.5 and .25, 1.25, 1.5. By the maximum: .33, .67, 1 and .17, .83, 1.
    for (Normalise how : List.of(Normalise.MEAN, Normalise.MAX)) {
      Outcome outcome = Selection.select(GLOBAL, both, new Limits(0, 1, how));
      assertThat(kept(outcome, "small")).isEqualTo("011");
      assertThat(kept(outcome, "large")).isEqualTo("0011");
    }
    assertThat(kept(Selection.select(GLOBAL, both, Limits.NONE), "small")).isEqualTo("001");
  }

  @Test
  void blocksAreDividedByThoseOfBlocks() {
    Pattern blocks = new Pattern(new Granularity.Block(1, 2), new Scope.Global());
    Amount two = new Amount.Count(2);
    Mask all = Mask.of(Form.matrix(1, 4), cell -> true);
    Candidate small = new Candidate("small", all, Scores.of(1, 0, 0, 2), two);
    Candidate large = new Candidate("large", all, Scores.of(10, 20, 30, 70), two);

    // Blocks of 1 and 2, and of 30 and 100: by the maximum .5, 1 and .3, 1.
    Outcome outcome =
        Selection.select(blocks, List.of(small, large), new Limits(0, 1, Normalise.MAX));

    assertThat(kept(outcome, "small")).isEqualTo("0011");
    assertThat(kept(outcome, "large")).isEqualTo("0011");
  }

  @Test
  void refusesToDivideByWhatWouldTurnTheOrderAround() {
    Limits mean = new Limits(0, 1, Normalise.MEAN);
    Amount one = new Amount.Count(1);
    assertThatThrownBy(() -> Selection.select(GLOBAL, List.of(rows("a", one, -3, 1)), mean))
        .hasMessage(
            "a: normalise divides its scores by their mean, which must be finite and above 0, and"
                + " is -1.0; use normalise: none");
    float infinite = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> Selection.select(GLOBAL, List.of(rows("a", one, 1, infinite)), mean))
        .hasMessageContaining("and is Infinity");
    assertThat(kept(Selection.select(GLOBAL, List.of(rows("a", one, 0, 0)), mean), "a"))
        .isEqualTo("01");
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> keeping(1.5))
        .hasMessage("keep-at-least must be a fraction below 1 or a whole number of units, was 1.5");
    assertThatThrownBy(() -> keeping(-1)).hasMessageEndingWith("was -1.0");
    assertThatThrownBy(() -> keeping(Double.NaN)).hasMessageEndingWith("was NaN");
    assertThatThrownBy(() -> roundedTo(0)).hasMessage("round-to must be at least 1, was 0");
    Granularity element = new Granularity.Element();
    assertThatThrownBy(() -> keeping(2).requireSuited(new Pattern(element, new Scope.Row())))
        .hasMessage(
            "keep-at-least counts the units of a whole weight, and scope row has budgets within it;"
                + " use scope layer or global");
    assertThatThrownBy(() -> roundedTo(8).requireSuited(new Pattern(element, new Scope.Layer())))
        .hasMessage(
            "round-to counts whole units of a weight; use granularity output-units, input-units or"
                + " slice, with scope layer or global");
    assertThatThrownBy(() -> new Limits(0, 1, Normalise.MAX).requireSuited(LAYER))
        .hasMessage(
            "normalise is for scores of different weights, and under scope layer none compete; use"
                + " scope global, or leave normalise out");
  }

  @Test
  void saysWhenNothingCouldGo() {
    assertThat(keeping(8).fault(List.of(4L, 8L)))
        .contains(
            "keep-at-least 8 leaves nothing to prune, for no weight has more than 8 units; ask for"
                + " less");
    assertThat(new Limits(.5, 16, Normalise.NONE).fault(List.of(16L)))
        .contains(
            "keep-at-least 0.5 with round-to 16 leaves nothing to prune, for no weight has more than"
                + " 16 units; ask for less");
    assertThat(keeping(8).fault(List.of(4L, 9L))).isEmpty();
    assertThat(roundedTo(64).fault(List.of(16L))).isEmpty();
  }

  @Test
  void prunesWhatAStableSortWithinTheLimitsWould() {
    int bound = 0;
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      long count = 0;
      List<Candidate> weights = new ArrayList<>();
      double density = random.nextInt(2) == 0 ? 1 : random.nextDouble();
      for (int i = 0; i < 1 + random.nextInt(5); i++) {
        float[] scores = new float[1 + random.nextInt(20)];
        for (int unit = 0; unit < scores.length; unit++) {
          scores[unit] = 1 + random.nextInt(12);
        }
        Mask before = Mask.of(Form.matrix(scores.length, 1), cell -> random.nextDouble() < density);
        count += before.survivors();
        weights.add(new Candidate("w" + i, before, Scores.of(scores), Amount.of(0)));
      }
      Amount amount =
          random.nextInt(4) == 0
              ? new Amount.Below(random.nextInt(12))
              : new Amount.Count(random.nextInt((int) count + 1));
      weights.replaceAll(w -> new Candidate(w.name(), w.before(), w.scores(), amount));
      Limits limits =
          new Limits(
              random.nextBoolean() ? random.nextInt(6) : random.nextDouble(), 1, Normalise.NONE);

      Outcome outcome = Selection.select(GLOBAL, weights, limits);

      List<boolean[]> expected = naive(weights, amount, limits);
      for (int i = 0; i < weights.size(); i++) {
        boolean[] own = expected.get(i);
        assertThat(outcome.masks().get("w" + i))
            .as("seed %d, %s", seed, limits)
            .isEqualTo(Mask.of(weights.get(i).before().form(), cell -> own[(int) cell]));
      }
      bound += outcome.warnings().size();
    }
    assertThat(bound).isGreaterThan(50);
  }

  /**
   * Goes through all units from the lowest score on, and takes each whose weight has one to give.
   */
  private static List<boolean[]> naive(List<Candidate> weights, Amount amount, Limits limits) {
    List<boolean[]> kept = new ArrayList<>();
    List<int[]> order = new ArrayList<>();
    long[] left = new long[weights.size()];
    for (int i = 0; i < left.length; i++) {
      Mask before = weights.get(i).before();
      boolean[] own = new boolean[(int) before.form().size()];
      for (int unit = 0; unit < own.length; unit++) {
        own[unit] = before.keeps(unit);
        if (own[unit]) {
          order.add(new int[] {i, unit});
        }
      }
      kept.add(own);
      left[i] = before.survivors() - limits.floor(own.length);
    }
    order.sort((a, b) -> Float.compare(score(weights, a), score(weights, b)));
    long wanted = amount instanceof Amount.Count count ? count.units() : Long.MAX_VALUE;
    for (int[] unit : order) {
      if (wanted > 0 && left[unit[0]] > 0 && score(weights, unit) <= amount.limit()) {
        kept.get(unit[0])[unit[1]] = false;
        left[unit[0]]--;
        wanted--;
      }
    }
    return kept;
  }

  private static float score(List<Candidate> weights, int[] unit) {
    float[] score = new float[1];
    weights.get(unit[0]).scores().read(unit[1], score, 1);
    return score[0];
  }
}
