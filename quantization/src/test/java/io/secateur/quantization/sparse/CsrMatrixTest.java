package io.secateur.quantization.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CsrMatrixTest {
  @Test
  void multipliesAsThePlainLoopsDo() {
    SplittableRandom random = new SplittableRandom(7);
    for (int rows : new int[] {1, 3, 17}) {
      for (int columns : new int[] {1, 5, 40}) {
        for (int batch : new int[] {1, 2, 64}) {
          for (double density : new double[] {0, 0.1, 0.5, 1}) {
            float[] weights = new float[rows * columns];
            for (int i = 0; i < weights.length; i++) {
              weights[i] = random.nextDouble() < density ? (float) random.nextDouble(-1, 1) : 0;
            }
            float[][] inputs = new float[columns][batch];
            float[] input = new float[columns];
            for (int i = 0; i < columns; i++) {
              for (int vector = 0; vector < batch; vector++) {
                inputs[i][vector] = (float) random.nextDouble(-1, 1);
              }
              input[i] = inputs[i][0];
            }
            float[][] outputs = new float[rows][batch];
            float[] output = new float[rows];
            for (float[] row : outputs) {
              Arrays.fill(row, 9);
            }
            Arrays.fill(output, 9);

            CsrMatrix matrix = CsrMatrix.of(Tensor.of(new Shape(rows, columns), weights));
            matrix.multiply(inputs, outputs);
            matrix.multiply(input, output);

            for (int row = 0; row < rows; row++) {
              for (int vector = 0; vector < batch; vector++) {
                double sum = 0;
                for (int i = 0; i < columns; i++) {
                  sum += (double) weights[row * columns + i] * inputs[i][vector];
                }
                if (vector == 0) {
                  assertThat((double) output[row]).isCloseTo(sum, Offset.offset(1e-5));
                }
                assertThat((double) outputs[row][vector])
                    .as("%d × %d, batch %d, density %s", rows, columns, batch, density)
                    .isCloseTo(sum, Offset.offset(1e-5));
              }
            }
          }
        }
      }
    }
  }

  @Test
  void emptyRowsGiveZeros() {
    CsrMatrix matrix =
        CsrMatrix.of(Tensor.of(new Shape(4, 3), 0, 0, 0, 1, 0, -2, 0, 0, 0, 0, 0.5f, 0));
    assertThat(matrix.nonZeros()).isEqualTo(3);
    assertThat(matrix.rows()).isEqualTo(4);
    assertThat(matrix.columns()).isEqualTo(3);
    float[] outputs = new float[4];

    matrix.multiply(new float[] {3, 4, 5}, outputs);

    assertThat(outputs).containsExactly(0, -7, 0, 2);
  }

  @Test
  void nothingButZerosGivesZeros() {
    CsrMatrix matrix = CsrMatrix.of(Tensor.zeros(new Shape(2, 3)));
    float[][] outputs = {{7, 7}, {7, 7}};

    matrix.multiply(new float[3][2], outputs);

    assertThat(matrix.nonZeros()).isZero();
    assertThat(outputs).isDeepEqualTo(new float[2][2]);
  }

  @Test
  void refusesWhatDoesNotFit() {
    CsrMatrix matrix = CsrMatrix.of(Tensor.zeros(new Shape(2, 3)));

    assertThatThrownBy(() -> matrix.multiply(new float[4], new float[2]))
        .hasMessage(
            "a matrix of 2 rows and 3 columns takes 3 inputs and gives 2 outputs, was given 4 and"
                + " 2");
    assertThatThrownBy(() -> CsrMatrix.of(Tensor.zeros(new Shape(2, 3, 1))))
        .hasMessageContaining("a matrix has the shape (rows, columns)");
  }
}
