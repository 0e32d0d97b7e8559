package io.secateur.methods.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.prune.Pruner;
import io.secateur.prune.Pruning;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("engine")
class LnStructuredTest {
  private record Magnitude() implements ScoringMethod {
    @Override
    public String name() {
      return "magnitude";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs();
    }
  }

  @Test
  void prunesAsPyTorchDoes() throws IOException {
    JsonNode vectors = vectors();
    int compared = 0;
    for (JsonNode each : vectors.path("cases")) {
      Checkpoint model = model(vectors.path(each.path("tensor").asString()));
      for (JsonNode step : each.path("steps")) {
        String call = step.path("call").asString();
        model = Pruner.prune(model, pruning(call, model), new RecordedContext()).checkpoint();
        Mask mask = model.mask("w.weight");
        assertThat(mask.pruned()).as(call).isEqualTo(step.path("zeros").asLong());
        if (!each.path("ties").asBoolean()) {
          assertThat(bits(mask)).as("%s", each).isEqualTo(numbers(step.path("mask")));
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(32);
  }

  private static JsonNode vectors() throws IOException {
    try (InputStream file =
        LnStructuredTest.class.getResourceAsStream("/oracle/ln-structured.json")) {
      return JsonMapper.shared().readTree(Objects.requireNonNull(file));
    }
  }

  /** One layer that has the tensor as weight. */
  private static Checkpoint model(JsonNode tensor) {
    List<Float> values = numbers(tensor);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    int rows = tensor.size();
    int inputs = tensor.get(0).size();
    boolean matrix = !tensor.get(0).get(0).isArray();
    int side = matrix ? 1 : tensor.get(0).get(0).size();
    Layer layer =
        matrix ? new Linear("w", rows, false) : new Conv2d("w", rows, side, 1, 0, 1, false);
    Architecture architecture =
        new Architecture(
            matrix ? new Shape(inputs) : new Shape(inputs, side, side), List.of(layer));
    Shape shape = architecture.parameter("w.weight").shape();
    return new Checkpoint(architecture, Map.of("w.weight", Tensor.of(shape, floats)));
  }

  private static Pruning pruning(String call, Checkpoint model) {
    double share = Double.parseDouble(argument("amount=([0-9.]+)", call));
    Amount amount =
        argument("amount=([0-9.]+)", call).contains(".")
            ? new Amount.OfRemaining(share)
            : new Amount.Count((long) share);
    Map<String, Amount> amounts = Map.of("w.weight", amount);
    if (call.startsWith("l1_unstructured")) {
      return new Pruning(
          new Magnitude(), new Pattern(new Granularity.Element(), new Scope.Layer()), amounts);
    }
    double n = Double.parseDouble(argument("n=([-0-9a-z]+)", call).replace("inf", "Infinity"));
    int dimensions = model.parameter("w.weight").shape().dimension();
    int dim = Integer.parseInt(argument("dim=(-?[0-9])", call));
    Axis axis = axis(dim < 0 ? dimensions + dim : dim);
    return new Pruning(
        new LnStructured(n), new Pattern(new Granularity.Slice(axis), new Scope.Layer()), amounts);
  }

  private static Axis axis(int dim) {
    return switch (dim) {
      case 0 -> Axis.OUTPUT;
      case 1 -> Axis.INPUT;
      case 2 -> Axis.KERNEL_ROW;
      default -> Axis.KERNEL_COLUMN;
    };
  }

  private static String argument(String pattern, String call) {
    Matcher matcher = java.util.regex.Pattern.compile(pattern).matcher(call);
    assertThat(matcher.find()).as(call).isTrue();
    return matcher.group(1);
  }

  private static List<Float> bits(Mask mask) {
    List<Float> bits = new ArrayList<>();
    for (long cell = 0; cell < mask.form().size(); cell++) {
      bits.add(mask.keeps(cell) ? 1f : 0f);
    }
    return bits;
  }

  private static List<Float> numbers(JsonNode tensor) {
    if (!tensor.isArray()) {
      return List.of((float) tensor.asDouble());
    }
    List<Float> numbers = new ArrayList<>();
    tensor.forEach(part -> numbers.addAll(numbers(part)));
    return numbers;
  }

  @Test
  void isListedAndGivenByName() {
    assertThat(ServiceLoader.load(PruningMethod.class).stream().map(p -> p.get().name()))
        .contains("ln-structured");
  }

  @Test
  void uncoupledUnitsAreSlicesOfOutputs() throws IOException {
    Checkpoint model = model(vectors().path("W4"));
    Map<String, Amount> amounts = Map.of("w.weight", new Amount.OfAll(0.5));

    assertThat(
            Pruner.prune(
                model,
                new Pruning(
                    new LnStructured(),
                    new Pattern(new Granularity.OutputUnits(false), new Scope.Layer()),
                    amounts),
                new RecordedContext()))
        .isEqualTo(
            Pruner.prune(
                model,
                new Pruning(
                    new LnStructured(),
                    new Pattern(new Granularity.Slice(Axis.OUTPUT), new Scope.Layer()),
                    amounts),
                new RecordedContext()));
  }

  @Test
  void refusesOtherOrders() {
    assertThatThrownBy(() -> new LnStructured(3))
        .hasMessage("n must be 0, 1, 2, inf or -inf, was 3.0");
    assertThatThrownBy(() -> new LnStructured(Double.NaN)).hasMessageContaining("was NaN");
    assertThat(new LnStructured(-0.0)).isEqualTo(new LnStructured(0));
  }
}
