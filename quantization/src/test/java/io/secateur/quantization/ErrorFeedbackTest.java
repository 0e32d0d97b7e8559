package io.secateur.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Flatten;
import io.secateur.model.Grid;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import io.secateur.prune.RandomNetworks;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class ErrorFeedbackTest {
  private static final int FEATURES = 12;
  private static final int ROWS = 5;
  private static final int EXAMPLES = 40;

  private static final Architecture ONE =
      new Architecture(new Shape(FEATURES), List.of(new Linear("fc", ROWS, false)));

  private static Quantize gptq(double damping, int block, WeightRounding.Columns columns) {
    return gptq(new WeightRounding.Gptq(damping, block, columns), Calibration.Order.PARALLEL);
  }

  private static Quantize gptq(WeightRounding rounding, Calibration.Order order) {
    return new Quantize(
        Quantize.Granularity.PER_CHANNEL,
        Quantize.Activations.NONE,
        new Range.MinMax(),
        new Calibration(EXAMPLES, 16, order),
        rounding,
        true,
        false,
        List.of("*"),
        List.of());
  }

  /** Features that go together, as those of real layers do. */
  private static float[][] examples(long seed) {
    Random random = new Random(seed);
    double[][] mixing = new double[FEATURES][FEATURES];
    for (double[] row : mixing) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    float[][] examples = new float[EXAMPLES][FEATURES];
    for (float[] example : examples) {
      double[] own = random.doubles(FEATURES).toArray();
      for (int i = 0; i < FEATURES; i++) {
        double sum = 0;
        for (int j = 0; j < 4; j++) {
          sum += mixing[i][j] * own[j];
        }
        example[i] = (float) (sum + 0.05 * random.nextGaussian());
      }
    }
    return examples;
  }

  private static RecordedContext context(long seed) {
    return new RecordedContext(
        new Task.Regression(new Shape(FEATURES), ROWS), examples(seed), new float[EXAMPLES][ROWS]);
  }

  private static Checkpoint model(long seed, double pruned) {
    Checkpoint model = RandomNetworks.model(ONE, seed);
    Random random = new Random(seed);
    Mask mask = Mask.of(model.mask("fc.weight").form(), cell -> random.nextDouble() >= pruned);
    return Networks.masked(model, Map.of("fc.weight", mask));
  }

  /** The paper's procedure without blocks: H⁻¹ is updated by elimination, column after column. */
  private static float[] naive(
      Checkpoint model, float[][] examples, double damping, WeightRounding.Columns columns) {
    double[][] hessian = new double[FEATURES][FEATURES];
    for (float[] example : examples) {
      for (int i = 0; i < FEATURES; i++) {
        for (int j = 0; j < FEATURES; j++) {
          hessian[i][j] += 2.0 / examples.length * example[i] * (double) example[j];
        }
      }
    }
    double mean = 0;
    for (int i = 0; i < FEATURES; i++) {
      mean += hessian[i][i] / FEATURES;
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      order.add(i);
    }
    if (columns == WeightRounding.Columns.BY_DIAGONAL) {
      order.sort(Comparator.comparingDouble((Integer i) -> -hessian[i][i]));
    }
    for (int i = 0; i < FEATURES; i++) {
      hessian[i][i] += damping * mean;
    }
    double[][] inverse = inverted(hessian);
    float[] cells = model.parameter("fc.weight").toFloats();
    double[] moved = new double[cells.length];
    Arrays.setAll(moved, i -> cells[i]);
    float[] rounded = new float[cells.length];
    for (int column : order) {
      for (int row = 0; row < ROWS; row++) {
        float most = 0;
        for (int i = 0; i < FEATURES; i++) {
          most = Math.max(most, Math.abs(cells[row * FEATURES + i]));
        }
        int at = row * FEATURES + column;
        float scale = most / 63;
        double integer = Math.rint((float) moved[at] / (double) scale);
        double number = cells[at] == 0 ? 0 : Math.max(-63, Math.min(63, integer)) * scale;
        double error = (moved[at] - number) / inverse[column][column];
        rounded[at] = (float) number + 0f;
        for (int i = 0; i < FEATURES; i++) {
          moved[row * FEATURES + i] -= error * inverse[column][i];
        }
      }
      double[] own = inverse[column].clone();
      for (int i = 0; i < FEATURES; i++) {
        for (int j = 0; j < FEATURES; j++) {
          inverse[i][j] -= own[i] * own[j] / own[column];
        }
      }
    }
    return rounded;
  }

  private static double[][] inverted(double[][] matrix) {
    int n = matrix.length;
    double[][] left = new double[n][];
    double[][] right = new double[n][n];
    for (int i = 0; i < n; i++) {
      left[i] = matrix[i].clone();
      right[i][i] = 1;
    }
    for (int pivot = 0; pivot < n; pivot++) {
      double by = left[pivot][pivot];
      for (int j = 0; j < n; j++) {
        left[pivot][j] /= by;
        right[pivot][j] /= by;
      }
      for (int i = 0; i < n; i++) {
        double factor = left[i][pivot];
        for (int j = 0; i != pivot && j < n; j++) {
          left[i][j] -= factor * left[pivot][j];
          right[i][j] -= factor * right[pivot][j];
        }
      }
    }
    return right;
  }

  @Test
  void givesWhatThePapersEliminationGives() throws IOException {
    for (long seed = 0; seed < 12; seed++) {
      WeightRounding.Columns columns =
          seed % 2 == 0 ? WeightRounding.Columns.IN_ORDER : WeightRounding.Columns.BY_DIAGONAL;
      Checkpoint model = model(seed, seed % 3 * 0.4);
      int block = List.of(1, 5, 128).get((int) (seed % 3));

      Checkpoint after = gptq(0.01, block, columns).run(model, context(seed));

      float[] expected = naive(model, examples(seed), 0.01, columns);
      assertThat(after.parameter("fc.weight"))
          .as("seed %d", seed)
          .isEqualTo(Tensor.of(new Shape(ROWS, FEATURES), expected));
    }
  }

  private static double outputError(Checkpoint before, Checkpoint after, float[][] examples) {
    float[] was = before.parameter("fc.weight").toFloats();
    float[] is = after.parameter("fc.weight").toFloats();
    double error = 0;
    for (float[] example : examples) {
      for (int row = 0; row < ROWS; row++) {
        double off = 0;
        for (int i = 0; i < FEATURES; i++) {
          off += ((double) was[row * FEATURES + i] - is[row * FEATURES + i]) * example[i];
        }
        error += off * off;
      }
    }
    return error;
  }

  @Test
  void outputsAreCloserThanRoundedToTheNearestAndZerosStay() throws IOException {
    for (double pruned : new double[] {0, 0.3, 0.865}) {
      double nearest = 0;
      double fed = 0;
      for (long seed = 0; seed < 20; seed++) {
        Checkpoint model = model(seed, pruned);
        Checkpoint rounded =
            gptq(new WeightRounding.Nearest(), Calibration.Order.PARALLEL)
                .run(model, context(seed));
        Checkpoint after =
            gptq(0.01, 128, WeightRounding.Columns.IN_ORDER).run(model, context(seed));
        nearest += outputError(model, rounded, examples(seed));
        fed += outputError(model, after, examples(seed));
        float[] was = model.parameter("fc.weight").toFloats();
        float[] is = after.parameter("fc.weight").toFloats();
        for (int i = 0; i < was.length; i++) {
          if (was[i] == 0) {
            assertThat(Float.floatToRawIntBits(is[i])).isZero();
          }
        }
      }
      assertThat(fed).as("pruned %s", pruned).isLessThan(0.8 * nearest);
    }
  }

  @Test
  void inputsThatNeverCameAreRoundedToTheNearest() throws IOException {
    Checkpoint model = model(3, 0);
    float[][] inputs = examples(3);
    for (float[] example : inputs) {
      example[4] = 0;
    }
    RecordedContext context =
        new RecordedContext(
            new Task.Regression(new Shape(FEATURES), ROWS), inputs, new float[EXAMPLES][ROWS]);

    Checkpoint after = gptq(0.01, 128, WeightRounding.Columns.IN_ORDER).run(model, context);

    Grid grid = after.quantization().orElseThrow().grids().values().iterator().next();
    float[] nearest = grid.rounded(model.parameter("fc.weight")).toFloats();
    float[] fed = after.parameter("fc.weight").toFloats();
    for (int row = 0; row < ROWS; row++) {
      assertThat(fed[row * FEATURES + 4]).isEqualTo(nearest[row * FEATURES + 4]);
    }
  }

  @Test
  void groupsAreRoundedToTheNearestAndSaid() throws IOException {
    Architecture grouped =
        new Architecture(
            new Shape(2, 3, 3),
            List.of(
                new Conv2d("conv1", 4, 3, 1, 1, 2, true),
                new Relu("relu"),
                new Conv2d("conv2", 3, 3, 1, 1),
                new Flatten("flatten"),
                new Linear("fc", 2)));
    Checkpoint model = RandomNetworks.model(grouped, 1);
    for (Calibration.Order order : Calibration.Order.values()) {
      RecordedContext context = Networks.context(grouped, 30, 2);

      Checkpoint after = gptq(new WeightRounding.Gptq(), order).run(model, context);

      Checkpoint nearest = gptq(new WeightRounding.Nearest(), order).run(model, context);
      assertThat(after.parameter("conv1.weight")).isEqualTo(nearest.parameter("conv1.weight"));
      assertThat(after.parameter("conv2.weight")).isNotEqualTo(nearest.parameter("conv2.weight"));
      assertThat(after.parameter("fc.weight")).isNotEqualTo(nearest.parameter("fc.weight"));
      assertThat(after.quantization()).isEqualTo(nearest.quantization());
      assertThat(context.said())
          .contains("conv1  rounded to the nearest: gptq knows no convolutions in groups");
    }
  }

  @Test
  void withoutDampingFewExamplesAreRefused() {
    float[][] few = Arrays.copyOf(examples(1), 3);
    RecordedContext context =
        new RecordedContext(
            new Task.Regression(new Shape(FEATURES), ROWS), few, new float[3][ROWS]);

    assertThatThrownBy(
            () -> gptq(0, 128, WeightRounding.Columns.IN_ORDER).run(model(1, 0), context))
        .hasMessageStartingWith(
            "gptq: what goes into fc.weight gives a Gram matrix that is not positive definite")
        .hasMessageContaining("raise damping, now 0.0");
    assertThatThrownBy(() -> gptq(-1, 128, WeightRounding.Columns.IN_ORDER))
        .hasMessage("damping must be at least 0, was -1.0");
    assertThatThrownBy(() -> gptq(0, 0, WeightRounding.Columns.IN_ORDER))
        .hasMessage("block must be at least 1, was 0");
  }
}
