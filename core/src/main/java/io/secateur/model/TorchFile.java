package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.TorchObjects.View;
import io.secateur.model.ZipPlaces.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code torch.save} or TorchScript wrote, since PyTorch 1.6 a zip file: a pickle that says
 * which tensors there are, and an entry for the numbers of each storage.
 *
 * @param views the tensors, by name
 * @param entries of the storages, by key
 */
record TorchFile(Path file, Map<String, View> views, Map<String, Entry> entries) {
  /** Dicts within dicts are looked into so far; a dict may hold itself. */
  private static final int DEEPEST = 32;

  /** How many dicts a message offers. */
  private static final int OFFERED = 4;

  private static final long LARGEST_PICKLE = 1L << 28;

  /** Returns whether a file begins as those of torch do, whether or not this class reads it. */
  static boolean is(Path file) throws IOException {
    byte[] start = new byte[4];
    try (InputStream in = Files.newInputStream(file)) {
      if (in.readNBytes(start, 0, 4) < 4) {
        return false;
      }
    }
    boolean zip = start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
    return zip || (start[0] == (byte) 0x80 && start[1] == 2 && start[2] == (byte) 0x8a);
  }

  /**
   * Opens a file.
   *
   * @param within the dict that is meant, of a file with several: {@code state_dict}; nothing for
   *     the outermost
   */
  static TorchFile open(Path file, String within) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (ZipPlaces.bytes(channel, 0, 1).get() == (byte) 0x80) {
        throw new MalformedFileException(
            file,
            "this is the format of torch.save before PyTorch 1.6; load it there, and save it again");
      }
      Map<String, Entry> all = ZipPlaces.read(file, channel);
      String root = all.keySet().stream().findFirst().orElse("/").replaceFirst("/.*", "/");
      Entry pickle = all.get(root + "data.pkl");
      if (pickle == null || !pickle.stored() || pickle.size() > LARGEST_PICKLE) {
        throw new MalformedFileException(
            file, "this zip file is none of torch.save: it has no data.pkl as that writes it");
      }
      Entry order = all.get(root + "byteorder");
      if (order != null && order.size() < 16) {
        ByteBuffer said = ZipPlaces.bytes(channel, order.begin(), (int) order.size());
        if (!StandardCharsets.UTF_8.decode(said).toString().equals("little")) {
          throw new MalformedFileException(
              file, "its numbers are big-endian; load and save it on another machine");
        }
      }
      boolean script = all.keySet().stream().anyMatch(name -> name.startsWith(root + "code/"));
      ByteBuffer bytes = ZipPlaces.bytes(channel, pickle.begin(), (int) pickle.size());
      Object value = Unpickler.read(file, bytes, script);
      Map<String, Entry> storages = new LinkedHashMap<>();
      String data = root + "data/";
      all.forEach(
          (name, entry) -> {
            if (name.startsWith(data)) {
              storages.put(name.substring(data.length()), entry);
            }
          });
      return new TorchFile(
          file, script ? module(file, value, within) : dict(file, value, within), storages);
    }
  }

  private static Map<String, View> module(Path file, Object value, String within)
      throws MalformedFileException {
    if (!within.isEmpty()) {
      throw new MalformedFileException(
          file, "this is a TorchScript file, which has no '%s' within".formatted(within));
    }
    Map<String, Map<String, View>> dicts = dicts(value);
    Map<String, View> views = new LinkedHashMap<>();
    dicts.forEach(
        (path, tensors) ->
            tensors.forEach(
                (name, view) -> views.put(path.isEmpty() ? name : path + "." + name, view)));
    return views;
  }

  /** Returns the tensors of one dict; those of dicts within it are others'. */
  private static Map<String, View> dict(Path file, Object value, String within)
      throws MalformedFileException {
    Map<String, Map<String, View>> dicts = dicts(value);
    Map<String, View> own = dicts.get(within);
    if (own != null) {
      return own;
    }
    List<String> offered =
        dicts.entrySet().stream()
            .sorted(
                Comparator.comparingInt(
                    (Map.Entry<String, Map<String, View>> each) -> -each.getValue().size()))
            .limit(OFFERED)
            .map(each -> "%s (%d)".formatted(named(each.getKey()), each.getValue().size()))
            .toList();
    throw new MalformedFileException(
        file,
        offered.isEmpty()
            ? "there are no tensors in it"
            : "%s holds no tensors; there are some %s: say which by 'within'"
                .formatted(
                    within.isEmpty() ? "its outermost dict" : "'" + within + "'",
                    String.join(", ", offered)));
  }

  private static String named(String path) {
    return path.isEmpty() ? "in the outermost dict" : "within '" + path + "'";
  }

  /** Returns the tensors of every dict that has some, by its path. */
  private static Map<String, Map<String, View>> dicts(Object value) {
    Map<String, Map<String, View>> dicts = new LinkedHashMap<>();
    gather(value, "", 0, dicts);
    return dicts;
  }

  private static void gather(
      Object value, String path, int depth, Map<String, Map<String, View>> dicts) {
    if (depth > DEEPEST) {
      return;
    }
    Map<Object, Object> entries = new LinkedHashMap<>();
    if (value instanceof TorchObjects.Module module) {
      entries.putAll(module.attributes());
    } else if (value instanceof Map<?, ?> dict) {
      entries.putAll(dict);
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        entries.put((long) i, list.get(i));
      }
    }
    entries.forEach(
        (key, each) -> {
          if (each instanceof View view) {
            dicts.computeIfAbsent(path, any -> new LinkedHashMap<>()).put(key.toString(), view);
          } else {
            gather(each, path.isEmpty() ? key.toString() : path + "." + key, depth + 1, dicts);
          }
        });
  }

  /** Returns the entry with a tensor's numbers. */
  Entry entry(View view) throws MalformedFileException {
    Entry entry = entries.get(view.storage().key());
    if (entry == null || !entry.stored()) {
      throw new MalformedFileException(
          file, "data/%s is not there, or compressed".formatted(view.storage().key()));
    }
    return entry;
  }

  /** Returns the type of a tensor's numbers; nothing for one that we do not know. */
  static Optional<DataType> type(View view) {
    return TorchObjects.type(view.storage());
  }

  static Shape shape(View view) {
    return new Shape(view.sides().stream().mapToLong(Long::longValue).toArray());
  }

  /** Returns whether the numbers of a tensor follow each other in its order. */
  static boolean inOrder(View view) {
    long expected = 1;
    for (int i = view.sides().size() - 1; i >= 0; i--) {
      long side = view.sides().get(i);
      if (side == 0) {
        return true;
      }
      if (side != 1 && view.strides().get(i) != expected) {
        return false;
      }
      expected *= side;
    }
    return true;
  }

  /** Returns a tensor as it lies in the file; its numbers must be in order. */
  Tensor tensor(View view, FileChannel channel) throws IOException {
    return numbers(view, view.offset(), shape(view), channel);
  }

  private Tensor numbers(View view, long offset, Shape shape, FileChannel channel)
      throws IOException {
    DataType type =
        type(view)
            .orElseThrow(
                () ->
                    new MalformedFileException(
                        file, view.storage().type() + " are no numbers that are read"));
    Entry entry = entry(view);
    int size = Tensor.size(type);
    long numbers = Math.min(view.storage().numbers(), entry.size() / size);
    if (offset < 0 || shape.size() < 0 || offset > numbers - shape.size()) {
      throw new MalformedFileException(
          file,
          "a tensor of %s from %d on does not lie in data/%s, which has %d numbers"
              .formatted(shape, offset, view.storage().key(), numbers));
    }
    return Tensor.in(channel, entry.begin() + offset * size, type, shape);
  }

  /** Returns all tensors; copies those whose numbers are not in order. */
  Map<String, Tensor> tensors() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (Map.Entry<String, View> each : views.entrySet()) {
        View view = each.getValue();
        tensors.put(each.getKey(), inOrder(view) ? tensor(view, channel) : ordered(view, channel));
      }
    }
    return tensors;
  }

  private Tensor ordered(View view, FileChannel channel) throws IOException {
    Tensor all = numbers(view, 0, new Shape(view.storage().numbers()), channel);
    int size = Tensor.size(all.type());
    TensorWriter writer = new TensorWriter(all.type(), shape(view));
    List<Long> place = new ArrayList<>(view.sides().stream().map(side -> 0L).toList());
    for (long i = shape(view).size(); i > 0; i--) {
      long at = view.offset();
      for (int axis = 0; axis < place.size(); axis++) {
        at += place.get(axis) * view.strides().get(axis);
      }
      if (at < 0 || at >= all.size()) {
        throw new MalformedFileException(file, "a tensor reaches beyond its storage");
      }
      long offset = at * size;
      ByteBuffer chunk = all.chunks().get((int) (offset / Tensor.CHUNK));
      writer.put(chunk.slice((int) (offset % Tensor.CHUNK), size));
      for (int axis = place.size() - 1; axis >= 0; axis--) {
        long next = place.get(axis) + 1;
        boolean carry = next == view.sides().get(axis);
        place.set(axis, carry ? 0 : next);
        if (!carry) {
          break;
        }
      }
    }
    return writer.tensor();
  }

  /** Returns whether two tensors of one storage may have a number in common. */
  static boolean overlap(View one, View other) {
    return one.offset() < end(other) && other.offset() < end(one);
  }

  /** Returns where a tensor's numbers end in its storage. */
  private static long end(View view) {
    long last = view.offset();
    for (int i = 0; i < view.sides().size(); i++) {
      if (view.sides().get(i) == 0) {
        return view.offset();
      }
      last += (view.sides().get(i) - 1) * view.strides().get(i);
    }
    return last + 1;
  }
}
