package io.secateur.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.sparsity.Pool.Span;
import io.secateur.sparsity.Selection.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The way through large budgets takes what a stable sort would, and leaves what it cannot do. */
class BracketTest {
  private static final Pattern GLOBAL = new Pattern(new Granularity.Element(), new Scope.Global());
  private static final Pattern ROW = new Pattern(new Granularity.Element(), new Scope.Row());

  private static Candidate weight(
      String name,
      Form form,
      double density,
      Supplier<Float> scores,
      Amount amount,
      Random random) {
    float[] drawn = new float[(int) form.size()];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = scores.get();
    }
    Mask before = Mask.of(form, cell -> density == 1 || random.nextDouble() < density);
    return new Candidate(name, before, Scores.of(drawn), amount);
  }

  private static void check(Pattern pattern, List<Candidate> candidates, String what) {
    List<Mask> masks = List.copyOf(Selection.select(pattern, candidates).masks().values());

    assertThat(masks.equals(NaiveSelection.select(pattern, candidates))).as(what).isTrue();
  }

  @Test
  void takesWhatAStableSortWould() {
    Random random = new Random(5);
    List<Supplier<Float>> kinds =
        List.of(
            () -> (float) random.nextGaussian(),
            () -> Math.abs((float) random.nextGaussian()),
            // A few hundred values, some of them zeros of both signs and infinities.
            () -> random.nextInt(400) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(800) / -2f,
            () -> random.nextInt(3) == 0 ? -0f : (float) Math.rint(random.nextGaussian() * 1e4));
    for (Supplier<Float> kind : kinds) {
      for (double part : new double[] {1e-5, 0.1, 0.5, 0.9, 0.99999}) {
        Amount amount = Amount.of(part);
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(weight("a", Form.matrix(301, 275), 1, kind, amount, random));
        candidates.add(weight("b", Form.of(77), 1, kind, amount, random));
        candidates.add(weight("c", Form.matrix(233, 311), 0.7, kind, amount, random));
        check(GLOBAL, candidates, "kind %d, %s".formatted(kinds.indexOf(kind), part));
      }
    }
  }

  @Test
  void rowsBeginAndEndAnywhereInAWord() {
    Random random = new Random(6);
    Candidate wide =
        weight("w", Form.matrix(3, 140_003), 0.9, () -> random.nextFloat(), Amount.of(0.4), random);

    check(ROW, List.of(wide), "wide rows");
  }

  @Test
  void tellsANaNAsTheSlowerWayDoes() {
    float[] scores = new float[200_000];
    scores[123_456] = Float.NaN;
    Candidate candidate =
        new Candidate("w", Mask.dense(Form.of(200_000)), Scores.of(scores), Amount.of(0.5));

    assertThatThrownBy(() -> Selection.select(GLOBAL, List.of(candidate)))
        .hasMessageContaining("w: the score of flat index 123456")
        .hasMessageContaining("is NaN");
  }

  @Test
  void ofPrunedUnitsScoresMayBeNaN() {
    Random random = new Random(7);
    float[] scores = new float[200_000];
    IntStream.range(0, scores.length).forEach(i -> scores[i] = random.nextFloat());
    scores[50_000] = Float.NaN;
    Mask before = Mask.of(Form.of(scores.length), cell -> cell != 50_000);

    check(
        GLOBAL,
        List.of(new Candidate("w", before, Scores.of(scores), Amount.of(0.5))),
        "NaN of a pruned cell");
  }

  @Test
  void decidesWhenScoresDifferAndLeavesAllWhenManyAreEqual() {
    Random random = new Random(8);
    long size = 1 << 18;
    CellUnits distinct = units(random::nextFloat, random);
    CellUnits equal = units(() -> (float) random.nextInt(3), random);

    assertThat(Bracket.prune(Sample.of(spans(distinct), size), spans(distinct), size, size / 2))
        .isTrue();
    assertThat(distinct.mask().pruned()).isEqualTo(size / 2);
    assertThat(Bracket.prune(Sample.of(spans(equal), size), spans(equal), size, size / 2))
        .isFalse();
    assertThat(equal.mask().pruned()).isZero();
  }

  @Test
  void leavesAllWhenTheSampleMisleads() {
    // Ascending within every stretch that the sample looks at the beginning of.
    int size = 1 << 18;
    float[] scores = new float[size];
    for (int i = 0; i < size; i++) {
      scores[i] = i % 256 < 48 ? i * 1e-7f : 1 + i * 1e-7f;
    }
    CellUnits units =
        new CellUnits(
            new Candidate("w", Mask.dense(Form.of(size)), Scores.of(scores), Amount.of(0.5)));

    assertThat(Bracket.prune(Sample.of(spans(units), size), spans(units), size, size / 2))
        .isFalse();
    assertThat(units.mask().pruned()).isZero();
  }

  private static CellUnits units(Supplier<Float> scores, Random random) {
    return new CellUnits(weight("w", Form.of(1 << 18), 1, scores, Amount.of(0.5), random));
  }

  private static List<List<Span>> spans(Units units) {
    long half = units.size / 2;
    return List.of(List.of(new Span(units, 0, half)), List.of(new Span(units, half, units.size)));
  }
}
