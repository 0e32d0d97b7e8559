package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InspectionTest {

  @Test
  void countsWeightsZerosAndCostsLayerByLayer() {
    Inspection inspection = Inspection.of(EncodingTest.pruned(ArchitectureTest.SMALL_CONVNET, 2));

    assertThat(inspection.rows().stream().map(Inspection.Row::kind))
        .containsExactly(
            "conv2d", "relu", "conv2d", "max-pool2d", "dropout", "flatten", "linear", "linear");
    assertThat(inspection.rows().get(0))
        .isEqualTo(
            new Inspection.Row("conv1", "conv2d", "3 x 4 x 4", 57, 30, 54, 27, 3 * 16 * 2 * 9));
    assertThat(inspection.rows().get(0).sparsity()).isEqualTo(0.5);
    assertThat(inspection.rows().get(1).sparsity()).isZero();
    assertThat(inspection.total().parameters())
        .isEqualTo(ArchitectureTest.SMALL_CONVNET.parameterCount());
    assertThat(inspection.total().sparsity()).isEqualTo(0.5);
    assertThat(inspection.total().macs()).isEqualTo(ArchitectureTest.SMALL_CONVNET.macs());
  }

  @Test
  void takesAnArchitectureForDense() {
    Inspection inspection = Inspection.of(ArchitectureTest.SMALL_CONVNET);

    assertThat(inspection.total().zeros()).isZero();
    assertThat(inspection.total().nonZeros()).isEqualTo(inspection.total().parameters());
  }
}
