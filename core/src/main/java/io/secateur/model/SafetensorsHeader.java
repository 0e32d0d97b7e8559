package io.secateur.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lays tensors out, and describes the layout. */
final class SafetensorsHeader {
  private static final int ALIGNMENT = 8;

  private SafetensorsHeader() {}

  /** Returns the tensors in the order of their bytes. */
  static Map<String, Tensor> ordered(Map<String, Tensor> tensors) {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    tensors.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<String, Tensor> e) -> Dtype.of(e.getValue().type()))
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(e -> ordered.put(e.getKey(), e.getValue()));
    return ordered;
  }

  /** Returns the length and the header, padded with blanks so that numbers are aligned. */
  static ByteBuffer bytes(Map<String, Tensor> ordered, Map<String, String> metadata) {
    ObjectNode root = Layers.JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode text = root.putObject(Safetensors.METADATA);
      metadata.forEach(text::put);
    }
    long begin = 0;
    for (Map.Entry<String, Tensor> each : ordered.entrySet()) {
      Tensor tensor = each.getValue();
      ObjectNode node = root.putObject(each.getKey());
      node.put("dtype", Dtype.of(tensor.type()).name());
      ArrayNode shape = node.putArray("shape");
      for (long side : tensor.shape().getShape()) {
        shape.add(side);
      }
      long end = Math.addExact(begin, tensor.bytes());
      node.putArray("data_offsets").add(begin).add(end);
      begin = end;
    }
    byte[] json = Layers.JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    bytes.put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }
}
