package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
    TensorWriter values = new TensorWriter(given.type(), new Shape(Cells.countNonZero(tensor)));
    TensorWriter offsets = new TensorWriter(DataType.INT64, new Shape(rows));
    TensorWriter bits = new TensorWriter(DataType.UINT8, new Shape(rows, (columns + 7) / 8));
    long[] count = {0};
    int[] pending = {0};
    Cells.all(
        tensor,
        (index, value) -> {
          long column = index % columns;
          if (column == 0) {
            offsets.put(count[0]);
          }
          if (value != 0) {
            put(values, given.type(), value);
            count[0]++;
            pending[0] |= 1 << (column & 7);
          }
          if ((column & 7) == 7 || column == columns - 1) {
            bits.put((byte) pending[0]);
            pending[0] = 0;
          }
        });
    TensorWriter shape = new TensorWriter(DataType.INT64, new Shape(2));
    shape.put(rows);
    shape.put(columns);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(name + ".compressed", values.tensor());
    tensors.put(name + ".bitmask", bits.tensor());
    tensors.put(name + ".row_offsets", offsets.tensor());
    tensors.put(name + ".shape", shape.tensor());
    return tensors;
  }

  private static void put(TensorWriter writer, DataType type, float value) {
    if (type == DataType.INT8) {
      writer.put((byte) value);
    } else {
      writer.put(value);
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
    float[] some = new float[(int) Math.min(1 << 14, values.size())];
    long next = 0;
    for (long row = 0; row < rows; row++) {
      check(name, offsets.longAt(row) == next, "row_offsets disagree with the bitmask");
      for (long index = 0; index < width; index++) {
        int kept = Byte.toUnsignedInt(bits.byteAt(row * width + index));
        int used = (int) Math.min(8, columns - index * 8);
        check(name, kept >>> used == 0, "bitmask has bits past the last column");
        check(
            name,
            Integer.bitCount(kept) <= values.size() - next,
            "bitmask keeps more than compressed holds");
        for (int column = 0; column < used; column++) {
          if ((kept >>> column & 1) == 0) {
            put(writer, type, 0);
            continue;
          }
          int at = (int) (next % some.length);
          if (at == 0) {
            values.read(next, some, (int) Math.min(some.length, values.size() - next));
          }
          put(writer, type, some[at]);
          next++;
        }
      }
    }
    check(name, next == values.size(), "bitmask keeps fewer than compressed holds");
    return writer.tensor();
  }

  private static void check(String name, boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalArgumentException("weight %s: its %s".formatted(name, otherwise));
    }
  }
}
