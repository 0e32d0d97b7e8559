package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers over positions, against loops that are plainly right. */
@Tag("engine")
class TextLayersTest {
  private static final int WIDTH = 6;

  private static float[] random(long seed, int size) {
    Random random = new Random(seed);
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static float[] run(
      Architecture architecture, Map<String, Tensor> parameters, float[] input, long... shape) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray batch = manager.create(input, new Shape(shape));
      if (architecture.layers().get(0) instanceof Embedding) {
        batch = batch.toType(DataType.INT64, false);
      }
      return architecture.block(parameters, manager).forward(batch, false).toFloatArray();
    }
  }

  private static Map<String, Tensor> drawn(Architecture architecture) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      int size = (int) spec.shape().size();
      parameters.put(spec.name(), Tensor.of(spec.shape(), random(spec.name().hashCode(), size)));
    }
    return parameters;
  }

  private static Attention attention(int heads, int shared, int size, boolean causal, double base) {
    return new Attention(
        "attention",
        List.of(new Linear("q", heads * size)),
        List.of(new Linear("k", heads / shared * size)),
        List.of(new Linear("v", heads / shared * size, false)),
        size,
        causal,
        base);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 4, false, 0",
    "3, 1, 2, false, 0",
    "4, 2, 2, true, 0",
    "4, 4, 4, true, 10000",
    "2, 1, 6, false, 100",
    "6, 3, 2, false, 0"
  })
  void attentionIsThatOfLoops(int heads, int shared, int size, boolean causal, double base) {
    int positions = 5;
    Attention layer = attention(heads, shared, size, causal, base);
    Architecture architecture = new Architecture(new Shape(positions, WIDTH), List.of(layer));
    Map<String, Tensor> parameters = drawn(architecture);
    float[] input = random(1, 2 * positions * WIDTH);

    float[] output = run(architecture, parameters, input, 2, positions, WIDTH);

    float[] expected = new float[output.length];
    for (int example = 0; example < 2; example++) {
      double[][] x = new double[positions][WIDTH];
      for (int t = 0; t < positions; t++) {
        for (int i = 0; i < WIDTH; i++) {
          x[t][i] = input[(example * positions + t) * WIDTH + i];
        }
      }
      double[][] attended = attended(x, parameters, heads, shared, size, causal, base, positions);
      for (int t = 0; t < positions; t++) {
        for (int i = 0; i < heads * size; i++) {
          expected[(example * positions + t) * heads * size + i] = (float) attended[t][i];
        }
      }
    }
    assertThat(output).containsExactly(expected, within(1e-4f));
  }

  /** Attention that looks at the first positions only. */
  private static double[][] attended(
      double[][] x,
      Map<String, Tensor> parameters,
      int heads,
      int shared,
      int size,
      boolean causal,
      double base,
      int present) {
    double[][] queries = turned(linear(x, parameters, "q"), size, base);
    double[][] keys = turned(linear(x, parameters, "k"), size, base);
    double[][] values = linear(x, parameters, "v");
    double[][] attended = new double[x.length][heads * size];
    for (int head = 0; head < heads; head++) {
      for (int t = 0; t < x.length; t++) {
        int seen = causal ? Math.min(present, t + 1) : present;
        double[] shares = new double[seen];
        double total = 0;
        for (int s = 0; s < seen; s++) {
          double dot = 0;
          for (int i = 0; i < size; i++) {
            dot += queries[t][head * size + i] * keys[s][head / shared * size + i];
          }
          shares[s] = Math.exp(dot / Math.sqrt(size));
          total += shares[s];
        }
        for (int s = 0; s < seen; s++) {
          for (int i = 0; i < size; i++) {
            attended[t][head * size + i] += shares[s] / total * values[s][head / shared * size + i];
          }
        }
      }
    }
    return attended;
  }

  private static double[][] linear(double[][] x, Map<String, Tensor> parameters, String name) {
    Tensor weight = Naive.value(parameters, name + ".weight");
    int outputs = (int) weight.shape().get(0);
    int inputs = (int) weight.shape().get(1);
    Tensor bias = parameters.get(name + ".bias");
    double[][] y = new double[x.length][outputs];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < outputs; o++) {
        y[t][o] = bias == null ? 0 : bias.toFloats()[o];
        for (int i = 0; i < inputs; i++) {
          y[t][o] += weight.toFloats()[o * inputs + i] * x[t][i];
        }
      }
    }
    return y;
  }

  /**
   * Each pair (i, i + half) of a head, as a complex number, turned by position × base^(−2i/size).
   */
  private static double[][] turned(double[][] x, int size, double base) {
    if (base == 0) {
      return x;
    }
    for (int t = 0; t < x.length; t++) {
      for (int first = 0; first < x[t].length; first += size) {
        for (int i = 0; i < size / 2; i++) {
          double angle = t / Math.pow(base, 2.0 * i / size);
          double real = x[t][first + i];
          double imaginary = x[t][first + i + size / 2];
          x[t][first + i] = real * Math.cos(angle) - imaginary * Math.sin(angle);
          x[t][first + i + size / 2] = real * Math.sin(angle) + imaginary * Math.cos(angle);
        }
      }
    }
    return x;
  }

  @Test
  void paddingChangesNothing() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Embedding("embedding", 9, WIDTH, 0));
    layers.add(new Residual("add", List.of(attention(3, 1, 2, false, 0)), List.of()));
    layers.add(new MeanOverPositions("mean"));
    Architecture padded = new Architecture(new Shape(5), layers);
    Architecture full = new Architecture(new Shape(3), layers);
    Map<String, Tensor> parameters = drawn(padded);

    float[] output = run(padded, parameters, new float[] {4, 8, 1, 0, 0, 0, 0, 0, 0, 0}, 2, 5);

    float[] expected = run(full, parameters, new float[] {4, 8, 1}, 1, 3);
    for (int i = 0; i < WIDTH; i++) {
      assertThat(output[i]).isCloseTo(expected[i], within(1e-5f));
      assertThat(output[WIDTH + i]).as("an empty text").isZero();
    }
  }

  @Test
  void normsAreThoseOfLoops() {
    for (int width : new int[] {0, 10}) {
      Architecture layer =
          new Architecture(new Shape(2, WIDTH), List.of(new LayerNorm("n", 1e-3, width)));
      Architecture root =
          new Architecture(new Shape(2, WIDTH), List.of(new RmsNorm("n", 1e-3, width)));
      Map<String, Tensor> parameters = drawn(layer);
      Tensor gamma = Naive.value(parameters, "n.weight");
      Tensor beta = Naive.value(parameters, "n.bias");
      float[] input = random(5, 2 * WIDTH);

      float[] normed = run(layer, parameters, input, 1, 2, WIDTH);
      float[] scaled = run(root, Map.of("n.weight", gamma), input, 1, 2, WIDTH);

      int n = width == 0 ? WIDTH : width;
      for (int t = 0; t < 2; t++) {
        // Features that are lacking are zeros.
        double[] x = new double[n];
        for (int i = 0; i < WIDTH; i++) {
          x[i] = input[t * WIDTH + i];
        }
        double mean = 0;
        double squares = 0;
        for (double each : x) {
          mean += each / n;
          squares += each * each / n;
        }
        double variance = 0;
        for (double each : x) {
          variance += (each - mean) * (each - mean) / n;
        }
        for (int i = 0; i < WIDTH; i++) {
          int at = t * WIDTH + i;
          double g = gamma.toFloats()[i];
          assertThat(normed[at])
              .isCloseTo(
                  (float) (g * (x[i] - mean) / Math.sqrt(variance + 1e-3) + beta.toFloats()[i]),
                  within(1e-4f));
          assertThat(scaled[at])
              .isCloseTo((float) (g * x[i] / Math.sqrt(squares + 1e-3)), within(1e-4f));
        }
      }
    }
  }

  @Test
  void aTiedLayerComputesWithTheTable() {
    Architecture architecture =
        new Architecture(
            new Shape(3),
            List.of(
                new Embedding("table", 7, 4),
                new PositionEmbedding("position", 5),
                new TiedLinear("head", "table", 7)));
    Map<String, Tensor> parameters = drawn(architecture);
    float[] table = Naive.value(parameters, "table.weight").toFloats();
    float[] position = Naive.value(parameters, "position.weight").toFloats();

    float[] output = run(architecture, parameters, new float[] {6, 0, 2}, 1, 3);

    assertThat(architecture.parameters()).extracting(ParameterSpec::name).hasSize(2);
    assertThat(architecture.macs()).isEqualTo(3 * 4 * 7);
    int[] ids = {6, 0, 2};
    for (int t = 0; t < 3; t++) {
      for (int id = 0; id < 7; id++) {
        float sum = 0;
        for (int i = 0; i < 4; i++) {
          sum += (table[ids[t] * 4 + i] + position[t * 4 + i]) * table[id * 4 + i];
        }
        assertThat(output[t * 7 + id]).isCloseTo(sum, within(1e-5f));
      }
    }
    assertThatThrownBy(
            () ->
                new Architecture(
                    new Shape(3),
                    List.of(new Embedding("table", 7, 4), new TiedLinear("head", "tables", 7))))
        .hasMessage(
            "layer head (tied-linear) needs an embedding tables of shape (7, 4) before it, there is"
                + " none");
  }

  @Test
  void gatedUnitsAreMultiplied() {
    Architecture architecture =
        new Architecture(
            new Shape(2, 3),
            List.of(new Product("gated", List.of(List.of(new Silu("silu")), List.of()))));
    float[] input = random(2, 6);

    float[] output = run(architecture, Map.of(), input, 1, 2, 3);

    for (int i = 0; i < 6; i++) {
      float x = input[i];
      assertThat(output[i]).isCloseTo((float) (x * x / (1 + Math.exp(-x))), within(1e-5f));
    }
  }

  @Test
  void gradientsReachEveryParameter() {
    Architecture architecture =
        new Architecture(
            new Shape(4),
            List.of(
                new Embedding("embedding", 9, WIDTH, 0),
                new PositionEmbedding("position"),
                new Residual(
                    "add",
                    List.of(
                        new LayerNorm("norm"),
                        attention(4, 2, 2, true, 10),
                        new Linear("o", WIDTH)),
                    List.of()),
                new RmsNorm("root"),
                new MeanOverPositions("mean"),
                new Linear("out", 2)));
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NetworkBlock block = architecture.block(drawn(architecture), manager);
      block.requireGradients(true);
      NDArray ids = manager.create(new long[] {3, 1, 8, 0}, new Shape(1, 4));
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        collector.backward(block.forward(ids, true).get(":, 0").sum());
      }
      block
          .arrays()
          .forEach(
              (name, array) -> {
                float[] gradient = array.getGradient().toFloatArray();
                float largest = 0;
                for (float each : gradient) {
                  assertThat(each).as(name).isFinite();
                  largest = Math.max(largest, Math.abs(each));
                }
                // Whatever is added to all keys alike leaves their shares as they are.
                boolean shift = name.equals("k.bias");
                assertThat(largest).as(name).isGreaterThan(shift ? -1f : 1e-6f);
              });
      float[] table = Naive.value(block.arrays(), "embedding.weight").getGradient().toFloatArray();
      for (int i = 0; i < WIDTH; i++) {
        assertThat(table[i]).as("the padding's row").isZero();
      }
    }
  }

  /** What a layer multiplies with must still be there when gradients are computed. */
  @Test
  void gradientsDoNotLookAtMemoryThatJavaHasFreed() {
    Architecture architecture =
        new Architecture(
            new Shape(4, WIDTH),
            List.of(
                new Residual(
                    "add",
                    List.of(
                        new LayerNorm("norm", 1e-5, WIDTH + 2),
                        attention(4, 2, 2, true, 10),
                        new Linear("o", WIDTH)),
                    List.of()),
                new RmsNorm("root"),
                new Product(
                    "gated",
                    List.of(
                        List.of(new Linear("gate", WIDTH), new Silu("silu")),
                        List.of(new Linear("up", WIDTH)))),
                new MeanOverPositions("mean"),
                new Linear("out", 2)));
    Map<String, float[]> expected = gradients(architecture, false);

    Map<String, float[]> actual = gradients(architecture, true);

    expected.forEach((name, own) -> assertThat(actual.get(name)).as(name).containsExactly(own));
  }

  private static Map<String, float[]> gradients(Architecture architecture, boolean collect) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    List<ByteBuffer> rubbish = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NetworkBlock block = architecture.block(drawn(architecture), manager);
      block.requireGradients(true);
      NDArray input = manager.create(random(9, 8 * WIDTH), new Shape(2, 4, WIDTH));
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray loss = block.forward(input, true).sum();
        for (int i = 0; collect && i < 3; i++) {
          System.gc();
          for (int size = 4; size <= 256; size *= 2) {
            for (int k = 0; k < 2000; k++) {
              ByteBuffer bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
              for (int at = 0; at < size; at += 4) {
                bytes.putFloat(at, Float.NaN);
              }
              rubbish.add(bytes);
            }
          }
        }
        collector.backward(loss);
      }
      block
          .arrays()
          .forEach((name, array) -> gradients.put(name, array.getGradient().toFloatArray()));
    }
    assertThat(rubbish).hasSize(collect ? 42_000 : 0);
    return gradients;
  }

  @Test
  void refusesHeadsThatDoNotGoTogether() {
    Attention uneven =
        new Attention(
            "attention",
            List.of(new Linear("q", 6)),
            List.of(new Linear("k", 4)),
            List.of(new Linear("v", 4)),
            2,
            false,
            0);
    assertThatThrownBy(() -> new Architecture(new Shape(3, 4), List.of(uneven)))
        .hasMessageStartingWith("layer attention (attention): queries (3, 6), keys (3, 4)");
    assertThatThrownBy(() -> attention(1, 1, 3, false, 10)).hasMessageContaining("even head size");
  }
}
