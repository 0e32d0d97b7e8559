package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code <name>.indices}, int64 (dimensions, non-zeros), and {@code <name>.values}, float32
 * (non-zeros), of every parameter, in the order of flat indices.
 */
final class CooCodec implements Encoding.Codec {
  @Override
  public Map<String, Tensor> encode(Checkpoint checkpoint) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    checkpoint
        .parameters()
        .forEach(
            (name, tensor) -> {
              long count = Cells.countNonZero(tensor);
              tensors.put(name + ".indices", indices(tensor, count));
              TensorWriter values = new TensorWriter(DataType.FLOAT32, new Shape(count));
              Cells.nonZero(tensor, (index, value) -> values.put(value));
              tensors.put(name + ".values", values.tensor());
            });
    return tensors;
  }

  private static Tensor indices(Tensor tensor, long count) {
    int dimensions = tensor.shape().dimension();
    TensorWriter indices = new TensorWriter(DataType.INT64, new Shape(dimensions, count));
    for (int axis = 0; axis < dimensions; axis++) {
      long stride = stride(tensor.shape(), axis);
      long side = tensor.shape().get(axis);
      Cells.nonZero(tensor, (index, value) -> indices.put(index / stride % side));
    }
    return indices.tensor();
  }

  /** Returns how many cells lie between neighbours along an axis. */
  private static long stride(Shape shape, int axis) {
    return axis + 1 == shape.dimension() ? 1 : shape.slice(axis + 1).size();
  }

  @Override
  public Checkpoint decode(Architecture architecture, Parts parts) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      Tensor values = parts.take(spec.name() + ".values", DataType.FLOAT32);
      Tensor indices =
          parts.take(
              spec.name() + ".indices",
              DataType.INT64,
              new Shape(spec.shape().dimension(), values.size()));
      parameters.put(spec.name(), dense(spec, indices, values));
    }
    return new Checkpoint(architecture, parameters);
  }

  private static Tensor dense(ParameterSpec spec, Tensor indices, Tensor values) {
    long count = values.size();
    int dimensions = spec.shape().dimension();
    long[] sides = spec.shape().getShape();
    long[] strides = new long[dimensions];
    Arrays.setAll(strides, axis -> stride(spec.shape(), axis));
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, spec.shape());
    long[] next = {0};
    Cells.all(
        values,
        (entry, value) -> {
          long cell = 0;
          for (int axis = 0; axis < dimensions; axis++) {
            long index = indices.longAt(axis * count + entry);
            if (index < 0 || index >= sides[axis]) {
              throw new IllegalArgumentException(
                  "%s.indices holds %d for axis %d of %s"
                      .formatted(spec.name(), index, axis, spec.shape()));
            }
            cell += index * strides[axis];
          }
          if (cell < next[0]) {
            throw new IllegalArgumentException(
                spec.name() + ".indices are not in ascending order at entry " + entry);
          }
          writer.zeros(cell - next[0]);
          writer.put(value);
          next[0] = cell + 1;
        });
    writer.zeros(spec.shape().size() - next[0]);
    return writer.tensor();
  }
}
