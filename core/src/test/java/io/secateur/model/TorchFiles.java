package io.secateur.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes files as {@code torch.save} does, pickle instruction by pickle instruction. */
final class TorchFiles {
  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  TorchFiles() {
    raw(0x80, 2);
  }

  TorchFiles raw(int... bytes) {
    for (int each : bytes) {
      pickle.write(each);
    }
    return this;
  }

  TorchFiles global(String module, String name) {
    raw('c');
    pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  TorchFiles text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    raw('X', bytes.length, 0, 0, 0);
    pickle.writeBytes(bytes);
    return this;
  }

  TorchFiles number(long number) {
    return raw('K', (int) number);
  }

  TorchFiles tuple(long... numbers) {
    raw('(');
    for (long each : numbers) {
      number(each);
    }
    return raw('t');
  }

  /** Begins an ordered dict; {@code end} ends it. */
  TorchFiles dict() {
    return global("collections", "OrderedDict").raw(')', 'R', '(');
  }

  TorchFiles end() {
    return raw('u');
  }

  /** A float32 tensor over a part of a storage. */
  TorchFiles tensor(String storage, long numbers, long offset, long[] sides, long[] strides) {
    return tensor("FloatStorage", storage, numbers, offset, sides, strides);
  }

  TorchFiles tensor(
      String type, String storage, long numbers, long offset, long[] sides, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").raw('(', '(');
    text("storage").global("torch", type).text(storage).text("cpu").number(numbers).raw('t', 'Q');
    number(offset).tuple(sides).tuple(strides).raw(0x89);
    return global("collections", "OrderedDict").raw(')', 'R', 't', 'R');
  }

  TorchFiles storage(String key, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return entry("data/" + key, bytes.array());
  }

  TorchFiles entry(String name, byte[] bytes) {
    entries.put(name, bytes);
    return this;
  }

  /** Ends the pickle and writes all. */
  Path write(Path file) throws IOException {
    raw('.');
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("data.pkl", pickle.toByteArray());
    all.putAll(entries);
    all.put("version", "3\n".getBytes(StandardCharsets.UTF_8));
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> each : all.entrySet()) {
        ZipEntry entry = new ZipEntry("archive/" + each.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(each.getValue().length);
        CRC32 crc = new CRC32();
        crc.update(each.getValue());
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(each.getValue());
      }
    }
    return file;
  }

  /** A weight of 2 x 3, 1 to 6, and a bias. */
  static TorchFiles plain() {
    return new TorchFiles()
        .dict()
        .text("w")
        .tensor("0", 6, 0, new long[] {2, 3}, new long[] {3, 1})
        .text("b")
        .tensor("1", 2, 0, new long[] {2}, new long[] {1})
        .end()
        .storage("0", 1, 2, 3, 4, 5, 6)
        .storage("1", 7, 8);
  }
}
