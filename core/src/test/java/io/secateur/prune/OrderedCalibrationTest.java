package io.secateur.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.calibrate.Calibration.Order;
import io.secateur.calibrate.Walk;
import io.secateur.model.Architecture;
import io.secateur.model.Attention;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Concat;
import io.secateur.model.Conv2d;
import io.secateur.model.Embedding;
import io.secateur.model.Flatten;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.LayerNorm;
import io.secateur.model.Linear;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Product;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.RmsNorm;
import io.secateur.model.Silu;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Inputs;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a layer sees when the layers before it are pruned already. */
@Tag("engine")
class OrderedCalibrationTest {
  private static final Pattern ROWS = new Pattern(new Granularity.Element(), new Scope.Row());

  /** Weights times norms of inputs and of outputs. */
  private record Norms() implements ScoringMethod {
    private enum Outputs implements Statistic.OfOutputs {
      SQUARED_NORM {
        @Override
        public NDArray of(NDArray outputs) {
          return outputs.square().sum(new int[] {0});
        }
      }
    }

    @Override
    public String name() {
      return "norms";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(Inputs.SQUARED_NORM, Outputs.SQUARED_NORM);
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight
          .matrix()
          .abs()
          .mul(statistics.total(Inputs.SQUARED_NORM))
          .mul(statistics.total(Outputs.SQUARED_NORM).reshape(-1, 1));
    }
  }

  /** Scales what stays by what the inputs' Gram matrix says. */
  private record Scaling() implements ReconstructingMethod {
    @Override
    public String name() {
      return "scaling";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(Inputs.GRAM);
    }

    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      NDArray gram = statistics.total(Inputs.GRAM);
      NDArray moved = weight.matrix().matMul(gram.div(gram.abs().max()));
      return moved.mul(selector.keep(moved.abs(), 0).toType(moved.getDataType(), false));
    }
  }

  private static Checkpoint images() {
    Layer inner =
        new Residual("inner", List.of(new Conv2d("b", 4, 3, 1, 1), new Relu("rb")), List.of());
    Layer branches =
        new Concat(
            "both",
            List.of(
                List.of(new Conv2d("c", 3, 1, 1, 0)),
                List.of(),
                List.of(new Conv2d("d", 2, 3, 1, 1), new Relu("rd"), new Conv2d("e", 2, 1, 1, 0))));
    Layer outer =
        new Residual(
            "outer",
            List.of(new BatchNorm("n"), inner, branches),
            List.of(new Conv2d("short", 9, 1, 1, 0)));
    return drawn(
        new Architecture(
            new Shape(2, 5, 5),
            List.of(
                new Conv2d("a", 4, 3, 1, 1),
                new Relu("ra"),
                outer,
                new Flatten("f"),
                new Linear("fc", 3))));
  }

  /** Two blocks of a language model, with padding. */
  private static Checkpoint texts() {
    List<Layer> layers = new ArrayList<>(List.of(new Embedding("words", 11, 6, 0)));
    for (int i = 0; i < 2; i++) {
      String at = "layers." + i + ".";
      layers.add(
          new Residual(
              at + "attention",
              List.of(
                  new LayerNorm(at + "norm"),
                  new Attention(
                      at + "heads",
                      List.of(new Linear(at + "q", 6)),
                      List.of(new Linear(at + "k", 6)),
                      List.of(new Linear(at + "v", 6)),
                      3,
                      i == 0,
                      0),
                  new Linear(at + "o", 6)),
              List.of()));
      layers.add(
          new Residual(
              at + "mlp",
              List.of(
                  new RmsNorm(at + "root"),
                  new Product(
                      at + "gated",
                      List.of(
                          List.of(new Linear(at + "gate", 8), new Silu(at + "silu")),
                          List.of(new Linear(at + "up", 8)))),
                  new Linear(at + "down", 6)),
              List.of()));
    }
    layers.add(new MeanOverPositions("mean"));
    layers.add(new Linear("out", 2));
    return drawn(new Architecture(new Shape(5), layers));
  }

  private static Checkpoint drawn(Architecture net) {
    return new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 6));
  }

  private static RecordedContext context(Checkpoint model) {
    SplittableRandom random = new SplittableRandom(12);
    Shape shape = model.architecture().input();
    boolean words = model.architecture().layers().get(0) instanceof Embedding;
    float[][] inputs = new float[17][(int) shape.size()];
    for (float[] input : inputs) {
      int length = 1 + random.nextInt(input.length);
      for (int j = 0; j < input.length; j++) {
        input[j] =
            words ? j < length ? 1 + random.nextInt(10) : 0 : (float) random.nextDouble(-1, 1);
      }
    }
    Task task = words ? new Task.TokenPrediction(shape, 11) : new Task.Regression(shape, 1);
    return new RecordedContext(task, inputs, new float[17][1]);
  }

  private static List<String> weights(Checkpoint model) {
    return model.architecture().parameters().stream()
        .filter(spec -> spec.kind() == ParameterSpec.Kind.WEIGHT)
        .map(ParameterSpec::name)
        .toList();
  }

  private static Checkpoint pruned(
      Checkpoint model, PruningMethod method, List<String> names, Order order) throws IOException {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    names.forEach(name -> amounts.put(name, new Amount.OfAll(.5)));
    Calibration calibration = new Calibration(100, 6, order);
    return Pruner.prune(
            model, new Pruning(method, ROWS, amounts, calibration, Limits.NONE), context(model))
        .checkpoint();
  }

  /** Gathers anew from the whole network for each group of weights, one group after another. */
  private static Checkpoint oneByOne(
      Checkpoint model, PruningMethod method, List<List<String>> groups) throws IOException {
    Checkpoint now = model;
    for (List<String> group : groups) {
      now = pruned(now, method, group, Order.PARALLEL);
    }
    return now;
  }

  @Test
  void inSequenceEveryLayerSeesWhatThePrunedOnesBeforeItMake() throws IOException {
    for (Checkpoint model : List.of(images(), texts())) {
      for (PruningMethod method : List.of(new Norms(), new Scaling())) {
        List<String> names = weights(model);

        Checkpoint walked = pruned(model, method, names, Order.SEQUENTIAL);

        assertThat(walked)
            .isEqualTo(oneByOne(model, method, names.stream().map(List::of).toList()));
        assertThat(walked).isNotEqualTo(pruned(model, method, names, Order.PARALLEL));
        assertThat(pruned(model, method, names, Order.SEQUENTIAL)).isEqualTo(walked);
      }
    }
  }

  @Test
  void inBlocksAllWeightsOfABlockSeeItAsItWas() throws IOException {
    Checkpoint model = texts();
    List<List<String>> groups = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String at = "layers." + i + ".";
      groups.add(weights(model).stream().filter(name -> name.startsWith(at)).toList());
    }
    groups.add(List.of("out.weight"));
    assertThat(groups.get(0)).hasSize(7);
    for (PruningMethod method : List.of(new Norms(), new Scaling())) {
      Checkpoint walked = pruned(model, method, weights(model), Order.BLOCKS);
      assertThat(walked).isEqualTo(oneByOne(model, method, groups));
      assertThat(walked).isNotEqualTo(pruned(model, method, weights(model), Order.SEQUENTIAL));
    }
  }

  @Test
  void weightsThatDoNotTakePartStayAndPass() throws IOException {
    Checkpoint model = images();
    List<String> some = List.of("b.weight", "fc.weight");
    Checkpoint walked = pruned(model, new Norms(), some, Order.SEQUENTIAL);
    assertThat(walked.masks().keySet()).containsExactlyElementsOf(some);
    assertThat(walked)
        .isEqualTo(
            oneByOne(model, new Norms(), List.of(List.of("b.weight"), List.of("fc.weight"))));
  }

  /** Counts how often it computes. */
  private record Counting(String name, AtomicInteger calls) implements Layer.Functional {
    @Override
    public NDArray apply(NDArray input, boolean training) {
      calls.incrementAndGet();
      return input;
    }

    @Override
    public Shape output(Shape input) {
      return input;
    }
  }

  @Test
  void computesEveryLayerOncePerBatchHoweverManyAreBehind() throws IOException {
    List<Layer> layers = new ArrayList<>();
    List<Counting> counts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      counts.add(new Counting("count" + i, new AtomicInteger()));
      layers.add(counts.get(i));
      layers.add(new Linear("l" + i, 4));
    }
    Checkpoint model = drawn(new Architecture(new Shape(3), layers));
    pruned(model, new Norms(), weights(model), Order.SEQUENTIAL);
    // 17 examples in batches of 6.
    assertThat(counts).allSatisfy(each -> assertThat(each.calls()).hasValue(3));
  }

  @Test
  void holdsTheNumbersOfOnePlaceAndTheTotalsOfOneLayer() {
    Checkpoint model = texts();
    List<Integer> held = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      Walk.through(
          model,
          Set.of(Inputs.GRAM),
          weights(model),
          new Calibration(100, 6, Order.SEQUENTIAL),
          context(model).examples(),
          1,
          manager,
          statistics -> {
            NDManager own = statistics.values().iterator().next().total(Inputs.GRAM).getManager();
            assertThat(own.getManagedArrays()).hasSize(1);
            held.add(own.getParentManager().getManagedArrays().size());
            return Map.of();
          });
      assertThat(manager.getManagedArrays()).isEmpty();
    }
    int parameters = model.parameters().size();
    assertThat(held).hasSize(15);
    // Of 3 batches what is present, the inputs, the residual's, and up to three ends of branches.
    assertThat(held).allSatisfy(count -> assertThat(count - parameters).isBetween(9, 3 * 6 + 1));
    // Nothing adds up from layer to layer.
    assertThat(held.get(13)).isEqualTo(held.get(6));
  }

  private static List<String> faults(PruningMethod method, Pattern pattern, Order order) {
    Checkpoint model = Toys.chain(3, 2, 2);
    Map<String, Amount> amounts = new LinkedHashMap<>();
    amounts.put("l0.weight", new Amount.OfAll(.5));
    return new Pruning(method, pattern, amounts, new Calibration(8, 4, order), Limits.NONE)
        .faults(model.architecture());
  }

  /** Looks at gradients. */
  private record Back() implements ScoringMethod {
    @Override
    public String name() {
      return "back";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(Statistic.Gradients.SUM);
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix();
    }
  }

  @Test
  void isRefusedWhereTheWholeNetworkMustBeKnownFirst() {
    assertThat(faults(new Back(), ROWS, Order.SEQUENTIAL))
        .containsExactly(
            "back needs SUM, which come back through the whole network; calibration in order"
                + " sequential knows what goes into layers and out of them; use order parallel");
    Pattern global = new Pattern(new Granularity.Element(), new Scope.Global());
    assertThat(faults(new Norms(), global, Order.BLOCKS))
        .containsExactly(
            "scope global ranks all weights first, calibration in order blocks decides those of a"
                + " layer before it sees the next; use scope layer, row or tile, or order parallel");
    Pattern units = new Pattern(new Granularity.OutputUnits(), new Scope.Layer());
    assertThat(faults(new Norms(), units, Order.SEQUENTIAL))
        .containsExactly(
            "units are decided over all layers that own them, calibration in order sequential goes"
                + " layer by layer; use order parallel, or output-units: {coupled: false}");
    // A method that looks at nothing has no order.
    assertThat(faults(Toys.magnitude(), global, Order.SEQUENTIAL)).isEmpty();
  }

  @Test
  void needsExamples() {
    Checkpoint model = Toys.chain(3, 2);
    Pruning pruning =
        new Pruning(
            new Norms(),
            ROWS,
            Map.of("l0.weight", new Amount.OfAll(.5)),
            new Calibration(8, 4, Order.SEQUENTIAL),
            Limits.NONE);
    assertThatThrownBy(() -> Pruner.prune(model, pruning, new RecordedContext()))
        .hasMessage("calibration needs examples, the training part has none");
  }
}
