package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Scores;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Of every weight, read as a matrix: {@code <name>.compressed}, the non-zeros in order; {@code
 * <name>.bitmask}, uint8 (rows, ⌈columns / 8⌉), column 0 in the lowest bit; {@code
 * <name>.row_offsets}, int64, where each row's non-zeros begin; {@code <name>.shape}, int64 (rows,
 * columns).
 */
final class BitmaskCodec implements Encoding.Codec {
  /** Numbers that stay in a core's cache; whole words. */
  private static final int CHUNK = 1 << 12;

  @Override
  public Map<String, Tensor> encode(Checkpoint checkpoint) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    checkpoint
        .parameters()
        .forEach(
            (name, tensor) -> {
              if (tensor.shape().dimension() < 2) {
                tensors.put(name, tensor);
              } else {
                tensors.putAll(compress(name, tensor));
              }
            });
    return tensors;
  }

  /** Compresses one weight: float32, or int8. */
  static Map<String, Tensor> compress(String name, Tensor given) {
    Tensor tensor = given.toFloat32();
    long rows = tensor.shape().get(0);
    long columns = tensor.size() / rows;
    Mask kept = Mask.ofNonZero(Form.matrix(rows, columns), tensor);
    TensorWriter offsets = new TensorWriter(DataType.INT64, new Shape(rows));
    TensorWriter bits = new TensorWriter(DataType.UINT8, new Shape(rows, (columns + 7) / 8));
    long count = 0;
    for (long row = 0; row < rows; row++) {
      offsets.put(count);
      for (long column = 0; column < columns; column += Long.SIZE) {
        int used = (int) Math.min(Long.SIZE, columns - column);
        long word = word(kept, row * columns + column) & -1L >>> -used;
        count += Long.bitCount(word);
        for (int bit = 0; bit < used; bit += Byte.SIZE) {
          bits.put((byte) (word >>> bit));
        }
      }
    }
    TensorWriter shape = new TensorWriter(DataType.INT64, new Shape(2));
    shape.put(rows);
    shape.put(columns);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(name + ".compressed", nonZero(tensor, given.type(), kept.survivors()));
    tensors.put(name + ".bitmask", bits.tensor());
    tensors.put(name + ".row_offsets", offsets.tensor());
    tensors.put(name + ".shape", shape.tensor());
    return tensors;
  }

  /** Returns 64 bits from a cell on; those past the last cell may be anything. */
  private static long word(Mask mask, long first) {
    int word = (int) (first >>> 6);
    int shift = (int) first & 63;
    long bits = mask.word(word) >>> shift;
    return shift == 0 || word + 1 == mask.words() ? bits : bits | mask.word(word + 1) << -shift;
  }

  /** Returns the numbers that are neither 0.0 nor -0.0, in order. */
  private static Tensor nonZero(Tensor tensor, DataType type, long count) {
    TensorWriter writer = new TensorWriter(type, new Shape(count));
    float[] chunk = new float[CHUNK];
    for (long first = 0; first < tensor.size(); first += CHUNK) {
      int length = (int) Math.min(CHUNK, tensor.size() - first);
      tensor.read(first, chunk, length);
      int found = 0;
      for (int i = 0; i < length; i++) {
        // What is 0 is overwritten by what comes next: no branch.
        float value = chunk[i];
        chunk[found] = value;
        found += -(Float.floatToRawIntBits(value) & Integer.MAX_VALUE) >>> 31;
      }
      put(writer, type, chunk, found);
    }
    return writer.tensor();
  }

  private static void put(TensorWriter writer, DataType type, float[] values, int length) {
    if (type == DataType.INT8) {
      for (int i = 0; i < length; i++) {
        writer.put((byte) values[i]);
      }
    } else {
      writer.put(values, length);
    }
  }

  @Override
  public Checkpoint decode(Architecture architecture, Parts parts) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      parameters.put(
          spec.name(),
          spec.shape().dimension() < 2
              ? parts.take(spec.name(), DataType.FLOAT32, spec.shape())
              : expand(spec.name(), spec.shape(), parts));
    }
    return new Checkpoint(architecture, parameters);
  }

  /** Undoes {@link #compress} of float32 numbers. */
  static Tensor expand(String name, Shape wanted, Parts parts) {
    return expand(name, wanted, DataType.FLOAT32, parts);
  }

  /** Undoes {@link #compress}. */
  static Tensor expand(String name, Shape wanted, DataType type, Parts parts) {
    long rows = wanted.get(0);
    long columns = wanted.size() / rows;
    Tensor shape = parts.take(name + ".shape", DataType.INT64, new Shape(2));
    check(name, shape.longAt(0) == rows && shape.longAt(1) == columns, "shape is another");
    Scores values = parts.take(name + ".compressed", type).floats();
    Tensor offsets = parts.take(name + ".row_offsets", DataType.INT64, new Shape(rows));
    long width = (columns + 7) / 8;
    Tensor bits = parts.take(name + ".bitmask", DataType.UINT8, new Shape(rows, width));
    TensorWriter writer = new TensorWriter(type, wanted);
    // One more, which is read in place of a value where there is none, and not used.
    float[] some = new float[CHUNK + 1];
    float[] cells = new float[CHUNK + Long.SIZE];
    int filled = 0;
    long next = 0;
    long from = 0;
    int held = 0;
    for (long row = 0; row < rows; row++) {
      check(name, offsets.longAt(row) == next, "row_offsets disagree with the bitmask");
      for (long column = 0; column < columns; column += Long.SIZE) {
        int used = (int) Math.min(Long.SIZE, columns - column);
        long kept = word(bits, row * width + column / Byte.SIZE, (used + 7) / 8);
        check(name, (kept & ~(-1L >>> -used)) == 0, "bitmask has bits past the last column");
        int count = Long.bitCount(kept);
        check(name, count <= values.size() - next, "bitmask keeps more than compressed holds");
        if (next + count > from + held) {
          from = next;
          held = (int) Math.min(CHUNK, values.size() - next);
          values.read(next, some, held);
        }
        spread(kept, used, some, (int) (next - from), cells, filled);
        next += count;
        filled += used;
        if (filled >= CHUNK) {
          put(writer, type, cells, filled);
          filled = 0;
        }
      }
    }
    put(writer, type, cells, filled);
    check(name, next == values.size(), "bitmask keeps fewer than compressed holds");
    return writer.tensor();
  }

  /** Returns some bytes of a bitmask as bits, the first byte's the lowest. */
  private static long word(Tensor bits, long first, int bytes) {
    long word = 0;
    for (int i = 0; i < bytes; i++) {
      word |= Byte.toUnsignedLong(bits.byteAt(first + i)) << (i * Byte.SIZE);
    }
    return word;
  }

  /** Writes values where bits are 1, and 0 elsewhere. */
  private static void spread(
      long kept, int cells, float[] values, int first, float[] into, int from) {
    int next = first;
    for (int i = 0; i < cells; i++) {
      int bit = (int) (kept >>> i) & 1;
      into[from + i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[next]) & -bit);
      next += bit;
    }
  }

  private static void check(String name, boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalArgumentException("weight %s: its %s".formatted(name, otherwise));
    }
  }
}
