package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** Fills a tensor on the heap from its first number to its last. */
final class TensorWriter {
  private final DataType type;
  private final Shape shape;
  private final List<ByteBuffer> chunks;
  private ByteBuffer chunk = ByteBuffer.allocate(0);
  private int next;

  TensorWriter(DataType type, Shape shape) {
    this.type = type;
    this.shape = shape;
    long bytes = Math.multiplyExact(shape.size(), (long) Tensor.size(type));
    this.chunks =
        Tensor.chunkSizes(bytes).stream()
            .map(size -> ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN))
            .toList();
  }

  void put(float value) {
    room().putFloat(value);
  }

  void put(long value) {
    room().putLong(value);
  }

  void put(int value) {
    room().putInt(value);
  }

  void put(short value) {
    room().putShort(value);
  }

  void put(double value) {
    room().putDouble(value);
  }

  void put(byte value) {
    room().put(value);
  }

  void put(float[] values, int length) {
    int done = 0;
    while (done < length) {
      FloatBuffer floats = room().asFloatBuffer();
      int part = Math.min(length - done, floats.remaining());
      floats.put(values, done, part);
      chunk.position(chunk.position() + part * Float.BYTES);
      done += part;
    }
  }

  void put(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int part = Math.min(room().remaining(), bytes.remaining());
      chunk.put(bytes.slice().limit(part));
      bytes.position(bytes.position() + part);
    }
  }

  /** Leaves as many numbers 0. */
  void zeros(long numbers) {
    long left = numbers * Tensor.size(type);
    while (left > 0) {
      int part = (int) Math.min(left, room().remaining());
      chunk.position(chunk.position() + part);
      left -= part;
    }
  }

  /** Returns the tensor; refuses when numbers are missing. */
  Tensor tensor() {
    for (ByteBuffer each : chunks) {
      if (each.hasRemaining()) {
        throw tooFewOrMany("fewer");
      }
    }
    return new Tensor(type, shape, chunks.stream().map(ByteBuffer::flip).toList());
  }

  private ByteBuffer room() {
    while (!chunk.hasRemaining()) {
      if (next == chunks.size()) {
        throw tooFewOrMany("more");
      }
      chunk = chunks.get(next++);
    }
    return chunk;
  }

  private IllegalArgumentException tooFewOrMany(String which) {
    return new IllegalArgumentException(
        "a tensor of shape %s takes %d numbers, was given %s"
            .formatted(shape, shape.size(), which));
  }
}
