package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import io.secateur.sparsity.Scores;
import java.nio.ByteBuffer;

/** Turns numbers of other types into float32, in Java: most of them must not reach the engine. */
final class Conversion {
  private Conversion() {}

  /** Reads one number at a byte offset. */
  interface Reader {
    float at(ByteBuffer bytes, int offset);
  }

  static Tensor toFloat32(Tensor from) {
    Reader reader = reader(from.type());
    int size = Tensor.size(from.type());
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, from.shape());
    for (ByteBuffer chunk : from.chunks()) {
      for (int offset = 0; offset < chunk.limit(); offset += size) {
        writer.put(reader.at(chunk, offset));
      }
    }
    return writer.tensor();
  }

  /** Returns a view that converts what is read of it. */
  static Scores floats(Tensor from) {
    Reader reader = from.type() == DataType.FLOAT64 ? Conversion::nonZero : reader(from.type());
    return new Scores() {
      @Override
      public long size() {
        return from.size();
      }

      @Override
      public void read(long first, float[] into, int length) {
        from.read(first, into, length, reader);
      }
    };
  }

  /** A float64 number that float32 would round to 0 becomes the smallest that it has. */
  private static float nonZero(ByteBuffer bytes, int at) {
    double value = bytes.getDouble(at);
    float rounded = (float) value;
    return rounded == 0 && value != 0 ? Math.copySign(Float.MIN_VALUE, (float) value) : rounded;
  }

  /**
   * Rounds float32 to a narrower type, to nearest and of two as near to the even one; zeros stay.
   *
   * @param type FLOAT16, BFLOAT16 or FLOAT64
   */
  static Tensor fromFloat32(Tensor from, DataType type) {
    TensorWriter writer = new TensorWriter(type, from.shape());
    float[] part = new float[1 << 14];
    for (long first = 0; first < from.size(); first += part.length) {
      int length = (int) Math.min(part.length, from.size() - first);
      from.read(first, part, length);
      for (int i = 0; i < length; i++) {
        put(writer, part[i], type);
      }
    }
    return writer.tensor();
  }

  private static void put(TensorWriter writer, float value, DataType type) {
    switch (type) {
      case FLOAT64 -> writer.put((double) value);
      case FLOAT16 -> writer.put(half(value));
      case BFLOAT16 -> writer.put(brain(value));
      default ->
          throw new IllegalArgumentException(
              "float32 numbers do not convert to type " + Tensor.name(type));
    }
  }

  /** The upper half of a float32's bits, the lower rounded away. */
  static short brain(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

  /** IEEE 754 binary16 of a float32. */
  static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    // 65520 is halfway between the largest finite number and what would follow it.
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int fraction = bits & 0x1fff;
    int halved = ((bits & 0x7fffffff) - (112 << 23)) >>> 13;
    boolean up = fraction > 0x1000 || (fraction == 0x1000 && (halved & 1) == 1);
    return (short) (sign | (halved + (up ? 1 : 0)));
  }

  private static Reader reader(DataType type) {
    return switch (type) {
      case FLOAT32 -> ByteBuffer::getFloat;
      case FLOAT64 -> (bytes, at) -> (float) bytes.getDouble(at);
      case FLOAT16 -> (bytes, at) -> half(bytes.getShort(at));
      case BFLOAT16 -> (bytes, at) -> Float.intBitsToFloat(bytes.getShort(at) << 16);
      case INT64 -> (bytes, at) -> (float) bytes.getLong(at);
      case INT32 -> (bytes, at) -> (float) bytes.getInt(at);
      case INT16 -> ByteBuffer::getShort;
      case INT8 -> ByteBuffer::get;
      case UINT64 -> (bytes, at) -> unsigned(bytes.getLong(at));
      case UINT32 -> (bytes, at) -> (float) Integer.toUnsignedLong(bytes.getInt(at));
      case UINT16 -> (bytes, at) -> Short.toUnsignedInt(bytes.getShort(at));
      case UINT8 -> (bytes, at) -> Byte.toUnsignedInt(bytes.get(at));
      case BOOLEAN -> (bytes, at) -> bytes.get(at) == 0 ? 0f : 1f;
      default ->
          throw new IllegalArgumentException(
              "numbers of type " + Tensor.name(type) + " do not convert to float32");
    };
  }

  /** IEEE 754 binary16: 1 sign bit, 5 of the exponent (bias 15), 10 of the fraction. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      float subnormal = fraction * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
  }

  private static float unsigned(long value) {
    // Halved with its lowest bit kept, so that rounding sees whether anything was cut off.
    return value >= 0 ? (float) value : (float) (value >>> 1 | (value & 1)) * 2f;
  }
}
