package io.secateur.methods.wanda;

import static io.secateur.methods.wanda.Oracle.FC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Initialisation;
import io.secateur.model.Tensor;
import io.secateur.prune.Pruned;
import io.secateur.prune.Pruner;
import io.secateur.prune.Pruning;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ReconstructingMethod.Selector;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Tag("engine")
class SparseGptTest {
  private static final JsonNode ORACLE = Oracle.read("sparsegpt");
  private static final float[] WEIGHTS = Oracle.flat(ORACLE.get("W"));
  private static final float[][] X = Oracle.rows(ORACLE.get("X_tokens_channels"));
  private static final Checkpoint MODEL = Oracle.linear(4, WEIGHTS);
  private static final RecordedContext CONTEXT = Oracle.showing(4, X);

  /** Keeps what another result kept. */
  private static final class Given implements Selector {
    private final float[] result;
    private final int columns;

    Given(float[] result, int columns) {
      this.result = result;
      this.columns = columns;
    }

    @Override
    public NDArray keep(NDArray scores, long firstColumn) {
      int width = (int) scores.getShape().get(1);
      boolean[] keep = new boolean[(int) scores.size()];
      for (int i = 0; i < keep.length; i++) {
        keep[i] = result[i / width * columns + (int) firstColumn + i % width] != 0;
      }
      return scores.getManager().create(keep, scores.getShape());
    }

    @Override
    public int width() {
      return columns;
    }
  }

  private static float[] reconstructed(SparseGpt method, Checkpoint model, Selector selector) {
    return reconstructed(method, model, CONTEXT, selector);
  }

  private static float[] reconstructed(
      SparseGpt method, Checkpoint model, RecordedContext context, Selector selector) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Map<String, Statistics> statistics =
          Calibrator.gather(
              model,
              method.needs(),
              List.of(FC),
              new Calibration(100_000, 5),
              context.examples(),
              context.task(),
              1,
              manager);
      Form form = model.mask(FC).form();
      Weight weight = new Weight(FC, form, model.parameter(FC).in(manager), Map.of(), 0);
      return method
          .reconstruct(weight, Objects.requireNonNull(statistics.get(FC)), selector)
          .toFloatArray();
    }
  }

  private static Pruned pruned(
      PruningMethod method, Checkpoint model, RecordedContext context, Scope scope, Amount amount)
      throws IOException {
    Pruning pruning =
        new Pruning(method, new Pattern(new Granularity.Element(), scope), Map.of(FC, amount));
    return Pruner.prune(model, pruning, context);
  }

  /** Σ of squared differences of what two weights make of the inputs. */
  private static double error(float[] weights, float[] others, float[][] inputs) {
    double sum = 0;
    int columns = inputs[0].length;
    for (float[] x : inputs) {
      for (int row = 0; row < weights.length / columns; row++) {
        double difference = 0;
        for (int j = 0; j < columns; j++) {
          int at = row * columns + j;
          difference += ((double) weights[at] - others[at]) * x[j];
        }
        sum += difference * difference;
      }
    }
    return sum;
  }

  @Test
  void leavesTheReferencesWeightsUnderItsMasks() {
    int cases = 0;
    for (JsonNode one : ORACLE.get("cases")) {
      float[] expected = Oracle.flat(one.get("weights"));
      int block = one.path("blocksize").asInt(128);

      float[] weights = reconstructed(new SparseGpt(.01, block), MODEL, new Given(expected, 8));

      assertThat(weights).as(one.toString()).containsExactly(expected, within(1e-5f));
      assertThat(error(WEIGHTS, weights, X))
          .isCloseTo(one.get("sum_sq_output_error").asDouble(), within(1e-3));
      cases++;
    }
    assertThat(cases).isEqualTo(3);
  }

  @Test
  void findsTheReferencesTwoOfFourByItself() throws IOException {
    JsonNode oracle = ORACLE.get("cases").get(1);
    assertThat(oracle.get("prunen").asInt()).isEqualTo(2);
    Pruned pruned =
        pruned(new SparseGpt(), MODEL, CONTEXT, new Scope.Tile(4), new Amount.OfAll(.5));
    assertThat(pruned.checkpoint().parameter(FC).toFloats())
        .containsExactly(Oracle.flat(oracle.get("weights")), within(1e-5f));
  }

  @Test
  void prunesAsManyAsAskedByLayerAndByRow() throws IOException {
    for (int block : new int[] {3, 4, 128}) {
      SparseGpt method = new SparseGpt(.01, block);
      Amount amount = new Amount.OfAll(.5);
      assertThat(pruned(method, MODEL, CONTEXT, new Scope.Layer(), amount).pruned()).isEqualTo(16);
      Mask rows = pruned(method, MODEL, CONTEXT, new Scope.Row(), amount).checkpoint().mask(FC);
      for (int row = 0; row < 4; row++) {
        int first = 8 * row;
        assertThat(Mask.of(Form.matrix(1, 8), cell -> rows.keeps(first + cell)).pruned())
            .as("block %d, row %d", block, row)
            .isEqualTo(4);
      }
    }
  }

  private static float[][] random(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] numbers = new float[rows][columns];
    for (float[] row : numbers) {
      float common = (float) random.nextDouble(-1, 1);
      for (int j = 0; j < columns; j++) {
        row[j] = common + (float) random.nextDouble(-1, 1);
      }
    }
    return numbers;
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return flat;
  }

  @Test
  void blocksOnlyDecideWhatIsRepairedNotHow() {
    int columns = 150;
    Checkpoint model = Oracle.linear(6, flat(random(6, columns, 1)));
    RecordedContext context = Oracle.showing(6, random(80, columns, 2));
    float[] given = flat(random(6, columns, 3));
    for (int i = 0; i < given.length; i++) {
      given[i] = given[i] > .1f ? 1 : 0;
    }
    Given mask = new Given(given, columns);
    float[] whole = reconstructed(new SparseGpt(.01, columns), model, context, mask);
    assertThat(reconstructed(new SparseGpt(.01, 7), model, context, mask))
        .containsExactly(whole, within(1e-5f));
    assertThat(reconstructed(new SparseGpt(), model, context, mask))
        .containsExactly(whole, within(1e-5f));
  }

  @Test
  void changesTheOutputsLessThanLeavingWeightsOut() throws IOException {
    float[] weights = flat(random(6, 40, 4));
    float[][] inputs = random(120, 40, 5);
    Checkpoint model = Oracle.linear(6, weights);
    RecordedContext context = Oracle.showing(6, inputs);
    Amount amount = new Amount.OfAll(.5);
    float[] repaired =
        pruned(new SparseGpt(), model, context, new Scope.Row(), amount)
            .checkpoint()
            .parameter(FC)
            .toFloats();
    float[] leftOut = weights.clone();
    for (int i = 0; i < leftOut.length; i++) {
      leftOut[i] = repaired[i] == 0 ? 0 : weights[i];
    }
    float[] wanda =
        pruned(new Wanda(), model, context, new Scope.Row(), amount)
            .checkpoint()
            .parameter(FC)
            .toFloats();
    double error = error(weights, repaired, inputs);
    assertThat(error).isLessThan(.5 * error(weights, leftOut, inputs));
    assertThat(error).isLessThan(.8 * error(weights, wanda, inputs));
  }

  @Test
  void noTileKeepsMoreThanItMayWhateverTheWidthAndTheRounds() throws IOException {
    SplittableRandom random = new SplittableRandom(9);
    for (int trial = 0; trial < 12; trial++) {
      int columns = 2 + random.nextInt(21);
      int m = 2 + random.nextInt(7);
      int n = 1 + random.nextInt(m - 1);
      SparseGpt method = new SparseGpt(.01, 1 + random.nextInt(10));
      Checkpoint model = Oracle.linear(3, flat(random(3, columns, trial)));
      RecordedContext context = Oracle.showing(3, random(30, columns, 50 + trial));
      String trace = "seed 9, trial %d: %d:%d of %d, %s".formatted(trial, n, m, columns, method);
      Checkpoint before =
          pruned(method, model, context, new Scope.Layer(), new Amount.OfAll(.2)).checkpoint();
      Mask first = before.mask(FC);
      Amount amount = new Amount.OfAll(1 - (double) n / m);
      Mask mask = pruned(method, before, context, new Scope.Tile(m), amount).checkpoint().mask(FC);
      assertThat(first.and(mask)).as(trace).isEqualTo(mask);
      for (int cell = 0; cell < 3 * columns; cell++) {
        int column = cell % columns;
        if (column % m == 0) {
          int kept = 0;
          for (int j = 0; j < Math.min(m, columns - column); j++) {
            kept += mask.keeps(cell + j) ? 1 : 0;
          }
          assertThat(kept).as(trace).isLessThanOrEqualTo(n);
        }
      }
    }
  }

  @Test
  void inputsThatNeverCameGetWeightsOfNothing() throws IOException {
    float[][] inputs = random(30, 6, 7);
    for (float[] x : inputs) {
      x[2] = 0;
    }
    Checkpoint model = Oracle.linear(2, flat(random(2, 6, 8)));
    float[] weights =
        pruned(
                new SparseGpt(),
                model,
                Oracle.showing(2, inputs),
                new Scope.Layer(),
                new Amount.Count(2))
            .checkpoint()
            .parameter(FC)
            .toFloats();
    // The two that go are those that nothing reaches, so nothing else moves.
    float[] expected = model.parameter(FC).toFloats();
    expected[2] = 0;
    expected[8] = 0;
    assertThat(weights).containsExactly(expected, within(0f));
  }

  @Test
  void repairsConvolutionsThroughTheirWindows() throws IOException {
    Architecture net =
        new Architecture(new Shape(2, 5, 5), List.of(new Conv2d("fc", 3, 3, 1, 1, 1, false)));
    Checkpoint model = new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 3));
    float[][] inputs = random(10, 50, 11);
    RecordedContext context =
        new RecordedContext(new Task.Regression(new Shape(2, 5, 5), 1), inputs, new float[10][1]);
    Checkpoint pruned =
        pruned(new SparseGpt(), model, context, new Scope.Layer(), new Amount.OfAll(.5))
            .checkpoint();
    Checkpoint masked =
        model.withParameters(
            Map.of(
                FC,
                Tensor.of(
                    model.parameter(FC).shape(),
                    masked(model.parameter(FC).toFloats(), pruned.mask(FC)))));
    assertThat(pruned.mask(FC).pruned()).isEqualTo(27);
    assertThat(distance(model, pruned, inputs)).isLessThan(.8 * distance(model, masked, inputs));
  }

  private static float[] masked(float[] weights, Mask mask) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] = mask.keeps(i) ? weights[i] : 0;
    }
    return weights;
  }

  private static double distance(Checkpoint one, Checkpoint other, float[][] inputs) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(inputs).reshape(inputs.length, 2, 5, 5);
      NDArray a = one.architecture().block(one.parameters(), manager).forward(x, false);
      NDArray b = other.architecture().block(other.parameters(), manager).forward(x, false);
      return a.sub(b).square().sum().getFloat();
    }
  }

  @Test
  void saysWhatToDoWhereInputsDoNotSpanTheirSpace() {
    RecordedContext few = Oracle.showing(4, X[0], X[1]);
    assertThatThrownBy(
            () ->
                pruned(new SparseGpt(0, 128), MODEL, few, new Scope.Layer(), new Amount.OfAll(.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "sparsegpt: what goes into fc.weight gives a Gram matrix that is not positive definite:"
                + " pivot \\S+ at column \\d of 8; raise damping, now 0.0, or show more examples");
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    assertThatThrownBy(() -> new SparseGpt(-.1, 128))
        .hasMessage("damping must be at least 0, was -0.1");
    assertThatThrownBy(() -> new SparseGpt(.01, 0))
        .hasMessage("block size must be at least 1, was 0");
  }
}
