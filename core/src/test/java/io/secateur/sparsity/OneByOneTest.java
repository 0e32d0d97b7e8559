package io.secateur.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.sparsity.Selection.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OneByOneTest {
  private static final Granularity ELEMENT = new Granularity.Element();

  static Stream<Arguments> patterns() {
    List<Scope> scopes =
        List.of(new Scope.Global(), new Scope.Layer(), new Scope.Row(), new Scope.Tile(4));
    List<Amount> amounts =
        List.of(
            new Amount.OfAll(0.5),
            new Amount.OfRemaining(0.3),
            new Amount.OfAll(0),
            new Amount.OfAll(1),
            new Amount.Below(0.25));
    return scopes.stream()
        .flatMap(scope -> amounts.stream().map(amount -> Arguments.of(scope, amount)));
  }

  /** Scores with many ties, one weight large enough for two lanes, some cells pruned before. */
  private static List<Candidate> candidates(Amount amount) {
    Random random = new Random(5);
    List<Candidate> candidates = new ArrayList<>();
    int[][] sides = {{7, 9}, {1200, 700}, {1, 1}, {3, 130}};
    for (int i = 0; i < sides.length; i++) {
      Form form = Form.matrix(sides[i][0], sides[i][1]);
      float[] scores = new float[(int) form.size()];
      for (int cell = 0; cell < scores.length; cell++) {
        scores[cell] = random.nextInt(50) / 50f;
      }
      Mask before = Mask.of(form, cell -> random.nextInt(10) > 0);
      candidates.add(new Candidate("w" + i, before, Scores.of(scores), amount));
    }
    return candidates;
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void decidesAsIfAllWereThere(Scope scope, Amount amount) {
    Pattern pattern = new Pattern(ELEMENT, scope);
    List<Candidate> candidates = candidates(amount);
    List<Supplier<Candidate>> suppliers = new ArrayList<>();
    candidates.forEach(each -> suppliers.add(() -> each));

    OneByOne selection = new OneByOne(pattern, suppliers);

    Selection.Outcome expected = Selection.select(pattern, candidates);
    assertThat(expected.masks()).hasSize(4);
    expected.masks().forEach((name, mask) -> assertThat(selection.next()).as(name).isEqualTo(mask));
    assertThatThrownBy(selection::next).isInstanceOf(NoSuchElementException.class);
    assertThat(selection.warnings()).hasSameSizeAs(expected.warnings());
  }

  @Test
  void blocksShareABudgetToo() {
    Pattern pattern = new Pattern(new Granularity.Block(2, 2), new Scope.Global());
    List<Candidate> candidates = candidates(new Amount.OfAll(0.4));
    List<Supplier<Candidate>> suppliers = new ArrayList<>();
    candidates.forEach(each -> suppliers.add(() -> each));

    OneByOne selection = new OneByOne(pattern, suppliers);

    Selection.select(pattern, candidates)
        .masks()
        .forEach((name, mask) -> assertThat(selection.next()).as(name).isEqualTo(mask));
  }

  @Test
  void refusesDifferentAmountsInOneBudget() {
    List<Supplier<Candidate>> suppliers =
        List.of(
            () -> candidates(new Amount.OfAll(0.5)).get(0),
            () -> candidates(new Amount.OfAll(0.6)).get(1));

    assertThatThrownBy(() -> new OneByOne(new Pattern(ELEMENT, new Scope.Global()), suppliers))
        .hasMessageStartingWith("w1: scope global has one budget and one amount");
  }
}
