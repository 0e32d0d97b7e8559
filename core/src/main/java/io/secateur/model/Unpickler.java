package io.secateur.model;

import io.secateur.model.TorchObjects.Global;
import io.secateur.model.TorchObjects.Module;
import io.secateur.model.TorchObjects.Storage;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what {@code torch.save} pickles of tensors, storages, ordered dicts, dicts, lists, tuples,
 * texts, numbers, booleans and None, and nothing else: no class is looked up by a name in the file,
 * and nothing is called. Of TorchScript also its modules, as dicts of their attributes.
 *
 * <p>Dicts become maps, lists and tuples lists.
 */
final class Unpickler {
  /** Python's None. */
  static final Object NONE =
      new Object() {
        @Override
        public String toString() {
          return "None";
        }
      };

  private final Path file;
  private final ByteBuffer bytes;
  private final boolean modules;
  private final Map<Integer, Object> memo = new HashMap<>();
  private final List<List<Object>> marked = new ArrayList<>();
  private List<Object> stack = new ArrayList<>();
  private int at;

  private Unpickler(Path file, ByteBuffer bytes, boolean modules) {
    this.file = file;
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.modules = modules;
  }

  /**
   * Reads.
   *
   * @param modules whether this is of a TorchScript file
   * @throws MalformedFileException when anything else is there; names it and the byte
   */
  static Object read(Path file, ByteBuffer bytes, boolean modules) throws MalformedFileException {
    Unpickler unpickler = new Unpickler(file, bytes, modules);
    try {
      return unpickler.read();
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | ClassCastException
        | ArithmeticException
        | IllegalArgumentException fault) {
      throw new MalformedFileException(
          file, "data.pkl, byte %d: this pickle is damaged".formatted(unpickler.at), fault);
    }
  }

  private Object read() throws MalformedFileException {
    while (true) {
      at = bytes.position();
      int code = Byte.toUnsignedInt(bytes.get());
      if (code == '.') {
        return pop();
      }
      if (!constant(code) && !container(code) && !memory(code) && !call(code)) {
        throw refused("the instruction 0x%02x".formatted(code));
      }
    }
  }

  private boolean constant(int code) {
    switch (code) {
      case 'N' -> push(NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) bytes.getInt());
      case 'K' -> push((long) Byte.toUnsignedInt(bytes.get()));
      case 'M' -> push((long) Short.toUnsignedInt(bytes.getShort()));
      case 0x8a -> push(number(Byte.toUnsignedInt(bytes.get())));
      case 0x8b -> push(number(bytes.getInt()));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(bytes.getLong())));
      case 'X' -> push(text(bytes.getInt()));
      case 0x8c -> push(text(Byte.toUnsignedInt(bytes.get())));
      case 0x8d -> push(text(Math.toIntExact(bytes.getLong())));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean container(int code) throws MalformedFileException {
    switch (code) {
      case '}' -> push(new LinkedHashMap<>());
      case ']', ')' -> push(new ArrayList<>());
      case '(' -> {
        marked.add(stack);
        stack = new ArrayList<>();
      }
      case 't', 'l' -> push(unmark());
      case 0x85 -> push(top(1));
      case 0x86 -> push(top(2));
      case 0x87 -> push(top(3));
      case 's' -> put(top(2));
      case 'u' -> put(unmark());
      case 'a' -> {
        Object value = pop();
        TorchObjects.list(peek()).add(value);
      }
      case 'e' -> {
        List<Object> values = unmark();
        TorchObjects.list(peek()).addAll(values);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean memory(int code) throws MalformedFileException {
    switch (code) {
      case 0x80 -> {
        int protocol = bytes.get();
        if (protocol < 2 || protocol > 5) {
          throw refused("protocol " + protocol);
        }
      }
      case 0x95 -> bytes.getLong();
      case 'q' -> memo.put(Byte.toUnsignedInt(bytes.get()), peek());
      case 'r' -> memo.put(bytes.getInt(), peek());
      case 0x94 -> memo.put(memo.size(), peek());
      case 'h' -> push(recalled(Byte.toUnsignedInt(bytes.get())));
      case 'j' -> push(recalled(bytes.getInt()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean call(int code) throws MalformedFileException {
    switch (code) {
      case 'c' -> push(known(new Global(line(), line())));
      case 0x93 -> {
        List<Object> named = top(2);
        push(known(new Global((String) named.get(0), (String) named.get(1))));
      }
      case 'Q' -> push(storage(TorchObjects.list(pop())));
      case 'R', 0x81 -> {
        List<Object> arguments = TorchObjects.list(pop());
        Global global = (Global) pop();
        Optional<Object> made = TorchObjects.made(global, arguments);
        push(made.orElseThrow(() -> refused("a call of " + global)));
      }
      case 'b' -> {
        Object state = pop();
        // What an ordered dict has besides its entries is torch's own bookkeeping.
        if (peek() instanceof Module module && state instanceof Map<?, ?> attributes) {
          attributes.forEach(module::put);
        } else if (!(peek() instanceof Map)) {
          throw refused("the state of something that has none");
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private Global known(Global global) throws MalformedFileException {
    if (!global.known(modules)) {
      throw refused(global.toString());
    }
    return global;
  }

  private Storage storage(List<Object> id) throws MalformedFileException {
    if (id.size() < 5 || !id.get(0).equals("storage")) {
      throw refused("something kept elsewhere that is no storage");
    }
    return new Storage((String) id.get(2), ((Global) id.get(1)).name(), (Long) id.get(4));
  }

  private void put(List<Object> pairs) throws MalformedFileException {
    Object target = peek();
    if (!(target instanceof Map)) {
      throw refused("entries of something that is no dict");
    }
    @SuppressWarnings("unchecked") // Every map here is one that was made here.
    Map<Object, Object> dict = (Map<Object, Object>) target;
    for (int i = 0; i < pairs.size(); i += 2) {
      dict.put(TorchObjects.key(pairs.get(i)), pairs.get(i + 1));
    }
  }

  private Object recalled(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return value;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() {
    return stack.remove(stack.size() - 1);
  }

  private Object peek() {
    return stack.get(stack.size() - 1);
  }

  private List<Object> top(int count) {
    List<Object> last = stack.subList(stack.size() - count, stack.size());
    List<Object> taken = new ArrayList<>(last);
    last.clear();
    return taken;
  }

  private List<Object> unmark() {
    List<Object> taken = stack;
    stack = marked.remove(marked.size() - 1);
    return taken;
  }

  private Object number(int length) {
    byte[] digits = taken(length);
    BigInteger number = digits.length == 0 ? BigInteger.ZERO : new BigInteger(reversed(digits));
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  private static byte[] reversed(byte[] digits) {
    byte[] reversed = new byte[digits.length];
    for (int i = 0; i < digits.length; i++) {
      reversed[i] = digits[digits.length - 1 - i];
    }
    return reversed;
  }

  private String text(int length) {
    return new String(taken(length), StandardCharsets.UTF_8);
  }

  private byte[] taken(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] taken = new byte[length];
    bytes.get(taken);
    return taken;
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (char c = (char) bytes.get(); c != '\n'; c = (char) bytes.get()) {
      line.append(c);
    }
    return line.toString();
  }

  private MalformedFileException refused(String what) {
    return new MalformedFileException(
        file,
        ("data.pkl, byte %d: there is %s, and only tensors, dicts, lists, texts and numbers are read;"
                + " save the tensors alone, as in torch.save(model.state_dict(), ...)")
            .formatted(at, what));
  }
}
