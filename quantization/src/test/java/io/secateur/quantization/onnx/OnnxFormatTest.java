package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Dropout;
import io.secateur.model.Embedding;
import io.secateur.model.Flatten;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.Relu;
import io.secateur.model.TiedLinear;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFormatTest {
  private static final Architecture CONVNET =
      new Architecture(
          new Shape(1, 6, 6),
          List.of(
              new Conv2d("conv1", 4, 3, 1, 1),
              new Relu("relu1"),
              new Dropout("drop1", 0.5),
              new Flatten("flat"),
              new Linear("fc1", 3, false)));

  @TempDir Path folder;

  private ModelProto written(Checkpoint model) throws IOException {
    Path file = folder.resolve("model.onnx");
    new OnnxFormat().write(model, file);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    return ModelProto.parseFrom(Files.readAllBytes(file));
  }

  private static List<String> sides(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .map(
            (Dimension side) ->
                side.hasDimParam() ? side.getDimParam() : Long.toString(side.getDimValue()))
        .toList();
  }

  @Test
  void keepsTheNamesOfParametersAndLayers() throws IOException {
    Checkpoint model = Networks.model(CONVNET, 1);
    ModelProto written = written(model);

    assertThat(written.getOpsetImport(0).getVersion()).isEqualTo(17);
    assertThat(written.getGraph().getInput(0).getName()).isEqualTo("input");
    assertThat(sides(written.getGraph().getInput(0))).containsExactly("batch", "1", "6", "6");
    assertThat(written.getGraph().getOutput(0).getName()).isEqualTo("output");
    assertThat(sides(written.getGraph().getOutput(0))).containsExactly("batch", "3");
    assertThat(written.getGraph().getNodeList())
        .extracting(NodeProto::getName)
        .containsExactly("conv1", "relu1", "flat", "fc1");
    assertThat(written.getGraph().getInitializerList())
        .extracting(TensorProto::getName)
        .containsExactly("conv1.weight", "conv1.bias", "fc1.weight");
    assertThat(written.getGraph().getInitializer(0).getRawData().asReadOnlyByteBuffer())
        .isEqualTo(model.parameter("conv1.weight").chunks().get(0));
    assertThat(written.getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey)
        .containsExactly("secateur.architecture");
    assertThat(Architecture.fromJson(written.getMetadataProps(0).getValue())).isEqualTo(CONVNET);
  }

  @Test
  void keepsTheIntegersOfAQuantizedModel() throws IOException {
    Checkpoint model = Quantized.weights(Networks.model(CONVNET, 1), 63, true);
    ModelProto written = written(model);

    TensorProto weight = written.getGraph().getInitializer(0);
    assertThat(weight.getName()).isEqualTo("conv1.weight");
    assertThat(weight.getDataType()).isEqualTo(TensorProto.DataType.INT8.getNumber());
    assertThat(weight.getRawData().size()).isEqualTo(36);
    assertThat(written.getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey)
        .containsExactly("secateur.architecture", "secateur.quantization");
  }

  /** Layers may be named like what graphs have names for anyway. */
  @Test
  void namesThatAreTakenBecomeOthers() throws IOException {
    Architecture twins =
        new Architecture(
            new Shape(2),
            List.of(
                new Linear("output", 2),
                new Relu("input"),
                new Relu("output.weight"),
                new Linear("fc", 2)));
    ModelProto written = written(Networks.model(twins, 1));

    assertThat(written.getGraph().getNodeList())
        .extracting(NodeProto::getName)
        .containsExactly("output", "input", "output.weight", "fc");
    assertThat(written.getGraph().getNodeList())
        .extracting(node -> node.getOutput(0))
        .containsExactly("output#2", "input#2", "output.weight#2", "output");
  }

  @Test
  void aTableThatTwoLayersShareIsWrittenOnce() throws IOException {
    Architecture tied =
        new Architecture(
            new Shape(4),
            List.of(new Embedding("words", 9, 5), new TiedLinear("scores", "words", 9)));
    ModelProto written = written(Networks.model(tied, 1));

    assertThat(written.getGraph().getInitializerList())
        .extracting(TensorProto::getName)
        .filteredOn(name -> name.endsWith(".weight"))
        .containsExactly("words.weight");
    assertThat(written.getGraph().getInput(0).getType().getTensorType().getElemType())
        .isEqualTo(TensorProto.DataType.INT64.getNumber());
  }

  @Test
  void paddingIsLookedForOnlyWhereALayerAsks() throws IOException {
    Architecture mean =
        new Architecture(
            new Shape(4), List.of(new Embedding("words", 9, 5), new MeanOverPositions("mean")));

    assertThat(written(Networks.model(mean, 1)).getGraph().getNodeList())
        .extracting(NodeProto::getOpType)
        .contains("Equal");
    Files.delete(folder.resolve("model.onnx"));
    Architecture flat =
        new Architecture(new Shape(4), List.of(new Embedding("words", 9, 5), new Flatten("flat")));
    assertThat(written(Networks.model(flat, 1)).getGraph().getNodeList())
        .extracting(NodeProto::getOpType)
        .doesNotContain("Equal");
  }

  /** Of a plugin's own kind. */
  private record Twice(String name) implements Layer.Functional {
    @Override
    public Shape output(Shape input) {
      return input;
    }

    @Override
    public NDArray apply(NDArray input, boolean training) {
      return input.add(input);
    }
  }

  @Test
  void refusesALayerOfAnUnknownKindAndLeavesNothing() {
    Architecture own = new Architecture(new Shape(2), List.of(new Twice("twice")));

    assertThatThrownBy(
            () -> new OnnxFormat().write(Networks.model(own, 1), folder.resolve("model.onnx")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("layer twice is a ")
        .hasMessageContaining("Twice, which the onnx format does not know");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesToWriteOverAnything() throws IOException {
    Path file = Files.writeString(folder.resolve("model.onnx"), "mine");

    assertThatThrownBy(() -> new OnnxFormat().write(Networks.model(CONVNET, 1), file))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(file + ": a model is written to a new file; delete this first");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aFolderThatIsNotThereIsSaid() {
    Path file = folder.resolve("none").resolve("model.onnx");

    assertThatThrownBy(() -> new OnnxFormat().write(Networks.model(CONVNET, 1), file))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
  }

  @Test
  void refusesWhatNoFileHolds() {
    assertThatThrownBy(() -> OnnxFormat.refuse(3L << 30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a file of ONNX holds less than 2 GiB, the parameters of this model take 3.0 GiB");
    assertThatCode(() -> OnnxFormat.refuse(1L << 30)).doesNotThrowAnyException();
  }

  @Test
  void isNotReadBack() throws IOException {
    written(Networks.model(CONVNET, 1));
    Path file = folder.resolve("model.onnx");

    assertThat(new OnnxFormat().reads(file)).isFalse();
    assertThatThrownBy(() -> new OnnxFormat().read(file))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("models are written to onnx, not read from it");
  }
}
