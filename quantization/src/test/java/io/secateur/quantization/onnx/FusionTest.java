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

/** Which operators ONNX Runtime makes of the graphs: those of integers, where there are integers. */
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
    return ModelProto.parseFrom(Files.readAllBytes(fused)).getGraph().getNodeList().stream()
        .collect(Collectors.groupingBy(NodeProto::getOpType, TreeMap::new, Collectors.counting()));
  }

  @Test
  void show() throws IOException {
    for (boolean perRow : new boolean[] {true, false}) {
      for (Architecture a : List.of(MLP, CONVNET)) {
        Checkpoint m = Networks.model(a, 1);
        if (perRow) {
          System.out.println("MOST float " + operators(m));
          Files.delete(folder.resolve("model.onnx"));
        }
        System.out.println("MOST weights " + operators(Quantized.weights(m, 63, perRow)));
        Files.delete(folder.resolve("model.onnx"));
        System.out.println("MOST dynamic " + operators(Quantized.dynamic(m, 63, perRow)));
        Files.delete(folder.resolve("model.onnx"));
        Checkpoint q = Quantized.statically(m, 63, perRow, Agreement.numbers(m, 32, 1), 32);
        System.out.println("MOST static " + operators(q));
        Files.delete(folder.resolve("model.onnx"));
        System.out.println("MOST apart " + Agreement.of(q, 32, 1, folder).apart() + " " + Agreement.of(Quantized.dynamic(m, 63, perRow), 32, 1, folder).apart());
      }
    }
    Checkpoint e = new TransformerEncoder().open(new Task.Classification(new Shape(16), 2, 100), 1);
    System.out.println("MOST float " + operators(e));
    Files.delete(folder.resolve("model.onnx"));
    System.out.println("MOST dynamic " + operators(Quantized.dynamic(e, 63, true)));
    Files.delete(folder.resolve("model.onnx"));
    Files.copy(folder.resolve("fused.onnx"), Path.of("/tmp/enc-dyn.onnx"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    System.out.println("MOST static " + operators(Quantized.statically(e, 63, true, Agreement.numbers(e, 4, 1), 4)));
    Files.copy(folder.resolve("fused.onnx"), Path.of("/tmp/enc-static.onnx"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(e).isNotNull();
  }
}
