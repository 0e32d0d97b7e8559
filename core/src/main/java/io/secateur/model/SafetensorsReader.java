package io.secateur.model;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a safetensors file and checks all that its header says before it is believed. */
final class SafetensorsReader {
  /** As the reference implementation: longer headers are taken for damage. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final boolean anyType;

  private SafetensorsReader(Path file, FileChannel channel, boolean anyType) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
    this.anyType = anyType;
  }

  /** A tensor as the header describes it; the place is counted from the header's end. */
  private record Entry(
      String name, String type, Optional<Dtype> dtype, Shape shape, long begin, long end) {}

  static Safetensors read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsReader reader = new SafetensorsReader(file, channel, false);
      Layout layout = reader.layout();
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      layout.places().forEach(each -> tensors.put(each.name(), each.tensor().orElseThrow()));
      return new Safetensors(tensors, layout.metadata());
    }
  }

  /** Where everything lies in a file, in the order of the bytes. */
  record Layout(long base, List<Place> places, Map<String, String> metadata) {}

  /**
   * A tensor in a file.
   *
   * @param type as the header names it
   * @param tensor empty when the type is none that we know
   */
  record Place(String name, String type, long bytes, Optional<Tensor> tensor) {}

  /** Reads where everything lies; types that we do not know are let through. */
  static Layout layout(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new SafetensorsReader(file, channel, true).layout();
    }
  }

  private Layout layout() throws IOException {
    if (size < Long.BYTES) {
      throw wrong(size, "the file ends within the 8 bytes of the header's length");
    }
    long length = copy(0, Long.BYTES).getLong();
    if (length < 2 || length > LONGEST_HEADER) {
      throw wrong(
          0,
          "a header has 2 to %d bytes, this one would have %s; this is no safetensors file"
              .formatted(LONGEST_HEADER, Long.toUnsignedString(length)));
    }
    long base = Long.BYTES + length;
    if (base > size) {
      throw wrong(size, "the file ends within its header of " + length + " bytes");
    }
    JsonNode header = header((int) length);
    Map<String, String> metadata = metadata(header.path(Safetensors.METADATA));
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : header.properties()) {
      if (!each.getKey().equals(Safetensors.METADATA)) {
        entries.add(entry(each.getKey(), each.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkLayout(entries, base);
    List<Place> places = new ArrayList<>();
    for (Entry entry : entries) {
      Optional<Tensor> tensor =
          entry.dtype().isPresent()
              ? Optional.of(tensor(entry, entry.dtype().get(), base))
              : Optional.empty();
      places.add(new Place(entry.name(), entry.type(), entry.end() - entry.begin(), tensor));
    }
    return new Layout(base, places, metadata);
  }

  private JsonNode header(int length) throws IOException {
    JsonNode header;
    try {
      String json = StandardCharsets.UTF_8.newDecoder().decode(copy(8, length)).toString();
      header = JSON.readTree(json);
    } catch (CharacterCodingException fault) {
      throw new MalformedFileException(file, "the header is not UTF-8 text", fault);
    } catch (JacksonException fault) {
      long at = fault.getLocation() == null ? 0 : Math.max(0, fault.getLocation().getCharOffset());
      throw wrong(Long.BYTES + at, "the header is not JSON: " + fault.getOriginalMessage());
    }
    if (!header.isObject()) {
      throw wrong(Long.BYTES, "the header is not a JSON object");
    }
    return header;
  }

  private Map<String, String> metadata(JsonNode node) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (!node.isMissingNode() && !node.isObject()) {
      throw wrong(Long.BYTES, "__metadata__ must be an object of texts");
    }
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (!each.getValue().isString()) {
        throw wrong(
            Long.BYTES, "__metadata__ must hold texts, '%s' is none".formatted(each.getKey()));
      }
      metadata.put(each.getKey(), each.getValue().asString());
    }
    return metadata;
  }

  private Entry entry(String name, JsonNode node) throws IOException {
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw wrong(Long.BYTES, "the name of tensor %s has a control character".formatted(name));
    }
    String type = node.path("dtype").asString("");
    Optional<Dtype> known = Dtype.named(type);
    if (known.isEmpty() && !anyType) {
      throw wrong(
          Long.BYTES,
          "tensor %s has the type '%s'; known are %s"
              .formatted(name, type, List.of(Dtype.values())));
    }
    long[] shape = numbers(name, node.path("shape"), "shape");
    long[] offsets = numbers(name, node.path("data_offsets"), "data_offsets");
    if (offsets.length != 2 || offsets[1] < offsets[0]) {
      throw wrong(
          Long.BYTES, "data_offsets of tensor %s must be where it begins and ends".formatted(name));
    }
    if (known.isEmpty()) {
      return new Entry(name, type, known, new Shape(shape), offsets[0], offsets[1]);
    }
    Dtype dtype = known.get();
    long bytes = Tensor.size(dtype.type());
    try {
      for (long side : shape) {
        bytes = Math.multiplyExact(bytes, side);
      }
    } catch (ArithmeticException fault) {
      throw wrong(Long.BYTES, "the shape of tensor %s is too large".formatted(name));
    }
    if (bytes != offsets[1] - offsets[0]) {
      throw wrong(
          Long.BYTES,
          "tensor %s of %s%s takes %d bytes, data_offsets give it %d"
              .formatted(name, dtype, new Shape(shape), bytes, offsets[1] - offsets[0]));
    }
    return new Entry(name, type, known, new Shape(shape), offsets[0], offsets[1]);
  }

  private long[] numbers(String name, JsonNode node, String what) throws IOException {
    long[] numbers = new long[node.size()];
    boolean fine = node.isArray();
    for (int i = 0; fine && i < numbers.length; i++) {
      JsonNode each = node.get(i);
      fine = each.isIntegralNumber() && each.canConvertToLong() && each.asLong() >= 0;
      numbers[i] = fine ? each.asLong() : 0;
    }
    if (!fine) {
      throw wrong(
          Long.BYTES,
          "%s of tensor %s must be a list of whole numbers from 0 on".formatted(what, name));
    }
    return numbers;
  }

  private void checkLayout(List<Entry> entries, long base) throws IOException {
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin() != end) {
        throw wrong(
            base + entry.begin(),
            "tensor %s begins here, but the tensors before it end at byte %d"
                .formatted(entry.name(), base + end));
      }
      end = entry.end();
      if (end > size - base) {
        throw wrong(
            size,
            "the file ends within tensor %s, which ends at byte %s"
                .formatted(entry.name(), Long.toUnsignedString(base + end)));
      }
    }
    if (base + end != size) {
      throw wrong(base + end, "the tensors end here, but the file has %d bytes".formatted(size));
    }
  }

  private Tensor tensor(Entry entry, Dtype dtype, long base) throws IOException {
    return Tensor.in(channel, base + entry.begin(), dtype.type(), entry.shape());
  }

  private ByteBuffer copy(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw wrong(at + bytes.position(), "the file ended while it was read");
      }
    }
    return bytes.flip();
  }

  private MalformedFileException wrong(long offset, String what) {
    return new MalformedFileException(file, offset, what);
  }
}
