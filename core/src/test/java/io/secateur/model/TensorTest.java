package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void readsAnyPartOfItsNumbers() {
    Tensor tensor = Tensor.of(new Shape(2, 3), 0, 1, 2, 3, 4, 5);

    float[] part = new float[3];
    tensor.read(2, part, 3);

    assertThat(part).containsExactly(2, 3, 4);
    assertThat(tensor.size()).isEqualTo(6);
    assertThat(tensor.bytes()).isEqualTo(24);
  }

  @Test
  void refusesMoreOrFewerNumbersThanItsShapeTakes() {
    assertThatThrownBy(() -> Tensor.of(new Shape(2), 1))
        .hasMessage("a tensor of shape (2) takes 2 numbers, was given fewer");
    assertThatThrownBy(() -> Tensor.of(new Shape(2), 1, 2, 3))
        .hasMessage("a tensor of shape (2) takes 2 numbers, was given more");
  }

  @Test
  void isEqualToTensorsOfTheSameTypeShapeAndBytes() {
    Tensor tensor = Tensor.of(new Shape(2), 1, 2);

    assertThat(tensor)
        .isEqualTo(Tensor.of(new Shape(2), 1, 2))
        .hasSameHashCodeAs(Tensor.of(new Shape(2), 1, 2));
    assertThat(tensor).isNotEqualTo(Tensor.of(new Shape(2, 1), 1, 2));
    assertThat(tensor).isNotEqualTo(Tensor.of(new Shape(2), 1, 3));
  }

  @Test
  void knowsTheSameNumbersWhateverTheSignOfZeros() {
    Tensor tensor = Tensor.of(new Shape(2), 0f, 1);

    assertThat(tensor.sameNumbers(Tensor.of(new Shape(2), -0f, 1))).isTrue();
    assertThat(tensor).isNotEqualTo(Tensor.of(new Shape(2), -0f, 1));
    assertThat(tensor.sameNumbers(Tensor.of(new Shape(2), 0f, 2))).isFalse();
  }

  @Test
  void doesNotLetItsBytesBeWritten() {
    Tensor tensor = Tensor.of(new Shape(1), 1);

    assertThatThrownBy(() -> tensor.chunks().get(0).putFloat(0, 2))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void showsItsBytesFromTheBeginningToEveryReader() {
    Tensor tensor = Tensor.of(new Shape(1), 1);

    assertThat(tensor.chunks().get(0).getFloat()).isEqualTo(1);
    assertThat(tensor.chunks().get(0).getFloat()).isEqualTo(1);
  }

  @Test
  void convertsHalfPrecisionNumbersExactly() {
    Tensor halves =
        raw(DataType.FLOAT16, 0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x7c00, 0x03ff, 0x3555);

    assertThat(halves.toFloat32().toFloats())
        .containsExactly(
            1f, -2f, 0x1p-24f, -0f, 65504f, Float.POSITIVE_INFINITY, 0x3ffp-24f, 0.33325195f);
  }

  @Test
  void convertsBrainFloatsExactly() {
    assertThat(raw(DataType.BFLOAT16, 0x3f80, 0xc040, 0x0000).toFloat32().toFloats())
        .containsExactly(1f, -3f, 0f);
  }

  @Test
  void readsUnsignedNumbersAsUnsigned() {
    assertThat(raw(DataType.UINT16, 0xffff, 1).toFloat32().toFloats()).containsExactly(65535, 1);
    assertThat(
            Tensor.of(DataType.UINT8, new Shape(1), List.of(ByteBuffer.wrap(new byte[] {-1})))
                .toFloat32()
                .toFloats())
        .containsExactly(255);
  }

  @Test
  void refusesToReadOtherTypesAsFloats() {
    assertThatThrownBy(() -> raw(DataType.FLOAT16, 0).toFloats())
        .hasMessage("only float32 reads as floats, this tensor is float16; use toFloat32 first");
  }

  @Tag("engine")
  @Test
  void keepsTypesThatEndTheProcessOutOfTheEngine() {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (DataType type : List.of(DataType.BFLOAT16, DataType.INT16, DataType.UINT16)) {
        assertThatThrownBy(() -> raw(type, 1).in(manager))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("the engine cannot hold " + Tensor.name(type));
      }
    }
  }

  @Tag("engine")
  @Test
  void comesBackFromTheEngineAsItWent() {
    List<Tensor> tensors =
        List.of(
            Tensor.of(new Shape(2, 2), 1, -0f, Float.NaN, 4),
            Tensor.of(new Shape(), 7),
            bytes(DataType.INT64, 2, 16),
            bytes(DataType.INT32, 4, 16),
            bytes(DataType.UINT8, 3, 3),
            bytes(DataType.INT8, 3, 3),
            Tensor.of(DataType.BOOLEAN, new Shape(2), List.of(ByteBuffer.wrap(new byte[] {1, 0}))));
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Tensor tensor : tensors) {
        assertThat(Tensor.copyOf(tensor.in(manager))).isEqualTo(tensor);
      }
    }
  }

  @Tag("engine")
  @Test
  void copiesTransposedViewsInTheirOrder() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray array = manager.arange(6f).reshape(2, 3);

      assertThat(Tensor.copyOf(array.transpose()).toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
      assertThat(manager.getManagedArrays()).hasSizeLessThanOrEqualTo(3);
    }
  }

  @Tag("engine")
  @Test
  void doesNotChangeWhenItsArrayDoes() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Tensor tensor = Tensor.of(new Shape(2), 1, 2);
      NDArray array = tensor.in(manager);
      Tensor copy = Tensor.copyOf(array);

      array.addi(1);

      assertThat(tensor.toFloats()).containsExactly(1, 2);
      assertThat(copy.toFloats()).containsExactly(1, 2);
    }
  }

  private static Tensor raw(DataType type, int... bits) {
    ByteBuffer bytes = ByteBuffer.allocate(bits.length * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int each : bits) {
      bytes.putShort((short) each);
    }
    return Tensor.of(type, new Shape(bits.length), List.of(bytes.flip()));
  }

  private static Tensor bytes(DataType type, int numbers, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 37 + 200);
    }
    return Tensor.of(type, new Shape(numbers), List.of(ByteBuffer.wrap(bytes)));
  }

  @Test
  void isMaskedByAnyBitsWhereverTheyStandInAWord() {
    int size = (1 << 17) + 131;
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = i % 11 == 0 ? Float.NEGATIVE_INFINITY : i % 2 == 0 ? -0f : i + 1f;
    }
    SplittableRandom random = new SplittableRandom(5);
    // Kept, pruned, and mixed in all ways, in turns.
    Mask mask =
        Mask.ofWords(
            Form.of(size),
            word -> {
              long bits = word % 3 == 0 ? -1L : word % 3 == 1 ? 0 : random.nextLong();
              return word == size / 64 ? bits & 0b101 : bits;
            });
    float[] expected = numbers.clone();
    for (int i = 0; i < size; i++) {
      expected[i] = mask.keeps(i) ? numbers[i] : 0f;
    }

    assertThat(Tensor.of(new Shape(size), numbers).masked(mask))
        .isEqualTo(Tensor.of(new Shape(size), expected));
  }

  @Test
  void isMaskedCellByCellWhateverStoodThere() {
    for (int size : new int[] {1, 63, 64, 4097, (1 << 17) + 4096 + 5}) {
      float[] numbers = new float[size];
      float[] expected = new float[size];
      for (int i = 0; i < size; i++) {
        numbers[i] = i % 7 == 0 ? Float.NaN : i % 5 == 0 ? -0f : i % 3 - 1.5f;
        expected[i] = i % 2 == 0 ? 0f : numbers[i];
      }
      Mask mask = Mask.of(Form.of(size), cell -> cell % 2 == 1);
      Tensor tensor = Tensor.of(new Shape(size), numbers);

      assertThat(tensor.masked(mask)).isEqualTo(Tensor.of(new Shape(size), expected));
      assertThat(tensor).isEqualTo(Tensor.of(new Shape(size), numbers));
      assertThat(tensor.masked(Mask.dense(Form.of(size)))).isSameAs(tensor);
    }
    assertThatThrownBy(
            () -> Tensor.zeros(new Shape(3)).masked(Mask.of(Form.of(4), cell -> cell == 0)))
        .hasMessageContaining("has 4 cells, the tensor float32(3) has 3");
  }
}
