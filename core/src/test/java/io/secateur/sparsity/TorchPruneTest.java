package io.secateur.sparsity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Selection.Candidate;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The values of {@code torch.nn.utils.prune}; see {@code oracle/README.md} beside the file. */
class TorchPruneTest {
  private static final JsonNode ORACLE = oracle();
  private static final java.util.regex.Pattern CALL =
      java.util.regex.Pattern.compile(
          "(l1_un|ln_)structured\\(amount=([0-9.]+)(?:, n=(.+), dim=(.+))?\\)");
  private static final Granularity ELEMENT = new Granularity.Element();

  static Stream<JsonNode> cases() {
    return ORACLE.get("cases").valueStream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void prunesAWeightStepByStepAsTorchDoes(JsonNode oracle) {
    Tensor tensor = Tensor.named(oracle.get("tensor").asString());
    Mask mask = Mask.dense(tensor.form());
    for (JsonNode step : oracle.get("steps")) {
      mask = step(tensor, mask, step.get("call").asString());

      assertThat(mask.pruned()).as("%s", step).isEqualTo(step.get("zeros").asLong());
      if (!oracle.get("ties").asBoolean()) {
        assertThat(mask).isEqualTo(mask(tensor.form(), step.get("mask").asString()));
      }
    }
  }

  static Stream<JsonNode> globals() {
    return ORACLE.get("global").valueStream();
  }

  @ParameterizedTest
  @MethodSource("globals")
  void prunesOnePoolOfTwoWeightsAsTorchDoes(JsonNode oracle) {
    List<Tensor> tensors = List.of(Tensor.named("W2"), Tensor.named("W4").times(1.7f));
    List<Mask> masks = new ArrayList<>(tensors.stream().map(t -> Mask.dense(t.form())).toList());
    Amount amount = amount(oracle.get("amount").asString());
    for (JsonNode step : oracle.get("steps")) {
      List<Candidate> candidates = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Scores scores = Scores.of(tensors.get(i).magnitudes());
        candidates.add(new Candidate("w" + i, masks.get(i), scores, amount));
      }

      Map<String, Mask> selected =
          Selection.select(new Pattern(ELEMENT, new Scope.Global()), candidates).masks();

      masks = new ArrayList<>(selected.values());
      for (int i = 0; i < 2; i++) {
        assertThat(masks.get(i))
            .as("weight %d", i)
            .isEqualTo(mask(tensors.get(i).form(), step.get("masks").get(i).asString()));
        assertThat(masks.get(i).pruned()).isEqualTo(step.get("zeros").get(i).asLong());
      }
    }
  }

  @Test
  void roundsFractionsAsTorchDoes() {
    for (JsonNode count : ORACLE.get("counts")) {
      int units = count.get("units").asInt();
      Form form = Form.matrix(1, units);
      Amount amount = new Amount.OfAll(count.get("fraction").asDouble());
      Candidate candidate =
          new Candidate("w", Mask.dense(form), Scores.of(new float[units]), amount);

      Mask mask =
          requireNonNull(
              Selection.select(new Pattern(ELEMENT, new Scope.Layer()), List.of(candidate))
                  .masks()
                  .get("w"));

      assertThat(mask.pruned()).as("%s", count).isEqualTo(count.get("pruned").asLong());
    }
  }

  private static Mask step(Tensor tensor, Mask before, String call) {
    Matcher matcher = CALL.matcher(call);
    assertThat(matcher.matches()).as(call).isTrue();
    Granularity granularity = ELEMENT;
    float[] scores = tensor.magnitudes();
    if (matcher.group(1).equals("ln_")) {
      int dimension = Math.floorMod(Integer.parseInt(matcher.group(4)), tensor.dimensions());
      granularity = new Granularity.Slice(List.of(Axis.values()).get(dimension));
      scores = tensor.norms(dimension, matcher.group(3), before);
    }
    Candidate candidate = new Candidate("w", before, Scores.of(scores), amount(matcher.group(2)));
    return requireNonNull(
        Selection.select(new Pattern(granularity, new Scope.Layer()), List.of(candidate))
            .masks()
            .get("w"));
  }

  /** An amount with a point is a fraction of what is left, one without a count. */
  private static Amount amount(String text) {
    return text.contains(".")
        ? new Amount.OfRemaining(Double.parseDouble(text))
        : new Amount.Count(Long.parseLong(text));
  }

  private static Mask mask(Form form, String bits) {
    return Mask.of(form, cell -> bits.charAt((int) cell) == '1');
  }

  private static final class Tensor {
    private final long[] shape;
    private final float[] values;

    private Tensor(long[] shape, float[] values) {
      this.shape = shape;
      this.values = values;
    }

    static Tensor named(String name) {
      JsonNode tensor = ORACLE.get("tensors").get(name);
      long[] shape = tensor.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
      float[] values = new float[tensor.get("values").size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.parseFloat(tensor.get("values").get(i).asString());
      }
      return new Tensor(shape, values);
    }

    int dimensions() {
      return shape.length;
    }

    Form form() {
      return Form.of(shape);
    }

    Tensor times(float factor) {
      float[] result = values.clone();
      for (int i = 0; i < result.length; i++) {
        result[i] *= factor;
      }
      return new Tensor(shape, result);
    }

    float[] magnitudes() {
      float[] result = values.clone();
      for (int i = 0; i < result.length; i++) {
        result[i] = Math.abs(result[i]);
      }
      return result;
    }

    /** The norms of the masked weights over all dimensions but one. */
    float[] norms(int dimension, String order, Mask mask) {
      int inner = 1;
      for (int d = dimension + 1; d < shape.length; d++) {
        inner *= (int) shape[d];
      }
      int size = (int) shape[dimension];
      double[] norms = new double[size];
      Arrays.fill(norms, order.equals("-inf") ? Double.POSITIVE_INFINITY : 0);
      for (int cell = 0; cell < values.length; cell++) {
        double x = mask.keeps(cell) ? Math.abs(values[cell]) : 0;
        int slice = cell / inner % size;
        norms[slice] =
            switch (order) {
              case "0" -> norms[slice] + (x == 0 ? 0 : 1);
              case "1" -> norms[slice] + x;
              case "2" -> norms[slice] + x * x;
              case "inf" -> Math.max(norms[slice], x);
              case "-inf" -> Math.min(norms[slice], x);
              default -> throw new IllegalArgumentException("no norm of order " + order);
            };
      }
      float[] result = new float[size];
      for (int i = 0; i < size; i++) {
        result[i] = (float) norms[i];
      }
      return result;
    }
  }

  private static JsonNode oracle() {
    try (InputStream file =
        requireNonNull(TorchPruneTest.class.getResourceAsStream("/oracle/torch-prune.json"))) {
      return JsonMapper.shared().readTree(file);
    } catch (IOException e) {
      throw new AssertionError("oracle/torch-prune.json cannot be read", e);
    }
  }
}
