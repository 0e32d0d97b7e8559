package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.junit.jupiter.api.Test;

class SignedRankTest {
  /**
   * Hamilton depression scale factor of nine patients at two visits: Hollander and Wolfe,
   * "Nonparametric Statistical Methods" (1973), p. 29; R's help of {@code wilcox.test} has them and
   * gives V = 40, one-sided p-value = 0.01953.
   */
  @Test
  void givesWhatHollanderAndWolfeGive() {
    double[] first = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    double[] second = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};

    SignedRank test =
        SignedRank.of(
            IntStream.range(0, first.length).mapToObj(i -> first[i] - second[i]).toList());

    assertThat(test.statistic()).isEqualTo(40);
    assertThat(test.p()).isCloseTo(2 * 0.01953, within(1e-5));
  }

  /**
   * Darwin's maize: SciPy's documentation of {@code wilcoxon} gives the smaller sum of ranks as
   * 24.0 and p = 0.041259765625.
   */
  @Test
  void givesWhatIsKnownOfDarwinsMaize() {
    SignedRank test = SignedRank.of(PairedTestTest.DARWIN);

    assertThat(test.statistic()).isEqualTo(15 * 16 / 2.0 - 24);
    assertThat(test.p()).isCloseTo(0.041259765625, within(1e-12));
  }

  /** All signs are the same, so two of the 2^9 ways to give them are as far out. */
  @Test
  void staysExactWithTiesAndZeros() {
    List<Double> sleep =
        PairedTestTest.sleep().stream().map(each -> Math.rint(10 * each) / 10).toList();

    SignedRank test = SignedRank.of(sleep);

    assertThat(test.nonZero()).isEqualTo(9);
    assertThat(test.statistic()).isZero();
    assertThat(test.p()).isCloseTo(2 / Math.pow(2, 9), within(1e-15));
  }

  /** With Pratt's ranks 2, 3.5, 3.5 of −1, 2, 2, sums of 2 or less, or 7 or more, are 4 of 8. */
  @Test
  void ranksZerosBeforeItLeavesThemOut() {
    SignedRank test = SignedRank.of(List.of(0.0, -1.0, 2.0, 2.0));

    assertThat(test.statistic()).isEqualTo(7);
    assertThat(test.p()).isCloseTo(0.5, within(1e-15));
  }

  @Test
  void countsWhatTheLibraryKnowsWhereNothingIsTied() {
    long seed = 20240607;
    Random random = new Random(seed);
    for (int n = 2; n < 20; n++) {
      List<Double> differences = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        differences.add(random.nextGaussian() + 0.4);
      }
      double[] values = differences.stream().mapToDouble(each -> each).toArray();
      double[] ranks =
          new NaturalRanking().rank(differences.stream().mapToDouble(Math::abs).toArray());
      SignedRank test = SignedRank.of(differences);
      assertThat(SignedRank.counted(values, ranks, test.statistic()))
          .as("seed %d, n = %d", seed, n)
          .isCloseTo(test.p(), within(1e-12));
    }
  }

  @Test
  void knowsTheSmallestItCanGive() {
    assertThat(SignedRank.smallest(5)).isEqualTo(0.0625);
    assertThat(SignedRank.smallest(6)).isEqualTo(0.03125);
    assertThat(SignedRank.smallest(0)).isEqualTo(1);
    assertThat(SignedRank.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)).p())
        .isCloseTo(0.03125, within(1e-15));
  }

  @Test
  void refusesNothingButZeros() {
    assertThatThrownBy(() -> SignedRank.of(List.of(0.0, 0.0)))
        .hasMessageContaining("a difference that is not 0");
  }
}
