package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SparseProductsTest {
  private final RunFixture fixture = new RunFixture().arms("imp");

  private void point(int round, double zeros, double ratio) {
    fixture.with(RunFixture.measured("imp", 1, round, "sparse-latency/zeros", zeros, "%"));
    fixture.with(RunFixture.measured("imp", 1, round, "sparse-latency/batch-1/ratio", ratio, "x"));
  }

  private List<String> sentences() {
    return new SparseProducts(new Measurements(fixture.info(), fixture.rows())).sentences();
  }

  @Test
  void saysBelowWhichSparsityDenseIsFaster() {
    point(0, 0, 4);
    point(1, 50, 2);
    point(2, 90, 0.5);

    assertThat(sentences())
        .containsExactly(
            "Sparse products (imp, batch 1, one thread): those of the linear layers took, over the"
                + " dense time, 0.50 × at 90.00 % zeros, 4.00 × at 0.00 % zeros."
                + " Dense is faster below about 70 %.");
  }

  @Test
  void saysThatDenseIsFasterWhereItAlwaysWas() {
    point(0, 50, 2);

    assertThat(sentences())
        .containsExactly(
            "Sparse products (imp, batch 1, one thread): those of the linear layers took, over the"
                + " dense time, 2.00 × at 50.00 % zeros. Dense is faster.");
  }

  @Test
  void saysThatSparseIsFasterWhereItAlwaysWas() {
    point(0, 95, 0.4);
    point(1, 98, 0.2);

    assertThat(sentences())
        .singleElement()
        .asString()
        .endsWith("Sparse is faster at every sparsity measured.");
  }

  @Test
  void saysNothingWhereNothingWasTimed() {
    fixture.with(RunFixture.measured("imp", 1, 0, "sparsity", 50, "%"));

    assertThat(sentences()).isEmpty();
  }
}
