package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConversionTest {
  @Test
  void everyHalfComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Conversion.half((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(Conversion.half(value)).as("%x", bits).isEqualTo((short) bits);
      }
    }
    assertThat(Conversion.half(Conversion.half(Float.NaN))).isNaN();
  }

  @Test
  void halvesAreTheNearestAndEvenOnes() {
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!(Math.abs(value) < 65504)) {
        continue;
      }
      short rounded = Conversion.half(value);
      double apart = Math.abs((double) Conversion.half(rounded) - value);
      for (int step = -1; step <= 1; step += 2) {
        float other = Conversion.half((short) (rounded + step));
        if (Float.isFinite(other) && other < 0 == value < 0) {
          double others = Math.abs((double) other - value);
          assertThat(apart).as("%s", value).isLessThanOrEqualTo(others);
          if (apart == others) {
            assertThat(rounded & 1).as("%s", value).isZero();
          }
        }
      }
    }
    assertThat(Conversion.half(65519.99f)).isEqualTo((short) 0x7bff);
    assertThat(Conversion.half(-65520f)).isEqualTo((short) 0xfc00);
  }

  @Test
  void brainFloatsAreTheNearestAndEvenOnes() {
    Random random = new Random(4);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!(Math.abs(value) < 1e38)) {
        continue;
      }
      short rounded = Conversion.brain(value);
      double apart = Math.abs((double) wide(rounded) - value);
      for (int step = -1; step <= 1; step += 2) {
        double others = Math.abs((double) wide((short) (rounded + step)) - value);
        assertThat(apart).isLessThanOrEqualTo(others);
        if (apart == others) {
          assertThat(rounded & 1).isZero();
        }
      }
    }
    assertThat(wide(Conversion.brain(Float.NaN))).isNaN();
    assertThat(wide(Conversion.brain(Float.NEGATIVE_INFINITY))).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  private static float wide(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  @Test
  void zerosStayZerosInEveryType() {
    Tensor zeros = Tensor.of(new Shape(3), 0f, 1.5f, 0f);
    for (DataType type : new DataType[] {DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT64}) {
      assertThat(zeros.as(type).type()).isEqualTo(type);
      assertThat(zeros.as(type).toFloat32()).isEqualTo(zeros);
    }
  }
}
