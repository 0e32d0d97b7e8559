package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static List<String> sentences(RunFixture fixture) {
    return new Losses(new Measurements(fixture.info(), fixture.rows())).sentences();
  }

  @Test
  void namesTheFirstSparsityOfEachLineWhereAccuracyIsLost() {
    List<String> sentences = sentences(new RunFixture().collapsing(30).filled());

    assertThat(sentences).hasSize(3);
    assertThat(sentences.get(0))
        .startsWith(
            "one-shot: accuracy first falls more than 1 point below dense with a 95 % interval that"
                + " leaves out 0 at 86.50 % sparsity (−31.17 points, 95 % interval −");
    assertThat(sentences.get(1))
        .startsWith("Accuracy nowhere falls more than 1 point below dense")
        .endsWith(": imp up to its last model, at 86.50 % sparsity.");
  }

  @Test
  void namesTheSmallestFileWithinTheStatedLoss() {
    List<String> sentences = sentences(new RunFixture().arms("one-shot").collapsing(30).filled());

    // The last round would be smaller, but lost too much.
    assertThat(sentences.get(1))
        .startsWith(
            "Smallest file of a model within 1 point of dense in the mean: one-shot at 79.85 %"
                + " sparsity, 1.377 MB as bitmask, 4.3 × smaller than the smallest of the dense"
                + " model (accuracy −0.69 points");
  }

  @Test
  void claimsNoIntervalOfOneSeed() {
    assertThat(sentences(new RunFixture().seeds(1L).collapsing(30).filled()).get(0))
        .contains("first falls more than 1 point below dense at 86.50 % sparsity")
        .endsWith("points, one seed).");
  }
}
