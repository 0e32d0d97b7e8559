package io.secateur.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.NetworkBlock;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.spi.Examples;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Inputs;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Methods that are awkward to carry, written as ordinary plugins with nothing else at hand. */
@Tag("engine")
class AwkwardPluginsTest {
  private static final Granularity ELEMENT = new Granularity.Element();
  private static final Architecture NET =
      new Architecture(
          new Shape(3), List.of(new Linear("a", 4), new Relu("r"), new Linear("b", 2)));
  private static final Checkpoint MODEL =
      new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 3));
  private static final RecordedContext CONTEXT = regression();

  private static RecordedContext regression() {
    SplittableRandom random = new SplittableRandom(8);
    float[][] inputs = new float[20][3];
    float[][] targets = new float[20][2];
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < 3; j++) {
        inputs[i][j] = (float) random.nextDouble(-1, 1);
      }
      targets[i] = new float[] {inputs[i][0] + inputs[i][1], inputs[i][2]};
    }
    return new RecordedContext(new Task.Regression(new Shape(3), 2), inputs, targets);
  }

  private static Map<String, Amount> all(Amount amount) {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    amounts.put("a.weight", amount);
    amounts.put("b.weight", amount);
    return amounts;
  }

  /** Weights times the norms of the inputs they meet (Sun et al., 2024). */
  private record Wanda(double exponent) implements ScoringMethod {
    @Override
    public String name() {
      return "wanda";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(Inputs.SQUARED_NORM);
    }

    @Override
    public boolean rowwise() {
      return true;
    }

    @Override
    public NDArray scores(Weight w, Statistics s) {
      return w.matrix().abs().mul(s.total(Inputs.SQUARED_NORM).sqrt().pow(exponent));
    }
  }

  @Test
  void wandaGivesTheReferenceMasksForRowsAndTiles() throws IOException {
    JsonNode vectors = oracle().get("wanda");
    float[][] w = rows(vectors.get("W"));
    Checkpoint model =
        new Checkpoint(
            new Architecture(new Shape(8), List.of(new Linear("fc", 6, false))),
            Map.of("fc.weight", Tensor.of(new Shape(6, 8), flat(w))));
    float[][] x =
        vectors
            .get("X_samples_tokens_channels")
            .valueStream()
            .flatMap(sample -> Arrays.stream(rows(sample)))
            .toArray(float[][]::new);
    RecordedContext context =
        new RecordedContext(new Task.Regression(new Shape(8), 6), x, new float[x.length][6]);
    int cases = 0;
    for (JsonNode one : vectors.get("cases")) {
      int m = one.get("m").asInt();
      Scope scope = m == 0 ? new Scope.Row() : new Scope.Tile(m);
      Pruning pruning =
          new Pruning(
              new Wanda(1),
              new Pattern(ELEMENT, scope),
              Map.of("fc.weight", new Amount.OfAll(one.get("sparsity").asDouble())));
      for (int block : new int[] {16, Scoring.BLOCK}) {
        Mask mask = Pruner.prune(model, pruning, context, block).checkpoint().mask("fc.weight");
        float[] kept = flat(rows(one.get("keep_mask")));
        assertThat(mask)
            .as(one.toString())
            .isEqualTo(Mask.of(mask.form(), c -> kept[(int) c] == 1));
      }
      cases++;
    }
    assertThat(cases).isEqualTo(5);
  }

  /** Random scores from the seed that the framework gives. */
  private record RandomOrder() implements ScoringMethod {
    @Override
    public String name() {
      return "random-order";
    }

    @Override
    public NDArray scores(Weight w, Statistics s) {
      SplittableRandom random = new SplittableRandom(w.seed());
      float[] scores = new float[(int) w.matrix().size()];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = (float) random.nextDouble();
      }
      return w.matrix().getManager().create(scores, w.matrix().getShape());
    }
  }

  @Test
  void randomScoresAreEqualForEqualSeedsAndDifferBetweenWeights() throws IOException {
    Checkpoint square =
        Toys.counting(
            new Architecture(new Shape(6), List.of(new Linear("a", 6), new Linear("b", 6))));
    Pruning pruning =
        new Pruning(
            new RandomOrder(), new Pattern(ELEMENT, new Scope.Layer()), all(new Amount.OfAll(.5)));
    Checkpoint once = Pruner.prune(square, pruning, CONTEXT).checkpoint();
    assertThat(Pruner.prune(square, pruning, CONTEXT).checkpoint()).isEqualTo(once);
    assertThat(once.mask("a.weight")).isNotEqualTo(once.mask("b.weight"));
  }

  /** Outputs times their gradients, of a channel over all samples (Molchanov et al., 2017). */
  private record OutputTaylor() implements Statistic.OfOutputGradients {
    @Override
    public NDArray of(NDArray outputs, NDArray gradients) {
      return outputs.mul(gradients).sum(new int[] {0});
    }
  }

  private record ChannelTaylor() implements ScoringMethod {
    @Override
    public String name() {
      return "channel-taylor";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(new OutputTaylor());
    }

    @Override
    public NDArray scores(Weight w, Statistics s) {
      return s.total(new OutputTaylor()).abs().reshape(-1, 1);
    }
  }

  @Test
  void aChannelScoreFromActivationsTimesGradientsTakesWholeRows() throws IOException {
    // Channel 2 of `a` reaches the output with weights 0, so its gradient is 0.
    Map<String, Tensor> parameters = new LinkedHashMap<>(MODEL.parameters());
    float[] b = MODEL.parameter("b.weight").toFloats();
    b[2] = 0;
    b[6] = 0;
    parameters.put("b.weight", Tensor.of(new Shape(2, 4), b));
    Pruned pruned =
        Pruner.prune(
            MODEL.withParameters(parameters),
            new Pruning(
                new ChannelTaylor(),
                new Pattern(new Granularity.Slice(Granularity.Axis.OUTPUT), new Scope.Layer()),
                Map.of("a.weight", new Amount.Count(1))),
            CONTEXT);
    Mask mask = pruned.checkpoint().mask("a.weight");
    assertThat(mask).isEqualTo(Mask.of(mask.form(), cell -> cell / 3 != 2));
  }

  /**
   * Conserves synaptic flow (Tanaka et al., 2020): needs no data, but passes of its own, and prunes
   * a little at a time; so it is a stage that prunes by scores at hand.
   */
  private record SynFlow(double amount, int passes) implements Stage {
    @Override
    public String name() {
      return "synflow";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) {
      Checkpoint now = input;
      for (int pass = 1; pass <= passes; pass++) {
        double sparsity = 1 - StrictMath.pow(1 - amount, (double) pass / passes);
        now =
            Pruner.prune(
                    now,
                    new Pattern(ELEMENT, new Scope.Global()),
                    all(new Amount.OfAll(sparsity)),
                    scores(now, context))
                .checkpoint();
      }
      return now;
    }

    private static Map<String, Scores> scores(Checkpoint model, Context context) {
      try (NDManager manager = NDManager.newBaseManager(context.device())) {
        NetworkBlock block = model.architecture().block(model.parameters(), manager);
        block.arrays().values().forEach(w -> w.abs().copyTo(w));
        block.requireGradients(true);
        Shape ones = new Shape(1).addAll(model.architecture().input());
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          collector.backward(block.forward(manager.ones(ones), false).sum());
        }
        Map<String, Scores> scores = new LinkedHashMap<>();
        for (String name : List.of("a.weight", "b.weight")) {
          NDArray w = java.util.Objects.requireNonNull(block.arrays().get(name));
          scores.put(name, Scores.of(w.stopGradient().mul(w.getGradient()).toFloatArray()));
        }
        return scores;
      }
    }
  }

  @Test
  void synFlowPrunesInPassesOfItsOwn() {
    Checkpoint pruned = new SynFlow(.6, 10).run(MODEL, CONTEXT);
    assertThat(pruned.mask("a.weight").pruned() + pruned.mask("b.weight").pruned())
        .isEqualTo(Math.round(.6 * 20));
    // What it is made for: no layer collapses.
    assertThat(pruned.mask("a.weight").survivors()).isPositive();
    assertThat(pruned.mask("b.weight").survivors()).isPositive();
  }

  /**
   * Movement (Sanh et al., 2020): - w × gradient, summed over steps of fine-tuning in which the
   * weights move; a stage that trains and prunes by what it has summed.
   */
  private record Movement(double amount, int steps, float rate) implements Stage {
    @Override
    public String name() {
      return "movement";
    }

    @Override
    public Checkpoint run(Checkpoint input, Context context) throws IOException {
      Examples examples = context.data(Split.TRAIN);
      Map<String, float[]> sums = new LinkedHashMap<>();
      all(new Amount.OfAll(amount))
          .keySet()
          .forEach(name -> sums.put(name, new float[(int) input.parameter(name).size()]));
      Checkpoint tuned = input;
      int[] indices = IntStream.range(0, examples.size()).toArray();
      for (int step = 0; step < steps; step++) {
        try (NDManager manager = NDManager.newBaseManager(context.device())) {
          NetworkBlock block = tuned.architecture().block(tuned.parameters(), manager);
          block.requireGradients(true);
          Examples.Batch batch = examples.batch(indices, manager);
          try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray error = block.forward(batch.inputs(), true).sub(batch.targets());
            collector.backward(error.square().mean());
          }
          Map<String, Tensor> moved = new LinkedHashMap<>();
          block
              .arrays()
              .forEach(
                  (name, w) -> {
                    NDArray gradient = w.getGradient();
                    float[] part = w.stopGradient().mul(gradient).toFloatArray();
                    float[] sum = sums.getOrDefault(name, new float[part.length]);
                    for (int i = 0; i < part.length; i++) {
                      sum[i] -= part[i];
                    }
                    moved.put(name, Tensor.copyOf(w.stopGradient().sub(gradient.mul(rate))));
                  });
          tuned = tuned.withParameters(moved);
        }
      }
      Map<String, Scores> scores = new LinkedHashMap<>();
      sums.forEach((name, sum) -> scores.put(name, Scores.of(sum)));
      return Pruner.prune(
              tuned,
              new Pattern(ELEMENT, new Scope.Global()),
              all(new Amount.OfAll(amount)),
              scores)
          .checkpoint();
    }
  }

  @Test
  void movementKeepsWhatGrewWhileFineTuning() throws IOException {
    Checkpoint pruned = new Movement(.5, 20, .1f).run(MODEL, CONTEXT);
    assertThat(pruned.mask("a.weight").pruned() + pruned.mask("b.weight").pruned()).isEqualTo(10);
    // Shrinking weights go: those kept moved away from zero more than those pruned, on average.
    Checkpoint moved = new Movement(0, 20, .1f).run(MODEL, CONTEXT);
    double[] change = new double[2];
    for (String name : List.of("a.weight", "b.weight")) {
      float[] before = MODEL.parameter(name).toFloats();
      float[] after = moved.parameter(name).toFloats();
      for (int i = 0; i < before.length; i++) {
        int kept = pruned.mask(name).keeps(i) ? 1 : 0;
        change[kept] += (after[i] * (double) after[i] - before[i] * (double) before[i]) / 10;
      }
    }
    assertThat(change[1]).isGreaterThan(change[0] + .01);
  }

  @Test
  void wandaOfTheLayersOwnNormsIsNotThatOfTheSquares() throws IOException {
    // W = [3, 1], X = [1, 2]: 3 > 2, where unrooted norms would say 3 < 4.
    Checkpoint model =
        new Checkpoint(
            new Architecture(new Shape(2), List.of(new Linear("fc", 1, false))),
            Map.of("fc.weight", Tensor.of(new Shape(1, 2), 3, 1)));
    RecordedContext context =
        new RecordedContext(
            new Task.Regression(new Shape(2), 1), new float[][] {{1, 2}}, new float[][] {{0}});
    Pruned pruned =
        Pruner.prune(
            model,
            new Pruning(
                new Wanda(1),
                new Pattern(ELEMENT, new Scope.Row()),
                Map.of("fc.weight", new Amount.OfAll(.5))),
            context);
    assertThat(pruned.checkpoint().parameter("fc.weight").toFloats())
        .containsExactly(new float[] {3, 0}, within(0f));
  }

  private static JsonNode oracle() throws IOException {
    try (InputStream in = AwkwardPluginsTest.class.getResourceAsStream("/oracle/wanda.json")) {
      return JsonMapper.builder().build().readTree(in);
    }
  }

  private static float[][] rows(JsonNode matrix) {
    return matrix
        .valueStream()
        .map(
            row -> {
              float[] values = new float[row.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) row.get(i).asDouble();
              }
              return values;
            })
        .toArray(float[][]::new);
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
    }
    return all;
  }
}
