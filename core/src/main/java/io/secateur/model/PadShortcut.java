package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.BitSet;

/**
 * The shortcut without parameters of residual networks (He et al., 2016, option A): every stride-th
 * pixel of each channel, and channels of zeros around them where the body has more.
 *
 * <p>Whatever channels are removed, what is left is zeros, channels of the input in their order,
 * and zeros; so two counts stay enough.
 *
 * @param front channels of zeros before those of the input
 * @param behind channels of zeros after them
 */
public record PadShortcut(String name, int stride, int front, int behind)
    implements Layer.Functional {
  public PadShortcut {
    Settings.named(name);
    Settings.atLeast(name, "stride", stride, 1);
    Settings.atLeast(name, "front", front, 0);
    Settings.atLeast(name, "behind", behind, 0);
  }

  @Override
  public Shape output(Shape input) {
    Settings.image(name, "pad-shortcut", input);
    return new Shape(
        input.get(0) + front + behind,
        Settings.positions(name, "pad-shortcut", input, 1, 1, stride, 0),
        Settings.positions(name, "pad-shortcut", input, 2, 1, stride, 0));
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    NDArray pixels =
        stride == 1 ? input : input.get(new NDIndex(":, :, ::{}, ::{}", stride, stride));
    if (front == 0 && behind == 0) {
      return pixels;
    }
    NDList parts = new NDList();
    add(parts, front, pixels);
    parts.add(pixels);
    add(parts, behind, pixels);
    NDArray padded = NDArrays.concat(parts, 1);
    parts.stream().filter(part -> part != input).forEach(NDArray::close);
    return padded;
  }

  private static void add(NDList parts, int channels, NDArray pixels) {
    if (channels > 0) {
      Shape shape = pixels.getShape();
      NDManager manager = pixels.getManager();
      parts.add(
          manager.zeros(
              new Shape(shape.get(0), channels).addAll(shape.slice(2)), pixels.getDataType()));
    }
  }

  @Override
  public boolean keepsZero() {
    return true;
  }

  @Override
  public Spread spread() {
    return Spread.PADDED;
  }

  @Override
  public int[] sources(Shape input) {
    int channels = Math.toIntExact(input.get(0));
    int[] sources = new int[front + channels + behind];
    for (int i = 0; i < sources.length; i++) {
      boolean passed = i >= front && i < front + channels;
      sources[i] = passed ? i - front : -1;
    }
    return sources;
  }

  @Override
  public PadShortcut narrowed(Shape input, BitSet gone) {
    int end = front + Math.toIntExact(input.get(0));
    int before = gone.get(0, front).cardinality();
    int after = gone.get(end, end + behind).cardinality();
    return new PadShortcut(name, stride, front - before, behind - after);
  }
}
