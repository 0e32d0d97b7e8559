package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a pickle of torch may name and make. */
final class TorchObjects {
  /** Where TorchScript has its classes. */
  private static final String MODULES = "__torch__";

  private static final Map<String, DataType> TYPES =
      Map.of(
          "FloatStorage", DataType.FLOAT32,
          "HalfStorage", DataType.FLOAT16,
          "BFloat16Storage", DataType.BFLOAT16,
          "DoubleStorage", DataType.FLOAT64,
          "LongStorage", DataType.INT64,
          "IntStorage", DataType.INT32,
          "ShortStorage", DataType.INT16,
          "CharStorage", DataType.INT8,
          "ByteStorage", DataType.UINT8,
          "BoolStorage", DataType.BOOLEAN);

  private TorchObjects() {}

  /** What a file calls by a name: a type or a function. */
  record Global(String module, String name) {
    /**
     * Returns whether it is one of the few that are read.
     *
     * @param script whether this is of a TorchScript file
     */
    boolean known(boolean script) {
      return switch (module) {
        case "collections" -> name.equals("OrderedDict");
        case "torch._utils" ->
            name.equals("_rebuild_tensor_v2") || name.equals("_rebuild_parameter");
        case "torch" -> name.matches("[A-Za-z0-9]+Storage");
        case "torch.jit._pickle" -> script;
        default -> script && ofScript();
      };
    }

    private boolean ofScript() {
      return module.equals(MODULES) || module.startsWith(MODULES + ".");
    }

    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /**
   * Numbers in an entry of their own.
   *
   * @param type as torch names it: FloatStorage
   * @param numbers how many there are
   */
  record Storage(String key, String type, long numbers) {}

  /** Returns the type of a storage's numbers; nothing for one that we do not know. */
  static Optional<DataType> type(Storage storage) {
    return Optional.ofNullable(TYPES.get(storage.type()));
  }

  /** Returns what torch calls a storage of a type's numbers. */
  static String storage(DataType type) {
    return TYPES.entrySet().stream()
        .filter(each -> each.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("torch has no storage for numbers of " + type));
  }

  /** A tensor: where it begins in a storage, and how far its neighbours are apart. */
  record View(Storage storage, long offset, List<Long> sides, List<Long> strides) {
    /** Refuses what is no tensor's. */
    View {
      sides = List.copyOf(sides);
      strides = List.copyOf(strides);
      long size = 1;
      long last = offset;
      for (int i = 0; i < sides.size(); i++) {
        size = Math.multiplyExact(size, sides.get(i));
        last = Math.addExact(last, Math.multiplyExact(sides.get(i), strides.get(i)));
        if (sides.get(i) < 0 || strides.get(i) < 0) {
          throw new IllegalArgumentException("sides and strides are not negative");
        }
      }
      if (sides.size() != strides.size() || offset < 0 || size < 0) {
        throw new IllegalArgumentException("a tensor has as many strides as sides");
      }
    }
  }

  /** A module of TorchScript, before and after its attributes are known. */
  static final class Module {
    private final Map<Object, Object> attributes = new LinkedHashMap<>();

    void put(Object name, Object value) {
      attributes.put(name, value);
    }

    Map<Object, Object> attributes() {
      return Collections.unmodifiableMap(attributes);
    }
  }

  /**
   * Returns what a known name makes of arguments; nothing when it is none that makes something.
   *
   * @throws RuntimeException when the arguments are others than torch writes
   */
  static Optional<Object> made(Global global, List<Object> arguments) {
    return switch (global.name()) {
      case "OrderedDict" -> {
        Map<Object, Object> dict = new LinkedHashMap<>();
        for (Object pair : arguments.isEmpty() ? List.of() : list(arguments.get(0))) {
          dict.put(key(list(pair).get(0)), list(pair).get(1));
        }
        yield Optional.of(dict);
      }
      case "_rebuild_tensor_v2" ->
          Optional.of(
              new View(
                  (Storage) arguments.get(0),
                  (Long) arguments.get(1),
                  longs(arguments.get(2)),
                  longs(arguments.get(3))));
      case "_rebuild_parameter" -> Optional.of(arguments.get(0));
      default -> {
        if (global.ofScript()) {
          yield Optional.of(new Module());
        }
        // Says of which type a list or dict is.
        yield global.module().equals("torch.jit._pickle")
            ? arguments.stream().findFirst()
            : Optional.empty();
      }
    };
  }

  /** Returns a dict's key; refuses one that has none of its own, as Python does. */
  static Object key(Object key) {
    if (key instanceof Map || key instanceof List || key instanceof Module) {
      throw new IllegalArgumentException("a key is a text or a number");
    }
    return key;
  }

  @SuppressWarnings("unchecked") // Every list there is one that the unpickler made.
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static List<Long> longs(Object value) {
    return list(value).stream().map(Long.class::cast).toList();
  }
}
