package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Scores;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Numbers at rest: a type, a shape, and row-major little-endian bytes on the heap or in a mapped
 * file, never in the engine. A value: its bytes do not change. Sizes may exceed 2 GiB.
 */
public final class Tensor implements Scores {
  private final DataType type;
  private final Shape shape;
  private final List<ByteBuffer> chunks;

  Tensor(DataType type, Shape shape, List<ByteBuffer> chunks) {
    this.type = type;
    this.shape = shape;
    this.chunks = List.copyOf(chunks);
  }

  /** Returns a float32 tensor that holds a copy of the values. */
  public static Tensor of(Shape shape, float... values) {
    throw new UnsupportedOperationException(shape.toString() + values.length);
  }

  /** Returns a copy of an array of the engine; float32, int64, int32, uint8, int8 or boolean. */
  public static Tensor copyOf(NDArray array) {
    throw new UnsupportedOperationException(array.toString());
  }

  /** Returns the type of the numbers. */
  public DataType type() {
    return type;
  }

  /** Returns the shape. */
  public Shape shape() {
    return shape;
  }

  /** Returns how many numbers there are. */
  @Override
  public long size() {
    return shape.size();
  }

  /** Copies float32 numbers from flat index {@code first} on. */
  @Override
  public void read(long first, float[] into, int length) {
    throw new UnsupportedOperationException();
  }

  /** Returns all float32 numbers; refuses more than an array holds. */
  public float[] toFloats() {
    throw new UnsupportedOperationException();
  }

  /** Returns the bytes as read-only little-endian buffers of at most 1 GiB, in order. */
  public List<ByteBuffer> chunks() {
    return chunks;
  }

  /** Returns how many bytes there are. */
  public long bytes() {
    throw new UnsupportedOperationException();
  }

  /** Returns a new array of the engine with these numbers, owned by {@code manager}. */
  public NDArray in(NDManager manager) {
    throw new UnsupportedOperationException(manager.toString());
  }
}
