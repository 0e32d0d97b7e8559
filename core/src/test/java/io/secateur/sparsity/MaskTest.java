package io.secateur.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskTest {
  private static final Form TEN_BY_TEN = Form.matrix(10, 10);

  @Test
  void denseKeepsEveryCellAndNothingPastTheEnd() {
    Mask dense = Mask.dense(TEN_BY_TEN);

    assertThat(dense.survivors()).isEqualTo(100);
    assertThat(dense.pruned()).isZero();
    assertThat(dense.word(0)).isEqualTo(-1L);
    assertThat(dense.word(1)).isEqualTo((1L << 36) - 1);
    assertThat(dense.words()).isEqualTo(2);
  }

  @Test
  void countsWhatItKeeps() {
    Mask thirds = Mask.of(TEN_BY_TEN, cell -> cell % 3 != 0);

    assertThat(thirds.survivors()).isEqualTo(66);
    assertThat(thirds.pruned()).isEqualTo(34);
    assertThat(thirds.sparsity()).isEqualTo(0.34);
    assertThat(thirds.keeps(98)).isTrue();
    assertThat(thirds.keeps(99)).isFalse();
    assertThat(thirds).hasToString("Mask[66 of 100 cells kept]");
  }

  @Test
  void refusesCellsOutside() {
    Mask dense = Mask.dense(TEN_BY_TEN);

    assertThatThrownBy(() -> dense.keeps(100))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("cells 0 to 99, 100 was asked for");
    assertThatThrownBy(() -> dense.keeps(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void isAValue() {
    Mask one = Mask.of(TEN_BY_TEN, cell -> cell < 50);
    Mask same = Mask.ofWords(TEN_BY_TEN, w -> w == 0 ? (1L << 50) - 1 : 0);

    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(one).isNotEqualTo(Mask.of(TEN_BY_TEN, cell -> cell < 51));
    assertThat(one).isNotEqualTo(Mask.of(Form.matrix(5, 20), cell -> cell < 50));
  }

  @Test
  void joinsCellByCell() {
    Mask evens = Mask.of(TEN_BY_TEN, cell -> cell % 2 == 0);
    Mask thirds = Mask.of(TEN_BY_TEN, cell -> cell % 3 == 0);

    assertThat(evens.and(thirds)).isEqualTo(Mask.of(TEN_BY_TEN, cell -> cell % 6 == 0));
    assertThat(evens.or(thirds))
        .isEqualTo(Mask.of(TEN_BY_TEN, cell -> cell % 2 == 0 || cell % 3 == 0));
  }

  @Test
  void joinsOnlyMasksOfOneForm() {
    assertThatThrownBy(() -> Mask.dense(TEN_BY_TEN).and(Mask.dense(Form.matrix(5, 20))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("need one form");
  }

  @Test
  void comesBackFromItsBytesAtEveryLength() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Form form = Form.matrix(1 + random.nextInt(7), 1 + random.nextInt(40));
      Mask mask = random(form, 0.5, random);

      byte[] bytes = mask.toBytes();

      assertThat(bytes).as("seed %d", seed).hasSize((int) ((form.size() + 7) / 8));
      for (int cell = 0; cell < form.size(); cell++) {
        assertThat((bytes[cell / 8] >> cell % 8 & 1) != 0)
            .as("seed %d, cell %d", seed, cell)
            .isEqualTo(mask.keeps(cell));
      }
      assertThat(Mask.of(form, bytes)).as("seed %d", seed).isEqualTo(mask);
    }
  }

  @Test
  void refusesBytesOfAnotherLengthAndStrayBits() {
    assertThatThrownBy(() -> Mask.of(TEN_BY_TEN, new byte[12]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes 13 bytes, 12 were given");
    byte[] stray = Mask.dense(TEN_BY_TEN).toBytes();
    stray[12] |= 16;
    assertThatThrownBy(() -> Mask.of(TEN_BY_TEN, stray))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bits past the last one are set");
    assertThatThrownBy(() -> Mask.ofWords(TEN_BY_TEN, w -> -1L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bits past the last one are set");
  }

  @Test
  void keepsWhatIsNotZero() {
    Form form = Form.matrix(1, 6);
    Scores values = Scores.of(0f, -0f, Float.NaN, 1f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY);

    assertThat(Mask.ofNonZero(form, values)).isEqualTo(Mask.of(form, cell -> cell > 1));
    assertThatThrownBy(() -> Mask.ofNonZero(TEN_BY_TEN, values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 100 cells, 6 values were given");
  }

  @Test
  void findsNonZerosPastTheFirstChunk() {
    Form form = Form.matrix(300, 301);
    float[] values = new float[(int) form.size()];
    for (int cell = 0; cell < values.length; cell += 7) {
      values[cell] = -cell - 1;
    }

    assertThat(Mask.ofNonZero(form, Scores.of(values)))
        .isEqualTo(Mask.of(form, cell -> cell % 7 == 0));
  }

  @Test
  void zeroesPrunedCellsOfASliceAndNothingElse() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Form form = Form.matrix(1 + random.nextInt(9), 1 + random.nextInt(50));
      Mask mask = random(form, new double[] {0, 0.05, 0.5, 1}[seed % 4], random);
      int first = random.nextInt((int) form.size());
      int length = random.nextInt((int) form.size() - first + 1);
      int before = random.nextInt(3);
      float[] values = values(before + length + 2, random);
      FloatBuffer buffer = direct(values).position(before).limit(before + length);

      long pruned = 0;
      for (int i = 0; i < length; i++) {
        pruned += mask.keeps(first + i) || values[before + i] == 0 ? 0 : 1;
      }
      assertThat(mask.revived(buffer, first)).as("seed %d", seed).isEqualTo(pruned);

      mask.zero(buffer, first);

      assertThat(buffer.position()).as("seed %d", seed).isEqualTo(before);
      buffer.clear();
      for (int i = 0; i < values.length; i++) {
        boolean kept = i < before || i >= before + length || mask.keeps(first + i - before);
        assertThat(Float.floatToRawIntBits(buffer.get(i)))
            .as("seed %d, value %d", seed, i)
            .isEqualTo(kept ? Float.floatToRawIntBits(values[i]) : 0);
      }
      assertThat(mask.revived(buffer.position(before).limit(before + length), first)).isZero();
    }
  }

  @Test
  void refusesValuesThatReachOutside() {
    assertThatThrownBy(() -> Mask.dense(TEN_BY_TEN).zero(FloatBuffer.allocate(51), 50))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("has 100 cells, 51 values from cell 50 on were given");
  }

  @Test
  void refusesMoreCellsThanAnArrayOfWordsHolds() {
    assertThatThrownBy(() -> Mask.dense(Form.matrix(1L << 32, 1L << 30)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a mask holds at most");
  }

  private static Mask random(Form form, double density, Random random) {
    return Mask.of(form, cell -> random.nextDouble() < density);
  }

  private static float[] values(int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] =
          switch (random.nextInt(8)) {
            case 0 -> -0f;
            case 1 -> 0f;
            case 2 -> Float.NaN;
            case 3 -> Float.NEGATIVE_INFINITY;
            default -> (float) random.nextGaussian();
          };
    }
    return values;
  }

  private static FloatBuffer direct(float... values) {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(Float.BYTES * values.length)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    return buffer.put(values).clear();
  }

  @Test
  void keepsWhatIsNotZeroOverManyWords() {
    for (int size : new int[] {1, 63, 65, 4096 + 7, (1 << 17) + 130}) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] =
            switch (i * 31 % 11) {
              case 0, 1, 2 -> 0f;
              case 3, 4 -> -0f;
              case 5 -> Float.NaN;
              case 6 -> -Float.MIN_VALUE;
              case 7 -> Float.NEGATIVE_INFINITY;
              default -> i + 1f;
            };
      }
      assertThat(Mask.ofNonZero(Form.of(size), Scores.of(values)))
          .isEqualTo(Mask.of(Form.of(size), cell -> values[(int) cell] != 0));
    }
  }
}
