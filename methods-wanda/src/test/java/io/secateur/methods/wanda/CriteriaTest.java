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
import io.secateur.model.Checkpoint;
import io.secateur.prune.Pruner;
import io.secateur.prune.Pruning;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Tag("engine")
class CriteriaTest {
  private static final JsonNode ORACLE = Oracle.read("wanda");

  private static RecordedContext shown() {
    List<float[]> rows = new ArrayList<>();
    for (JsonNode sample : ORACLE.get("X_samples_tokens_channels")) {
      rows.addAll(Arrays.asList(Oracle.rows(sample)));
    }
    return Oracle.showing(6, rows.toArray(float[][]::new));
  }

  private static float[] scores(
      ScoringMethod method, Checkpoint model, RecordedContext context, int batch) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Map<String, Statistics> statistics =
          Calibrator.gather(
              model,
              method.needs(),
              List.of(FC),
              new Calibration(1000, batch),
              context.examples(),
              context.task(),
              1,
              manager);
      NDArray matrix = model.parameter(FC).in(manager);
      Weight weight = new Weight(FC, model.mask(FC).form(), matrix, Map.of(), 0);
      return method.scores(weight, Objects.requireNonNull(statistics.get(FC))).toFloatArray();
    }
  }

  @Test
  void wandaGivesTheReferencesScores() {
    Checkpoint model = Oracle.linear(6, Oracle.flat(ORACLE.get("W")));
    float[] expected = Oracle.flat(ORACLE.get("score"));
    // The reference divides squared norms by the number of samples, which are 3.
    for (int i = 0; i < expected.length; i++) {
      expected[i] *= (float) Math.sqrt(3);
    }
    assertThat(scores(new Wanda(), model, shown(), 4)).containsExactly(expected, within(1e-3f));
  }

  @Test
  void wandaGivesTheReferencesMasksForRowsAndTiles() throws IOException {
    Checkpoint model = Oracle.linear(6, Oracle.flat(ORACLE.get("W")));
    int cases = 0;
    for (JsonNode one : ORACLE.get("cases")) {
      int m = one.get("m").asInt();
      Scope scope = m == 0 ? new Scope.Row() : new Scope.Tile(m);
      Amount amount = new Amount.OfAll(one.get("sparsity").asDouble());
      Pruning pruning =
          new Pruning(
              new Wanda(), new Pattern(new Granularity.Element(), scope), Map.of(FC, amount));
      Mask mask = Pruner.prune(model, pruning, shown()).checkpoint().mask(FC);
      float[] kept = Oracle.flat(one.get("keep_mask"));
      assertThat(mask)
          .as(one.toString())
          .isEqualTo(Mask.of(mask.form(), cell -> kept[(int) cell] == 1));
      cases++;
    }
    assertThat(cases).isEqualTo(5);
  }

  @Test
  void wandaTakesTheNormNotItsSquareAndRaisesItAsAsked() {
    RecordedContext context = Oracle.showing(1, new float[][] {{1, 2}});
    Checkpoint model = Oracle.linear(1, 3, -1);
    assertThat(scores(new Wanda(), model, context, 1)).containsExactly(3, 2);
    assertThat(scores(new Wanda(2), model, context, 1)).containsExactly(3, 4);
    assertThat(scores(new Wanda(0), model, context, 1)).containsExactly(3, 1);
  }

  @Test
  void riaAddsSharesOfRowsAndColumnsTimesTheRootOfTheNorm() {
    // Norms 4 and 9: roots 2 and 3. Rows sum to 4 and 4, columns to 4 and 4.
    RecordedContext context = Oracle.showing(2, new float[][] {{4, 0}, {0, 9}});
    float[] scores = scores(new Ria(), Oracle.linear(2, 1, -3, 3, 1), context, 2);
    assertThat(scores).containsExactly(new float[] {1, 4.5f, 3, 1.5f}, within(1e-5f));
    // With the columns 4 and 2 the shares differ: 1/3 + 1/4, 2/3 + 2/2, 3/3 + 3/4, 0.
    scores = scores(new Ria(0), Oracle.linear(2, 1, -2, 3, 0), context, 2);
    assertThat(scores).containsExactly(new float[] {7 / 12f, 5 / 3f, 7 / 4f, 0}, within(1e-5f));
  }

  @Test
  void riaScoresEmptyRowsAndColumnsAsNothing() {
    RecordedContext context = Oracle.showing(2, new float[][] {{1, 1}});
    assertThat(scores(new Ria(), Oracle.linear(2, 0, 0, 2, 0), context, 1))
        .containsExactly(0, 0, 2, 0);
  }

  @Test
  void obdTakesSquaredGradientsOfSingleExamplesWhateverTheBatch() {
    // As for the gradient methods: gradients (4, 4) and (-12, 6), whose squares' means are 80, 26.
    Task task = new Task.Regression(new Shape(2), 1);
    RecordedContext context =
        new RecordedContext(task, new float[][] {{1, 1}, {2, -1}}, new float[][] {{1}, {3}});
    for (int batch : new int[] {1, 2}) {
      assertThat(scores(new Obd(), Oracle.linear(1, 1, 2), context, batch))
          .as("batch %d", batch)
          .containsExactly(new float[] {40, 52}, within(1e-4f));
    }
  }

  @Test
  void areFoundByName() {
    assertThat(ServiceLoader.load(PruningMethod.class))
        .extracting(PruningMethod::name)
        .contains("obd", "ria", "sparsegpt", "wanda");
    assertThat(ServiceLoader.load(Stage.class)).extracting(Stage::name).contains("synflow");
  }

  @Test
  void everyMethodGivesItsEquationAndItsPaper() {
    List<String> descriptions = new ArrayList<>(List.of(new SynFlow().description()));
    ServiceLoader.load(PruningMethod.class).forEach(each -> descriptions.add(each.description()));
    for (String description : descriptions) {
      assertThat(description)
          .contains("s = ")
          .contains("Why it should work:")
          .containsPattern("(19|20)[0-9]{2}");
    }
  }

  @Test
  void refuseExponentsBelowNothing() {
    assertThatThrownBy(() -> new Wanda(-1)).hasMessage("exponent must be at least 0, was -1.0");
    assertThatThrownBy(() -> new Ria(Double.NaN))
        .hasMessage("exponent must be at least 0, was NaN");
  }
}
