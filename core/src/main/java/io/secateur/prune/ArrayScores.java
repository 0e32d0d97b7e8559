package io.secateur.prune;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.secateur.sparsity.Scores;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores where the engine left them: reads go to the arrays' own memory and copy nothing, so the
 * arrays must stay open and unchanged while this is read. Scores on another device are fetched.
 */
final class ArrayScores implements Scores {
  /** How many numbers of an array one buffer is to address. */
  private static final long LARGEST_PART = 1L << 28;

  private final List<FloatBuffer> parts = new ArrayList<>();
  private final List<Long> starts = new ArrayList<>();
  private long size;

  /** Appends a float32 matrix's numbers, row by row. */
  void add(NDArray matrix) {
    NDArray here =
        matrix.getDevice().equals(Device.cpu()) ? matrix : matrix.toDevice(Device.cpu(), false);
    long rows = here.getShape().get(0);
    long columns = here.size() / rows;
    long step = Math.max(1, LARGEST_PART / columns);
    for (long first = 0; first < rows; first += step) {
      boolean whole = rows <= step;
      NDArray part = whole ? here : here.get(first + ":" + Math.min(rows, first + step));
      // For an array out of order this is a copy in order, which lives as long as its manager.
      parts.add(part.toByteBuffer(true).asFloatBuffer());
      starts.add(size);
      size += part.size();
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long first, float[] into, int length) {
    int part = part(first);
    int done = 0;
    while (done < length) {
      FloatBuffer buffer = parts.get(part);
      int at = (int) (first + done - starts.get(part));
      int take = Math.min(length - done, buffer.limit() - at);
      buffer.get(at, into, done, take);
      done += take;
      part++;
    }
  }

  private int part(long index) {
    int low = 0;
    int high = starts.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts.get(middle) <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
