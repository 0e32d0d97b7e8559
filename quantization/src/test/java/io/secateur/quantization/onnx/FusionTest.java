package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Flatten;
import io.secateur.model.Linear;
import io.secateur.model.MaxPool2d;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.spi.Task;
import io.secateur.zoo.TransformerEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which operators ONNX Runtime makes of the graphs: those of integers, where there are integers.
 */
@Tag("engine")
class FusionTest {
  @TempDir Path folder;

  private static final Architecture MLP =
      new Architecture(
          new Shape(20),
          List.of(
              new Linear("fc1", 32),
              new Relu("relu1"),
              new Linear("fc2", 32),
              new Relu("relu2"),
              new Linear("fc3", 10)));

  private static final Architecture CONVNET =
      new Architecture(
          new Shape(1, 12, 12),
          List.of(
              new Conv2d("conv1", 16, 3, 1, 1),
              new Relu("relu1"),
              new Conv2d("conv2", 16, 3, 1, 1, 1, false),
              new Relu("relu2"),
              new MaxPool2d("pool", 2, 2),
              new Residual(
                  "add",
                  List.of(
                      new Conv2d("conv3", 16, 3, 1, 1),
                      new Relu("relu3"),
                      new Conv2d("conv4", 16, 3, 1, 1)),
                  List.of()),
              new Relu("relu4"),
              new Flatten("flat"),
              new Linear("fc1", 32),
              new Relu("relu5"),
              new Linear("fc2", 10)));

  private Map<String, Long> operators(Checkpoint model) throws IOException {
    Path file = folder.resolve("model.onnx");
    new OnnxFormat().write(model, file);
    Path fused = folder.resolve("fused.onnx");
    Session.open(file, new Session.Options(1, false, Optional.of(fused))).close();
    Files.delete(file);
    return ModelProto.parseFrom(Files.readAllBytes(fused)).getGraph().getNodeList().stream()
        .collect(Collectors.groupingBy(NodeProto::getOpType, TreeMap::new, Collectors.counting()));
  }

  @Test
  void floatModelsHoldNothingOfIntegers() throws IOException {
    assertThat(operators(Networks.model(MLP, 1))).isEqualTo(Map.of("FusedGemm", 2L, "Gemm", 1L));
    assertThat(operators(Networks.model(CONVNET, 1)).keySet())
        .contains("Conv")
        .doesNotContain("QuantizeLinear", "DequantizeLinear", "QLinearConv");
  }

  @Test
  void fixedRangesGiveProductsOfIntegers() throws IOException {
    for (boolean perRow : new boolean[] {true, false}) {
      assertThat(operators(statically(Networks.model(MLP, 1), perRow)))
          .isEqualTo(Map.of("QGemm", 3L, "QuantizeLinear", 1L));
      assertThat(operators(statically(Networks.model(CONVNET, 1), perRow)))
          .containsEntry("QLinearConv", 4L)
          .containsEntry("QGemm", 2L)
          .doesNotContainKeys("Conv", "FusedConv", "Gemm", "FusedGemm");
    }
  }

  @Test
  void rangesOfABatchGiveProductsOfIntegers() throws IOException {
    for (boolean perRow : new boolean[] {true, false}) {
      assertThat(operators(Quantized.dynamic(Networks.model(MLP, 1), 63, perRow)))
          .isEqualTo(Map.of("DynamicQuantizeMatMul", 3L, "Relu", 2L));
      assertThat(operators(Quantized.dynamic(Networks.model(CONVNET, 1), 63, perRow)))
          .containsEntry("ConvInteger", 4L)
          .containsEntry("DynamicQuantizeMatMul", 2L)
          .doesNotContainKeys("Conv", "FusedConv", "Gemm", "FusedGemm");
    }
  }

  @Test
  void allThirteenProductsOfAnEncoderAreOfIntegers() throws IOException {
    Checkpoint encoder = encoder();

    assertThat(operators(statically(encoder, true)))
        .containsEntry("QGemm", 13L)
        .doesNotContainKeys("Gemm", "FusedGemm");
    Map<String, Long> dynamic = operators(Quantized.dynamic(encoder, 63, true));
    assertThat(
            dynamic.getOrDefault("DynamicQuantizeMatMul", 0L)
                + dynamic.getOrDefault("MatMulIntegerToFloat", 0L))
        .isEqualTo(13L);
    assertThat(dynamic).doesNotContainKeys("Gemm", "FusedGemm");
  }

  private static Checkpoint encoder() {
    return new TransformerEncoder().open(new Task.Classification(new Shape(16), 2, 100), 1);
  }

  /** Weights alone: they are made floats in front of every product, which is not faster. */
  @Test
  void weightsAloneAreMadeFloatsFirst() throws IOException {
    assertThat(operators(Quantized.weights(Networks.model(MLP, 1), 127, true)))
        .isEqualTo(Map.of("DequantizeLinear", 3L, "FusedGemm", 2L, "Gemm", 1L));
  }

  private static Checkpoint statically(Checkpoint floats, boolean perRow) {
    return Quantized.statically(floats, 63, perRow, Agreement.numbers(floats, 8, 1), 8);
  }
}
