package io.secateur.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokenizer of a language model: Hugging Face's {@code tokenizer.json}. The number of its ids
 * is read from the file; texts become ids in its own library.
 */
record Tokenizer(Path file) {
  private static final String NAME = "tokenizer.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Returns the tokenizer in a folder, or in the file itself. */
  static Tokenizer at(Path place) {
    Path file = Files.isDirectory(place) ? place.resolve(NAME) : place;
    if (!Files.isRegularFile(file)) {
      throw new UncheckedIOException(
          "there is no %s in %s".formatted(NAME, place.toAbsolutePath()),
          new FileNotFoundException(file.toString()));
    }
    return new Tokenizer(file);
  }

  /** Returns how many ids there are, from 0: one more than the highest. */
  int vocabulary() throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(file.toFile());
    } catch (JacksonException fault) {
      throw new IOException("%s: no JSON (%s)".formatted(file, fault.getOriginalMessage()), fault);
    }
    JsonNode known = root.path("model").path("vocab");
    int ids = 0;
    if (known.isArray()) {
      ids = known.size();
    } else {
      for (Map.Entry<String, JsonNode> each : known.properties()) {
        ids = Math.max(ids, each.getValue().asInt() + 1);
      }
    }
    for (JsonNode added : root.path("added_tokens")) {
      ids = Math.max(ids, added.path("id").asInt() + 1);
    }
    if (ids == 0) {
      throw new IOException(file + ": no vocabulary is here; a tokenizer.json of Hugging Face has");
    }
    return ids;
  }

  /** Returns the ids of each text, with those that the tokenizer sets at its beginning and end. */
  int[][] ids(List<String> texts) throws IOException {
    // Truncation would be that of the file; texts are cut here alone.
    Map<String, String> options = Map.of("truncation", "false", "padding", "false");
    try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(file, options)) {
      int[][] ids = new int[texts.size()][];
      for (int i = 0; i < ids.length; i++) {
        long[] wide = tokenizer.encode(texts.get(i)).getIds();
        ids[i] = new int[wide.length];
        for (int k = 0; k < wide.length; k++) {
          ids[i][k] = Math.toIntExact(wide[k]);
        }
      }
      return ids;
    }
  }
}
