package io.secateur.study;

import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Records to JSON and back: fields in the record's order, so that equal values are equal bytes. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private static final JsonMapper STRICT =
      MAPPER
          .rebuild()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private Json() {}

  /** Returns one line of JSON, without a line feed. */
  static String line(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** Returns indented JSON, for files that people look into. */
  static String pretty(Object value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
  }

  /**
   * Reads a record.
   *
   * @throws tools.jackson.core.JacksonException when the text is not one
   */
  static <T> T read(String text, Class<T> type) {
    return MAPPER.readValue(text, type);
  }

  /**
   * Reads a record that lacks nothing, from a file that may be damaged.
   *
   * @throws tools.jackson.core.JacksonException when the text is not one
   */
  static <T> T whole(String text, Class<T> type) {
    T read = STRICT.readValue(text, type);
    if (read == null) {
      throw new StreamReadException("the text is null");
    }
    return read;
  }
}
