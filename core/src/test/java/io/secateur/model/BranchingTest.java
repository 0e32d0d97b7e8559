package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Residual and concatenated layers, and batch normalisation; values are PyTorch 1.13's. */
class BranchingTest {
  private static final Architecture NET =
      new Architecture(
          new Shape(2, 5, 5),
          List.of(
              new Conv2d("conv1", 4, 3, 1, 1, 1, false),
              new BatchNorm("bn1"),
              new Relu("relu1"),
              new Residual(
                  "add", List.of(new Conv2d("body", 4, 3, 1, 1), new BatchNorm("bn2")), List.of()),
              new Concat("cat", List.of(List.of(new Conv2d("side", 3, 1, 1, 0)), List.of())),
              new GlobalAvgPool2d("pool"),
              new Tanh("tanh"),
              new Linear("fc", 3),
              new LogSoftmax("log")));

  private static float[] wave(long size, double step) {
    float[] values = new float[(int) size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin((i + 1) * step);
    }
    return values;
  }

  private static Map<String, Tensor> parameters() {
    Map<String, Tensor> parameters = new LinkedHashMap<>(NET.initialise(Initialisation.PYTORCH, 1));
    int k = 0;
    for (ParameterSpec spec : NET.parameters()) {
      if (spec.trainable()) {
        parameters.put(
            spec.name(), Tensor.of(spec.shape(), wave(spec.shape().size(), 0.7 + 0.1 * k++)));
      }
    }
    return parameters;
  }

  @Test
  @Tag("engine")
  void computesValuesGradientsAndRunningNumbersAsPyTorch() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NetworkBlock block = NET.block(parameters(), manager);
      block.requireGradients(true);
      NDArray input = manager.create(wave(150, 0.37), new Shape(3, 2, 5, 5));
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray log = block.forward(input, true);
        NDArray classes = manager.create(new long[] {0, 2, 1}, new Shape(3, 1));
        NDArray loss = log.gather(classes, 1).mean().neg();
        assertThat(loss.getFloat()).isCloseTo(2.6963882f, within(1e-5f));
        collector.backward(loss);
      }
      assertThat(square(block, "conv1.weight")).isCloseTo(0.0116289f, within(1e-5f));
      assertThat(square(block, "bn1.weight")).isCloseTo(0.0438476f, within(1e-5f));
      assertThat(square(block, "body.weight")).isCloseTo(0.000613770f, within(1e-6f));
      assertThat(square(block, "side.weight")).isCloseTo(0.1940366f, within(1e-5f));
      assertThat(square(block, "fc.weight")).isCloseTo(2.6305642f, within(1e-4f));
      Offset<Float> near = within(1e-6f);
      float[] means = of(block.tensors(), "bn1.running_mean").toFloats();
      assertThat(means[0]).isCloseTo(0.00546052f, near);
      assertThat(means[3]).isCloseTo(0.00497965f, near);
      float[] variances = of(block.tensors(), "bn1.running_var").toFloats();
      assertThat(variances[0]).isCloseTo(0.92167360f, near);
      float[] evaluated = block.forward(input, false).toFloatArray();
      assertThat(evaluated)
          .containsExactly(
              new float[] {
                -0.12643664f,
                -2.2599742f,
                -4.2393594f,
                -0.12403787f,
                -2.2785766f,
                -4.2528477f,
                -0.12158266f,
                -2.2962887f,
                -4.2794290f
              },
              within(1e-4f));
    }
  }

  private static <T> T of(Map<String, T> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }

  private static float square(NetworkBlock block, String name) {
    return of(block.arrays(), name).getGradient().square().sum().getFloat();
  }

  @Test
  @Tag("engine")
  void leavesNothingBehindOfWhatBranchesCompute() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NetworkBlock block = NET.block(parameters(), manager);
      int before = manager.getManagedArrays().size();
      NDArray input = manager.create(wave(150, 0.37), new Shape(3, 2, 5, 5));

      NDArray output = block.forward(input, false);

      assertThat(manager.getManagedArrays()).hasSize(before + 2).contains(input, output);
    }
  }

  @Test
  void survivesJson() {
    assertThat(Architecture.fromJson(NET.toJson())).isEqualTo(NET);
  }

  @Test
  void namesParametersByTheLayersInside() {
    assertThat(NET.parameters().stream().map(ParameterSpec::name))
        .startsWith("conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var")
        .containsSequence("body.weight", "body.bias", "bn2.weight")
        .endsWith("side.weight", "side.bias", "fc.weight", "fc.bias");
    assertThat(NET.prunable().stream().map(ParameterSpec::name))
        .containsExactly("conv1.weight", "body.weight", "side.weight", "fc.weight");
    assertThat(NET.places().stream().map(Architecture.Place::kind))
        .containsSubsequence("batch-norm", "residual", "conv2d", "concat");
  }

  @Test
  void countsMultiplicationsInsideBranches() {
    assertThat(NET.macs()).isEqualTo(25 * 2 * 9 * 4 + 25 * 4 * 9 * 4 + 25 * 4 * 3 + 7 * 3);
  }

  @Test
  void sharesTheUnitsOfWhatIsAdded() {
    Map<String, Architecture.Units> units = NET.units();
    int trunk = of(units, "conv1.weight").outputs();

    assertThat(of(units, "body.weight").outputs()).isEqualTo(trunk);
    assertThat(of(units, "side.weight").inputs()).isEqualTo(trunk);
    assertThat(of(units, "fc.weight").inputs())
        .isNotEqualTo(trunk)
        .isNotEqualTo(of(units, "side.weight").outputs());
  }

  @Test
  void refusesEndsThatDoNotFit() {
    Shape image = new Shape(2, 5, 5);
    assertThatThrownBy(
            () ->
                new Architecture(
                    image,
                    List.of(
                        new Residual("add", List.of(new Conv2d("body", 3, 1, 1, 0)), List.of()))))
        .hasMessage(
            "layer add (residual): the body gives (3, 5, 5), the shortcut (2, 5, 5), which cannot"
                + " be added");
    assertThatThrownBy(
            () ->
                new Architecture(
                    image,
                    List.of(
                        new Concat(
                            "cat", List.of(List.of(), List.of(new MaxPool2d("pool", 2, 2)))))))
        .hasMessage(
            "layer cat (concat): branches give (2, 5, 5) and (2, 2, 2), which differ in more than"
                + " channels");
    assertThatThrownBy(
            () ->
                new Architecture(
                    image,
                    List.of(new Relu("a"), new Residual("b", List.of(new Relu("a")), List.of()))))
        .hasMessage("two layers are named a");
  }

  @Test
  @Tag("engine")
  void padsEverySecondPixelWithChannelsOfZeros() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray image = manager.arange(18f).reshape(1, 2, 3, 3);
      PadShortcut pad = new PadShortcut("pad", 2, 1, 2);
      int before = manager.getManagedArrays().size();

      NDArray padded = pad.apply(image, false);

      assertThat(padded.getShape()).isEqualTo(new Shape(1, 5, 2, 2));
      assertThat(padded.getShape().slice(1)).isEqualTo(pad.output(new Shape(2, 3, 3)));
      assertThat(padded.toFloatArray())
          .containsExactly(0, 0, 0, 0, 0, 2, 6, 8, 9, 11, 15, 17, 0, 0, 0, 0, 0, 0, 0, 0);
      assertThat(manager.getManagedArrays()).hasSize(before + 1);
      assertThat(new PadShortcut("none", 1, 0, 0).apply(image, false)).isSameAs(image);
    }
  }

  @Test
  void padsFollowJson() {
    Architecture net =
        new Architecture(new Shape(2, 3, 3), List.of(new PadShortcut("pad", 2, 1, 2)));

    assertThat(Architecture.fromJson(net.toJson())).isEqualTo(net);
    assertThatThrownBy(() -> new PadShortcut("pad", 0, 1, 1))
        .hasMessage("layer pad: stride must be at least 1, was 0");
  }

  @Test
  @Tag("engine")
  void averagesAndBendsAsPyTorch() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray image = manager.arange(16f).reshape(1, 1, 4, 4);
      assertThat(new AvgPool2d("p", 2, 2).apply(image, false).toFloatArray())
          .containsExactly(2.5f, 4.5f, 10.5f, 12.5f);
      NDArray two = manager.create(new float[] {-1, 0.5f});
      assertThat(new Gelu("g").apply(two, false).toFloatArray())
          .containsExactly(new float[] {-0.15865529f, 0.3457312f}, within(1e-5f));
      assertThat(new Sigmoid("s").apply(two, false).toFloatArray())
          .containsExactly(new float[] {0.26894143f, 0.62245935f}, within(1e-6f));
    }
  }
}
