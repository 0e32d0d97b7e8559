package io.secateur.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class InverseFactorTest {
  private static final long SEED = 31;

  /** Returns the Gram matrix of random rows, with something added to its diagonal. */
  private static double[][] gram(int columns, int rows, double damping) {
    SplittableRandom random = new SplittableRandom(SEED + columns);
    double[][] x = new double[rows][columns];
    for (double[] row : x) {
      double common = random.nextDouble(-1, 1);
      for (int j = 0; j < columns; j++) {
        // Columns that resemble one another, and are of very different sizes.
        row[j] = (common + random.nextDouble(-1, 1)) * Math.pow(10, j % 4 - 2);
      }
    }
    double[][] gram = new double[columns][columns];
    double trace = 0;
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        for (double[] row : x) {
          gram[i][j] += row[i] * row[j];
        }
      }
      trace += gram[i][i];
    }
    for (int i = 0; i < columns; i++) {
      gram[i][i] += damping * trace / columns;
    }
    return gram;
  }

  private static double[][] factor(double[][] matrix) {
    int size = matrix.length;
    double[] flat = new double[size * size];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = matrix[i / size][i % size];
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray factor = InverseFactor.of(manager.create(flat, new Shape(size, size)));
      double[] numbers = factor.toDoubleArray();
      // The matrix and its factor; what was computed between is gone.
      assertThat(manager.getManagedArrays().size()).isEqualTo(2);
      double[][] rows = new double[size][size];
      for (int i = 0; i < numbers.length; i++) {
        rows[i / size][i % size] = numbers[i];
      }
      return rows;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 130, 257})
  void isTheCholeskyFactorOfTheInverse(int size) {
    double[][] matrix = gram(size, 2 * size + 3, .01);
    RealMatrix inverse =
        new CholeskyDecomposition(new Array2DRowRealMatrix(matrix)).getSolver().getInverse();
    RealMatrix expected = new CholeskyDecomposition(inverse, 1e-9, 1e-30).getLT();

    double[][] factor = factor(matrix);

    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double own = expected.getEntry(i, j);
        double scale = expected.getEntry(j, j);
        assertThat(factor[i][j]).as("%d, %d", i, j).isCloseTo(own, within(1e-9 * scale));
      }
    }
  }

  @Test
  void solvesWhatDampingAloneHasMadeSolvable() {
    // 20 rows leave 180 of 200 directions empty.
    double[][] matrix = gram(200, 20, .01);
    RealMatrix factor = new Array2DRowRealMatrix(factor(matrix));
    RealMatrix unit =
        factor.multiply(new Array2DRowRealMatrix(matrix)).multiply(factor.transpose());
    for (int i = 0; i < 200; i++) {
      assertThat(factor.getEntry(i, i)).isPositive();
      for (int j = 0; j < 200; j++) {
        assertThat(unit.getEntry(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-9));
        if (j < i) {
          assertThat(factor.getEntry(i, j)).isZero();
        }
      }
    }
  }

  @Test
  void refusesWhatIsNotPositiveDefinite() {
    double[][] negative = gram(100, 220, .01);
    negative[17][17] = -1;
    assertThatThrownBy(() -> factor(negative))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("not positive definite: pivot -\\S+ at column 17 of 100");
    double[][] nothing = gram(3, 9, .01);
    nothing[1][1] = Double.NaN;
    assertThatThrownBy(() -> factor(nothing)).hasMessageContaining("at column 1 of 3");
  }

  @Test
  void refusesWhatIsSingularToWithinRounding() {
    assertThatThrownBy(() -> factor(gram(200, 20, 0)))
        .hasMessageStartingWith("not positive definite: pivot ");
  }
}
