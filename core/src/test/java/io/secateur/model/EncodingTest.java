package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class EncodingTest {
  @TempDir Path folder;

  /** A checkpoint in which every {@code period}-th cell of every weight is kept. */
  static Checkpoint pruned(Architecture architecture, int period) {
    Map<String, Tensor> parameters =
        new LinkedHashMap<>(architecture.initialise(Initialisation.PYTORCH, 11));
    Map<String, Mask> masks = new HashMap<>();
    for (ParameterSpec spec : architecture.prunable()) {
      float[] values = Naive.value(parameters, spec.name()).toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = i % period == 0 ? values[i] : 0f;
      }
      parameters.put(spec.name(), Tensor.of(spec.shape(), values));
      masks.put(spec.name(), Mask.of(spec.form(), cell -> cell % period == 0));
    }
    return new Checkpoint(architecture, parameters).withMasks(masks);
  }

  @ParameterizedTest
  @EnumSource
  void readsBackTheNumbersThatItWrote(Encoding encoding) throws IOException {
    for (int period : new int[] {1, 2, 7, 1000}) {
      Checkpoint floats = pruned(ArchitectureTest.SMALL_CONVNET, period);
      Checkpoint checkpoint =
          encoding.suits(floats) ? floats : QuantizationTest.onGrids(floats, 127, true);
      Path file = folder.resolve(encoding.label() + period);

      long bytes = encoding.write(checkpoint, file);

      assertThat(bytes).isEqualTo(Files.size(file));
      assertThat(encoding.read(file).parameters()).isEqualTo(checkpoint.parameters());
      assertThat(CheckpointFiles.read(file)).isEqualTo(encoding.read(file));
    }
  }

  @Test
  void keepsMasksWhereTheEncodingHasThem() throws IOException {
    Checkpoint checkpoint = pruned(ArchitectureTest.SMALL_CONVNET, 3);

    Encoding.WEIGHTS_AND_MASKS.write(checkpoint, folder.resolve("a"));

    assertThat(Encoding.WEIGHTS_AND_MASKS.read(folder.resolve("a"))).isEqualTo(checkpoint);
  }

  @Test
  void compressesToTheReferencesBitmasks() throws IOException {
    for (JsonNode each : Oracle.read("sparse_bitmask.json").path("cases")) {
      Tensor dense = Oracle.matrix(each.path("dense"));

      Map<String, Tensor> parts = BitmaskCodec.compress("w", dense);

      float[] compressed = Naive.value(parts, "w.compressed").toFloats();
      assertThat(compressed).hasSize(each.path("compressed").size());
      for (int i = 0; i < compressed.length; i++) {
        assertThat(compressed[i]).isEqualTo((float) each.path("compressed").path(i).asDouble());
      }
      Tensor bits = Naive.value(parts, "w.bitmask");
      long width = bits.shape().get(1);
      for (long i = 0; i < bits.size(); i++) {
        assertThat(Byte.toUnsignedInt(bits.byteAt(i)))
            .isEqualTo(
                each.path("bitmask_u8").path((int) (i / width)).path((int) (i % width)).asInt());
      }
      Tensor offsets = Naive.value(parts, "w.row_offsets");
      for (long i = 0; i < offsets.size(); i++) {
        assertThat(offsets.longAt(i))
            .isEqualTo(each.path("row_offsets_i64").path((int) i).asLong());
      }
      Tensor back = BitmaskCodec.expand("w", dense.shape(), new Parts(parts));
      assertThat(back.sameNumbers(dense)).isTrue();
    }
  }

  @Test
  void takesTheSizesOfTheFeedForwardLab() throws IOException {
    Architecture ffn =
        new Architecture(
            new Shape(400),
            List.of(
                new Linear("layers.0", 1024), new Linear("layers.1", 1024), new Linear("out", 10)));
    Checkpoint dense = new Checkpoint(ffn, ffn.initialise(Initialisation.PYTORCH, 1));

    // Zeros are possible among drawn numbers, so the count is asked for.
    long nonZeros = Inspection.of(dense).total().nonZeros();
    long biases = 2058;
    long coo = Encoding.COO.write(dense, folder.resolve("coo"));
    long plain = Encoding.DENSE.write(dense, folder.resolve("dense"));

    assertThat(coo).isBetween((nonZeros - biases) * 20 + biases * 12, 29_397_000L);
    assertThat(nonZeros).isBetween(1_470_400L, 1_470_474L);
    assertThat(plain).isBetween(1_470_474L * 4, 5_885_000L);
  }

  @Test
  void takesTheSizeOfTheFeedForwardLabAfterFiveRoundsOfAThird() throws IOException {
    Architecture ffn =
        new Architecture(
            new Shape(400),
            List.of(
                new Linear("layers.0", 1024), new Linear("layers.1", 1024), new Linear("out", 10)));
    Map<String, Tensor> parameters = new HashMap<>(ffn.initialise(Initialisation.PYTORCH, 1));
    long left = 0;
    for (ParameterSpec spec : ffn.prunable()) {
      float[] weights = new float[(int) spec.shape().size()];
      for (int i = 0; i < weights.length; i += 1) {
        weights[i] = (i + 1) * 27L / 200 > i * 27L / 200 ? i + 1 : 0;
        left += weights[i] == 0 ? 0 : 1;
      }
      parameters.put(spec.name(), Tensor.of(spec.shape(), weights));
    }
    // 86.5 % of 1,468,416 are gone: 20 bytes for every weight left, and 12 for every bias.
    assertThat(left).isBetween(198_200L, 198_280L);
    Checkpoint pruned = new Checkpoint(ffn, parameters);

    // PyTorch's own file of it has 3.994 MB.
    assertThat(Encoding.COO.write(pruned, folder.resolve("coo"))).isBetween(3_988_000L, 3_997_000L);
  }

  @Test
  void doublesWhatIsMasked() throws IOException {
    Checkpoint checkpoint = pruned(ArchitectureTest.SMALL_CONVNET, 2);
    long weights = Inspection.of(checkpoint).total().weights();

    long masked = Encoding.WEIGHTS_AND_MASKS.write(checkpoint, folder.resolve("masked"));
    long dense = Encoding.DENSE.write(checkpoint, folder.resolve("dense"));

    assertThat(masked - dense).isBetween(weights * 4, weights * 4 + 1000);
  }

  @Test
  void storesNoSignsOfZeros() throws IOException {
    Architecture small = new Architecture(new Shape(2), List.of(new Linear("fc", 1, false)));
    Tensor zeros = Tensor.of(new Shape(1, 2), -0f, 0f);
    Checkpoint checkpoint = new Checkpoint(small, Map.of("fc.weight", zeros));
    for (Encoding encoding : List.of(Encoding.COO, Encoding.BITMASK)) {
      encoding.write(checkpoint, folder.resolve(encoding.label()));
      Tensor back = encoding.read(folder.resolve(encoding.label())).parameter("fc.weight");
      assertThat(back).isEqualTo(Tensor.zeros(new Shape(1, 2)));
      assertThat(back.sameNumbers(zeros)).isTrue();
    }
  }

  @Test
  void saysWhichEncodingAFileIsOf() throws IOException {
    Checkpoint checkpoint = pruned(ArchitectureTest.SMALL_CONVNET, 2);
    Encoding.COO.write(checkpoint, folder.resolve("a"));

    assertThatThrownBy(() -> Encoding.DENSE.read(folder.resolve("a")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageEndingWith("should be of the encoding dense, is of coo encoding");
  }

  @Test
  void refusesIndicesThatPointNowhere() {
    Architecture small = new Architecture(new Shape(2), List.of(new Linear("fc", 1, false)));
    Tensor values = Tensor.of(new Shape(2), 1, 2);

    assertThatThrownBy(() -> decodeCoo(small, values, 0, 0, 0, 2))
        .hasMessage("fc.weight.indices holds 2 for axis 1 of (1, 2)");
    assertThatThrownBy(() -> decodeCoo(small, values, 0, 0, 1, 1))
        .hasMessage("fc.weight.indices are not in ascending order at entry 1");
    assertThat(decodeCoo(small, values, 0, 0, 0, 1).parameter("fc.weight").toFloats())
        .containsExactly(1, 2);
  }

  private static Checkpoint decodeCoo(Architecture architecture, Tensor values, long... indices) {
    ByteBuffer bytes = ByteBuffer.allocate(indices.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (long index : indices) {
      bytes.putLong(index);
    }
    Tensor places =
        Tensor.of(DataType.INT64, new Shape(2, indices.length / 2), List.of(bytes.flip()));
    return new CooCodec()
        .decode(
            architecture,
            new Parts(Map.of("fc.weight.values", values, "fc.weight.indices", places)));
  }

  @Test
  void refusesMasksThatAreNeitherKeptNorPruned() {
    Architecture small = new Architecture(new Shape(2), List.of(new Linear("fc", 1, false)));
    Parts parts =
        new Parts(
            Map.of(
                "fc.weight_orig", Tensor.of(new Shape(1, 2), 1, 2),
                "fc.weight_mask", Tensor.of(new Shape(1, 2), 1, 0.5f)));

    assertThatThrownBy(() -> new WeightsAndMasksCodec().decode(small, parts))
        .hasMessage("fc.weight_mask must hold 0 and 1, holds 0.5 at 1");
  }

  @Test
  void refusesBitmasksThatDisagreeWithTheirValues() {
    Map<String, Tensor> parts =
        new HashMap<>(BitmaskCodec.compress("w", Tensor.of(new Shape(2, 3), 1, 0, 2, 0, 0, 3)));

    parts.put("w.compressed", Tensor.of(new Shape(2), 1, 2));
    assertThatThrownBy(() -> BitmaskCodec.expand("w", new Shape(2, 3), new Parts(parts)))
        .hasMessage("weight w: its bitmask keeps more than compressed holds");
    parts.put("w.compressed", Tensor.of(new Shape(4), 1, 2, 3, 4));
    assertThatThrownBy(() -> BitmaskCodec.expand("w", new Shape(2, 3), new Parts(parts)))
        .hasMessage("weight w: its bitmask keeps fewer than compressed holds");
    parts.put("w.bitmask", bytes(new Shape(2, 1), 5, 12));
    assertThatThrownBy(() -> BitmaskCodec.expand("w", new Shape(2, 3), new Parts(parts)))
        .hasMessage("weight w: its bitmask has bits past the last column");
    parts.put("w.bitmask", bytes(new Shape(2, 1), 4, 5));
    assertThatThrownBy(() -> BitmaskCodec.expand("w", new Shape(2, 3), new Parts(parts)))
        .hasMessage("weight w: its row_offsets disagree with the bitmask");
  }

  private static Tensor bytes(Shape shape, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return Tensor.of(DataType.UINT8, shape, List.of(bytes.flip()));
  }

  @Test
  void bitmasksOfAwkwardSizesComeBack() {
    for (int columns : new int[] {1, 7, 8, 63, 64, 65, 130, 5003}) {
      float[] numbers = new float[3 * columns];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i % 3 == 0 ? 0 : i % 7 == 0 ? -0f : i % 11 == 0 ? Float.NaN : i;
      }
      Tensor tensor = Tensor.of(new Shape(3, columns), numbers);
      Map<String, Tensor> packed = BitmaskCodec.compress("w", tensor);
      Tensor bits = Objects.requireNonNull(packed.get("w.bitmask"));
      Tensor compressed = Objects.requireNonNull(packed.get("w.compressed"));
      long found = 0;
      for (int i = 0; i < numbers.length; i++) {
        int column = i % columns;
        long at = (long) (i / columns) * ((columns + 7) / 8) + column / 8;
        assertThat(bits.byteAt(at) >> (column & 7) & 1).isEqualTo(numbers[i] != 0 ? 1 : 0);
        found += numbers[i] != 0 ? 1 : 0;
      }
      assertThat(compressed.size()).isEqualTo(found);
      Tensor back =
          BitmaskCodec.expand("w", tensor.shape(), new Parts(new LinkedHashMap<>(packed)));
      assertThat(back.sameNumbers(tensor)).isTrue();
    }
  }
}
