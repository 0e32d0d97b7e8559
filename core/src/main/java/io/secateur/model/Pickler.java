package io.secateur.model;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Pickles a state dict as {@code torch.save} does, in protocol 2: an ordered dict of tensors, each
 * a call of {@code _rebuild_tensor_v2} with a storage of its own, numbered in order.
 */
final class Pickler {
  private static final int PROTOCOL = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Pickler() {}

  /** Returns the pickle; numbers stand elsewhere, those of the first tensor in storage 0. */
  static byte[] stateDict(Map<String, Tensor> tensors) {
    Pickler pickler = new Pickler();
    pickler.code(0x80).code(PROTOCOL).orderedDict().code('(');
    int storage = 0;
    for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
      pickler.text(each.getKey()).tensor(each.getValue(), storage++);
    }
    return pickler.code('u').code('.').bytes.toByteArray();
  }

  private Pickler tensor(Tensor tensor, int storage) {
    global("torch._utils", "_rebuild_tensor_v2").code('(');
    code('(').text("storage").global("torch", TorchObjects.storage(tensor.type()));
    text(Integer.toString(storage)).text("cpu").number(tensor.size()).code('t').code('Q');
    Shape shape = tensor.shape();
    number(0).code('(');
    for (long side : shape.getShape()) {
      number(side);
    }
    code('t').code('(');
    for (int axis = 0; axis < shape.dimension(); axis++) {
      number(axis + 1 == shape.dimension() ? 1 : shape.slice(axis + 1).size());
    }
    // No gradient is asked for, and no hooks run behind it.
    return code('t').code(0x89).orderedDict().code('t').code('R');
  }

  private Pickler orderedDict() {
    return global("collections", "OrderedDict").code(')').code('R');
  }

  private Pickler global(String module, String name) {
    code('c');
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  private Pickler text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    code('X').fourBytes(utf8.length);
    bytes.writeBytes(utf8);
    return this;
  }

  private Pickler number(long number) {
    if (number == (int) number) {
      return code('J').fourBytes((int) number);
    }
    byte[] digits = BigInteger.valueOf(number).toByteArray();
    code(0x8a).code(digits.length);
    for (int i = digits.length - 1; i >= 0; i--) {
      code(digits[i]);
    }
    return this;
  }

  private Pickler fourBytes(int value) {
    bytes.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  private Pickler code(int code) {
    bytes.write(code);
    return this;
  }
}
