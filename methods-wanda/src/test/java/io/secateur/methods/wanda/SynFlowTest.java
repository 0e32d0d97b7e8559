package io.secateur.methods.wanda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.LogSoftmax;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class SynFlowTest {
  private static Checkpoint chain(int... sizes) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 1; i < sizes.length; i++) {
      layers.add(new Linear("l" + i, sizes[i], false));
      if (i < sizes.length - 1) {
        layers.add(new Relu("r" + i));
      }
    }
    return drawn(new Architecture(new Shape(sizes[0]), layers));
  }

  private static Checkpoint drawn(Architecture architecture) {
    return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, 4));
  }

  private static List<String> weights(Checkpoint model) {
    return model.architecture().prunable().stream().map(spec -> spec.name()).toList();
  }

  private static SynFlow synflow(Amount amount, int passes) {
    return new SynFlow(Optional.of(amount), passes, List.of());
  }

  private static RecordedContext context(Checkpoint model) {
    return new RecordedContext(
        new Task.Regression(model.architecture().input(), 1), new float[0][], new float[0][]);
  }

  private static long left(Checkpoint model, String weight) {
    return model.mask(weight).survivors();
  }

  @Test
  void scoresAreThePathsThroughAWeight() {
    // R = 1 + 2 through unit 0 times 5, 3 + 4 through unit 1 times 6, by magnitude.
    Architecture net =
        new Architecture(
            new Shape(2), List.of(new Linear("a", 2, false), new Linear("b", 1, false)));
    Checkpoint model =
        new Checkpoint(
            net,
            Map.of(
                "a.weight", Tensor.of(new Shape(2, 2), 1, -2, -3, 4),
                "b.weight", Tensor.of(new Shape(1, 2), -5, 6)));
    Map<String, float[]> scores =
        SynapticFlow.of(model, List.of("a.weight", "b.weight"), Device.cpu());
    assertThat(scores.get("a.weight")).containsExactly(5, 10, 18, 24);
    assertThat(scores.get("b.weight")).containsExactly(15, 42);
  }

  @Test
  void everyLayersScoresAddUpToTheSame() {
    Checkpoint model = chain(7, 9, 5, 3);
    SynapticFlow.of(model, weights(model), Device.cpu())
        .forEach(
            (name, scores) -> {
              double sum = 0;
              for (float each : scores) {
                sum += each;
              }
              float[] first =
                  Objects.requireNonNull(
                      SynapticFlow.of(model, List.of("l1.weight"), Device.cpu()).get("l1.weight"));
              double expected = 0;
              for (float each : first) {
                expected += each;
              }
              assertThat(sum).as(name).isCloseTo(expected, within(1e-4 * expected));
            });
  }

  @Test
  void prunesExactlyWhatIsAskedOverRounds() throws IOException {
    Checkpoint model = chain(7, 9, 5, 3);
    int cells = 63 + 45 + 15;
    for (int passes : new int[] {1, 2, 100}) {
      RecordedContext context = context(model);
      Checkpoint once = synflow(new Amount.OfAll(.5), passes).run(model, context);
      long pruned = once.masks().values().stream().mapToLong(mask -> mask.pruned()).sum();
      assertThat(pruned).isEqualTo((long) Math.rint(.5 * cells));
      // Reported once, as by a prune stage.
      assertThat(context.rows()).contains("pruned 62.0", "weights 123.0").hasSize(4 * 2 + 1);
      Checkpoint twice = synflow(new Amount.OfRemaining(.5), passes).run(once, context);
      assertThat(twice.masks().values().stream().mapToLong(mask -> mask.pruned()).sum())
          .isEqualTo(62 + (long) Math.rint(.5 * 61));
      once.masks()
          .forEach(
              (name, mask) -> assertThat(mask.and(twice.mask(name))).isEqualTo(twice.mask(name)));
    }
  }

  @Test
  void keepsEveryLayerWhereOnePassLosesOne() throws IOException {
    // A wide layer behind a narrow one: scored once, all of the wide one goes first.
    Checkpoint model = chain(30, 3, 60, 60, 3, 2);
    Amount amount = new Amount.OfAll(.985);
    Checkpoint many = synflow(amount, 100).run(model, context(model));
    Checkpoint one = synflow(amount, 1).run(model, context(model));
    for (String name : weights(model)) {
      assertThat(left(many, name)).as(name).isPositive();
    }
    assertThat(weights(model).stream().mapToLong(name -> left(one, name)).min().orElseThrow())
        .isZero();
  }

  @Test
  void batchNormsAtInitialisationAndALastLogSoftmaxChangeNothing() {
    Checkpoint plain = chain(4, 6, 3);
    List<Layer> layers = new ArrayList<>(plain.architecture().layers());
    layers.add(1, new BatchNorm("norm", 1e-12, .1));
    layers.add(new LogSoftmax("log"));
    Architecture net = new Architecture(new Shape(4), layers);
    Map<String, Tensor> parameters = new LinkedHashMap<>(net.initialise(Initialisation.PYTORCH, 1));
    parameters.putAll(plain.parameters());
    Map<String, float[]> expected = SynapticFlow.of(plain, weights(plain), Device.cpu());
    SynapticFlow.of(new Checkpoint(net, parameters), weights(plain), Device.cpu())
        .forEach(
            (name, scores) ->
                assertThat(scores).containsExactly(expected.get(name), within(1e-4f)));
  }

  @Test
  void sparesWhatIsExcluded() throws IOException {
    Checkpoint model = chain(7, 9, 5, 3);
    SynFlow stage = new SynFlow(Optional.of(new Amount.Count(20)), 5, List.of("l3*"));
    RecordedContext context = context(model);
    Checkpoint pruned = stage.run(model, context);
    assertThat(left(pruned, "l3.weight")).isEqualTo(15);
    assertThat(left(pruned, "l1.weight") + left(pruned, "l2.weight")).isEqualTo(63 + 45 - 20);
    assertThat(context.said()).contains("kept out: l3.weight");
  }

  @Test
  void foreseesItsCountAndGoesOnMoreSlowlyWhereAsked() {
    Architecture net = chain(7, 9, 5, 3).architecture();
    Map<String, Long> dense = Map.of("l1.weight", 0L, "l2.weight", 0L, "l3.weight", 0L);
    assertThat(synflow(new Amount.OfAll(.5), 3).foresee(net, dense))
        .containsEntry("l1.weight, l2.weight, l3.weight", 62L);
    assertThat(synflow(new Amount.OfRemaining(.5), 3).eased(.5))
        .isEqualTo(synflow(new Amount.OfRemaining(.25), 3));
  }

  @Test
  void refusesWhatItCannotDo() {
    Architecture words =
        new Architecture(
            new Shape(3),
            List.of(
                new Embedding("words", 9, 4, -1), new MeanOverPositions("m"), new Linear("l", 2)));
    Task task = new Task.Regression(new Shape(3), 2);
    assertThat(synflow(new Amount.OfAll(.5), 3).faults(words, task))
        .containsExactly(
            "synflow sends ones through the network, and words looks words up by number; use a"
                + " method that looks at data, such as snip");
    assertThat(new SynFlow().faults(chain(2, 2).architecture(), task))
        .containsExactly("synflow needs an amount, as in synflow: {amount: 0.5}");
    assertThatThrownBy(() -> synflow(new Amount.Below(1), 3))
        .hasMessageStartingWith("synflow goes to its amount in passes");
    assertThatThrownBy(() -> synflow(new Amount.OfAll(.5), 0))
        .hasMessage("passes must be at least 1, was 0");
  }

  @Test
  void refusesFlowsThatFloatsDoNotHold() {
    Checkpoint model = chain(2, 2, 2);
    Map<String, Tensor> large = new LinkedHashMap<>(model.parameters());
    large.put("l1.weight", Tensor.of(new Shape(2, 2), 1e30f, 1, 1, 1));
    large.put("l2.weight", Tensor.of(new Shape(2, 2), 1e30f, 1, 1, 1));
    assertThatThrownBy(
            () -> SynapticFlow.of(model.withParameters(large), weights(model), Device.cpu()))
        .hasMessageStartingWith("synflow: what flows through l1.weight is Infinity");
  }
}
