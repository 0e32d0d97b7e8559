package io.secateur.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Scores;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers at rest: a type, a shape, and row-major little-endian bytes on the heap or in a mapped
 * file, never in the engine. A value: its bytes do not change, and tensors of equal type, shape and
 * bytes are equal. Sizes may exceed 2 GiB.
 */
public final class Tensor implements Scores {
  /** Bytes of every chunk but the last; a multiple of the size of every type. */
  static final int CHUNK = 1 << 30;

  /** Smaller tensors of a file are copied. */
  private static final long MAPPED_FROM = 1 << 16;

  /** Others abort the process when they reach the engine. */
  private static final Set<DataType> ENGINE =
      EnumSet.of(
          DataType.FLOAT32,
          DataType.INT64,
          DataType.INT32,
          DataType.UINT8,
          DataType.INT8,
          DataType.BOOLEAN);

  private static final Set<DataType> FLOATING =
      EnumSet.of(DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT64);

  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  private final DataType type;
  private final Shape shape;
  private final List<ByteBuffer> chunks;

  /** Takes chunks as they are: {@link #CHUNK} bytes each, the last one what is left. */
  Tensor(DataType type, Shape shape, List<ByteBuffer> chunks) {
    this.type = type;
    this.shape = shape;
    this.chunks = chunks.stream().map(Tensor::view).toList();
    long held = this.chunks.stream().mapToLong(ByteBuffer::remaining).sum();
    if (held != bytes()) {
      throw new IllegalArgumentException(
          "a tensor of %s of shape %s has %d bytes, was given %d"
              .formatted(name(type), shape, bytes(), held));
    }
  }

  /** Returns a float32 tensor that holds a copy of the values. */
  public static Tensor of(Shape shape, float... values) {
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, shape);
    writer.put(values, values.length);
    return writer.tensor();
  }

  /** Returns a tensor that holds a copy of row-major little-endian bytes, read in order. */
  public static Tensor of(DataType type, Shape shape, List<ByteBuffer> bytes) {
    TensorWriter writer = new TensorWriter(type, shape);
    bytes.forEach(part -> writer.put(part.duplicate()));
    return writer.tensor();
  }

  /**
   * Returns a tensor over bytes of a file: mapped, but a small one copied, for a mapping would cost
   * more. The file must not be written to.
   */
  static Tensor in(FileChannel channel, long at, DataType type, Shape shape) throws IOException {
    long length = Math.multiplyExact(shape.size(), (long) size(type));
    List<ByteBuffer> chunks = new ArrayList<>();
    long next = at;
    for (int part : chunkSizes(length)) {
      if (length < MAPPED_FROM) {
        ByteBuffer copy = ByteBuffer.allocate(part).order(LE);
        while (copy.hasRemaining()) {
          if (channel.read(copy, next + copy.position()) < 0) {
            throw new EOFException("the file ended while it was read");
          }
        }
        chunks.add(copy.flip());
      } else {
        chunks.add(channel.map(FileChannel.MapMode.READ_ONLY, next, part));
      }
      next += part;
    }
    return new Tensor(type, shape, chunks);
  }

  /** Returns a float32 tensor of zeros. */
  public static Tensor zeros(Shape shape) {
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, shape);
    writer.zeros(shape.size());
    return writer.tensor();
  }

  /** Returns a copy of an array of the engine; float32, int64, int32, uint8, int8 or boolean. */
  public static Tensor copyOf(NDArray array) {
    DataType type = array.getDataType();
    TensorWriter writer = new TensorWriter(type, array.getShape());
    long size = array.size();
    long step = CHUNK / size(type);
    // Flat, so that an array that is a transposed view is put in order first, and closed after.
    try (NDArray flat = array.flatten()) {
      for (long first = 0; first < size; first += step) {
        boolean whole = size <= step;
        NDArray part = whole ? flat : flat.get(first + ":" + Math.min(size, first + step));
        copy(part, writer);
        if (!whole) {
          part.close();
        }
      }
    }
    return writer.tensor();
  }

  private static void copy(NDArray part, TensorWriter writer) {
    if (part.getDevice().equals(Device.cpu())) {
      writer.put(part.toByteBuffer(true));
    } else {
      try (NDArray here = part.toDevice(Device.cpu(), true)) {
        writer.put(here.toByteBuffer(true));
      }
    }
  }

  /** Returns the type of the numbers. */
  public DataType type() {
    return type;
  }

  /** Returns what the type is called: {@code float32}. */
  public String typeName() {
    return name(type);
  }

  /** Returns whether the numbers are floating ones, of any width. */
  public boolean floating() {
    return FLOATING.contains(type);
  }

  /** Returns the shape. */
  public Shape shape() {
    return shape;
  }

  /**
   * Returns the numbers in another type.
   *
   * @param other its own, or one that float32 numbers are rounded to: FLOAT16, BFLOAT16, FLOAT64
   */
  public Tensor as(DataType other) {
    return other == type ? this : Conversion.fromFloat32(toFloat32(), other);
  }

  /**
   * Returns these float32 numbers with +0.0 in every cell that a mask prunes, whatever stood there.
   */
  public Tensor masked(Mask mask) {
    return mask.pruned() == 0 ? this : MaskedTensor.of(this, mask);
  }

  /** Returns how many numbers there are. */
  @Override
  public long size() {
    return shape.size();
  }

  /** Copies float32 numbers from flat index {@code first} on. */
  @Override
  public void read(long first, float[] into, int length) {
    if (type != DataType.FLOAT32) {
      throw new IllegalStateException(
          "only float32 reads as floats, this tensor is " + name(type) + "; use toFloat32 first");
    }
    int done = 0;
    while (done < length) {
      long at = (first + done) * Float.BYTES;
      FloatBuffer floats = chunks.get((int) (at / CHUNK)).asFloatBuffer();
      int offset = (int) (at % CHUNK) / Float.BYTES;
      int part = Math.min(length - done, floats.limit() - offset);
      floats.get(offset, into, done, part);
      done += part;
    }
  }

  /**
   * Returns these numbers as float32 without a copy of them: each read converts what it reads, as
   * {@link #toFloat32}, but that no number becomes 0 that is not.
   */
  public Scores floats() {
    return type == DataType.FLOAT32 ? this : Conversion.floats(this);
  }

  /** Copies numbers as float32, by a reader of one number at an offset. */
  void read(long first, float[] into, int length, Conversion.Reader reader) {
    int size = size(type);
    int done = 0;
    while (done < length) {
      long at = (first + done) * size;
      ByteBuffer chunk = chunks.get((int) (at / CHUNK));
      int offset = (int) (at % CHUNK);
      int part = Math.min(length - done, (chunk.limit() - offset) / size);
      for (int i = 0; i < part; i++) {
        into[done + i] = reader.at(chunk, offset + i * size);
      }
      done += part;
    }
  }

  /** Returns one int64 number. */
  long longAt(long index) {
    long at = index * Long.BYTES;
    return chunks.get((int) (at / CHUNK)).getLong((int) (at % CHUNK));
  }

  /** Returns one int32 number. */
  int intAt(long index) {
    long at = index * Integer.BYTES;
    return chunks.get((int) (at / CHUNK)).getInt((int) (at % CHUNK));
  }

  /** Returns one number of a type of one byte. */
  byte byteAt(long index) {
    return chunks.get((int) (index / CHUNK)).get((int) (index % CHUNK));
  }

  /** Returns all float32 numbers; refuses more than an array holds. */
  public float[] toFloats() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException("an array does not hold " + size() + " numbers; use read");
    }
    float[] all = new float[(int) size()];
    read(0, all, all.length);
    return all;
  }

  /**
   * Returns these numbers as float32, itself when they are: float16, bfloat16 and small integers
   * exactly, others rounded to the nearest.
   */
  public Tensor toFloat32() {
    return type == DataType.FLOAT32 ? this : Conversion.toFloat32(this);
  }

  /** Returns the bytes as read-only little-endian buffers of at most 1 GiB, in order. */
  public List<ByteBuffer> chunks() {
    return chunks.stream().map(Tensor::view).toList();
  }

  /** Returns how many bytes there are. */
  public long bytes() {
    return Math.multiplyExact(shape.size(), (long) size(type));
  }

  /**
   * Returns a new array of the engine with these numbers, owned by {@code manager}.
   *
   * @throws IllegalArgumentException for types that the engine cannot hold; names them
   */
  public NDArray in(NDManager manager) {
    if (!ENGINE.contains(type)) {
      throw new IllegalArgumentException(
          "the engine cannot hold " + name(type) + "; use toFloat32 first");
    }
    if (chunks.size() <= 1) {
      return chunks.isEmpty() ? manager.create(shape, type) : part(chunks.get(0), shape, manager);
    }
    NDList parts = new NDList();
    try (parts) {
      for (ByteBuffer chunk : chunks) {
        parts.add(part(chunk, new Shape(chunk.remaining() / size(type)), manager));
      }
      try (NDArray flat = NDArrays.concat(parts)) {
        return flat.reshape(shape);
      }
    }
  }

  private NDArray part(ByteBuffer bytes, Shape shape, NDManager manager) {
    if (!manager.getDevice().equals(Device.cpu())) {
      return manager.create(view(bytes), shape, type);
    }
    // Never an array over our own bytes: it would share memory that must not change.
    NDArray array = manager.create(shape, type);
    array.toByteBuffer(true).put(view(bytes));
    return array;
  }

  /**
   * Returns whether another tensor of the same type and shape holds the same numbers, bit for bit
   * but for the sign of zeros.
   */
  public boolean sameNumbers(Tensor other) {
    if (equals(other)) {
      return true;
    }
    if (type != DataType.FLOAT32 || other.type != type || !shape.equals(other.shape)) {
      return false;
    }
    float[] mine = new float[1 << 14];
    float[] theirs = new float[1 << 14];
    for (long first = 0; first < size(); first += mine.length) {
      int length = (int) Math.min(mine.length, size() - first);
      read(first, mine, length);
      other.read(first, theirs, length);
      for (int i = 0; i < length; i++) {
        boolean zeros = mine[i] == 0 && theirs[i] == 0;
        if (!zeros && Float.floatToRawIntBits(mine[i]) != Float.floatToRawIntBits(theirs[i])) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tensor tensor
        && type == tensor.type
        && shape.equals(tensor.shape)
        && chunks.equals(tensor.chunks);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + type.hashCode();
  }

  @Override
  public String toString() {
    return name(type) + shape;
  }

  /** Returns the bytes of one number. */
  static int size(DataType type) {
    int size = type.getNumOfBytes();
    if (size < 1) {
      throw new IllegalArgumentException("tensors do not hold " + name(type));
    }
    return size;
  }

  static String name(DataType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private static ByteBuffer view(ByteBuffer bytes) {
    return bytes.asReadOnlyBuffer().order(LE);
  }

  /** Returns how a shape divides into chunks, in bytes. */
  static List<Integer> chunkSizes(long bytes) {
    List<Integer> sizes = new ArrayList<>();
    for (long left = bytes; left > 0; left -= CHUNK) {
      sizes.add((int) Math.min(left, CHUNK));
    }
    return sizes;
  }
}
