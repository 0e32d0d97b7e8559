package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Optional;

/** The types of the safetensors format, in its order: files list tensors of later types first. */
enum Dtype {
  BOOL(DataType.BOOLEAN),
  U8(DataType.UINT8),
  I8(DataType.INT8),
  I16(DataType.INT16),
  U16(DataType.UINT16),
  F16(DataType.FLOAT16),
  BF16(DataType.BFLOAT16),
  I32(DataType.INT32),
  U32(DataType.UINT32),
  F32(DataType.FLOAT32),
  F64(DataType.FLOAT64),
  I64(DataType.INT64),
  U64(DataType.UINT64);

  private final DataType type;

  Dtype(DataType type) {
    this.type = type;
  }

  DataType type() {
    return type;
  }

  static Optional<Dtype> named(String name) {
    return Arrays.stream(values()).filter(dtype -> dtype.name().equals(name)).findFirst();
  }

  static Dtype of(DataType type) {
    return Arrays.stream(values())
        .filter(dtype -> dtype.type == type)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "safetensors has no type for " + Tensor.name(type) + " numbers"));
  }
}
