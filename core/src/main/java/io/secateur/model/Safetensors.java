package io.secateur.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The contents of a safetensors file: named tensors, and text about them.
 *
 * <p>The format: 8 bytes with the header's length, little-endian; the header, a JSON object that
 * gives each tensor's type, shape and place; the tensors' bytes without gaps. Equal contents give
 * equal bytes: tensors are written wide types first and by name within a type, as the format's
 * reference implementation does.
 *
 * @param tensors by name; as read, in the order of their bytes
 * @param metadata of the header's {@code __metadata__}, by name
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  public Safetensors {
    if (tensors.containsKey(METADATA)) {
      throw new IllegalArgumentException("no tensor can be named " + METADATA);
    }
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
  }

  /** Tensors without text. */
  public Safetensors(Map<String, Tensor> tensors) {
    this(tensors, Map.of());
  }

  /**
   * Opens a file. Large tensors are mapped, not copied: the file must not be written to while they
   * are in use; to replace or delete it is fine.
   *
   * @throws MalformedFileException when it is no safetensors file, is cut short, or contradicts
   *     itself; names the byte
   */
  public static Safetensors read(Path file) throws IOException {
    return SafetensorsReader.read(file);
  }

  /**
   * Writes a file, whole or not at all.
   *
   * @return the bytes written
   */
  public long write(Path file) throws IOException {
    Map<String, Tensor> ordered = SafetensorsHeader.ordered(tensors);
    ByteBuffer header = SafetensorsHeader.bytes(ordered, metadata);
    long bytes = header.remaining() + ordered.values().stream().mapToLong(Tensor::bytes).sum();
    WholeFiles.write(
        file,
        channel -> {
          WholeFiles.put(channel, header);
          for (Tensor tensor : ordered.values()) {
            for (ByteBuffer chunk : tensor.chunks()) {
              WholeFiles.put(channel, chunk);
            }
          }
        });
    return bytes;
  }
}
