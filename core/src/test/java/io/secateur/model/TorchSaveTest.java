package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchSaveTest {
  private static final long BEYOND_INT = 5_000_000_000L;

  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("net.pth");
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("scale", Tensor.of(new Shape(), 0.5f));
    tensors.put("conv.weight", counting(2, 3, 2, 2));
    tensors.put("größe", counting(5));
    tensors.put("none", counting(0, 4));
    tensors.put("half", counting(3, 2).as(DataType.FLOAT16));
    return tensors;
  }

  private static Tensor counting(long... shape) {
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i - 1.5f;
    }
    return Tensor.of(new Shape(shape), values);
  }

  @Test
  void whatIsWrittenIsReadAgainInOrder() throws IOException {
    TorchSave.write(tensors(), file);

    Map<String, Tensor> read = TorchFile.open(file, "").tensors();
    assertThat(read).isEqualTo(tensors());
    assertThat(read.keySet()).containsExactlyElementsOf(tensors().keySet());
  }

  @Test
  void numbersBeginAtMultiplesOf64Bytes() throws IOException {
    TorchSave.write(tensors(), file);

    try (FileChannel channel = FileChannel.open(file)) {
      Map<String, ZipPlaces.Entry> entries = ZipPlaces.read(file, channel);
      assertThat(entries.keySet())
          .startsWith("archive/data.pkl", "archive/byteorder", "archive/data/0")
          .endsWith("archive/data/4", "archive/version");
      assertThat(entries.values())
          .allSatisfy(
              entry -> {
                assertThat(entry.stored()).isTrue();
                assertThat(entry.begin() % 64).isZero();
              });
    }
  }

  @Test
  void equalTensorsGiveEqualBytes() throws IOException {
    TorchSave.write(tensors(), file);
    TorchSave.write(tensors(), folder.resolve("again.pth"));

    assertThat(folder.resolve("again.pth")).hasSameBinaryContentAs(file);
  }

  @Test
  void sidesBeyondAnIntArePickledToo() throws IOException {
    Tensor empty = Tensor.of(DataType.FLOAT32, new Shape(BEYOND_INT, 0), List.of());
    TorchSave.write(Map.of("long", empty), file);

    assertThat(TorchFile.open(file, "").tensors()).isEqualTo(Map.of("long", empty));
  }

  @Test
  void somethingThatIsThereIsLeftAlone() throws IOException {
    Files.writeString(file, "mine");

    assertThatThrownBy(() -> TorchSave.write(tensors(), file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("mine");
  }

  @Test
  void whatCannotBeWrittenLeavesNothing() throws IOException {
    Tensor unsigned = Tensor.of(DataType.UINT32, new Shape(0), List.of());

    assertThatThrownBy(() -> TorchSave.write(Map.of("count", unsigned), file))
        .hasMessageContaining("torch has no storage");
    try (Stream<Path> inside = Files.list(folder)) {
      assertThat(inside).isEmpty();
    }
  }
}
