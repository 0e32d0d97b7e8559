package io.secateur.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.secateur.model.MalformedFileException;
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

  /** A model has a row for every id: of more it could hold none. */
  private static final int HIGHEST = 1 << 28;

  private static final int SHOWN = 40;
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
    JsonNode root = root();
    JsonNode known = root.path("model").path("vocab");
    int ids = 0;
    if (known.isArray()) {
      ids = known.size();
    } else {
      for (Map.Entry<String, JsonNode> each : known.properties()) {
        ids = Math.max(ids, id(each.getValue()) + 1);
      }
    }
    for (JsonNode added : root.path("added_tokens")) {
      ids = Math.max(ids, id(added.path("id")) + 1);
    }
    if (ids == 0) {
      throw new MalformedFileException(
          file.toString(), "no vocabulary is here; a tokenizer.json of Hugging Face has");
    }
    return ids;
  }

  private JsonNode root() throws IOException {
    try {
      return JSON.readTree(file.toFile());
    } catch (JacksonException fault) {
      throw new MalformedFileException(
          file.toString(), "no JSON (%s)".formatted(fault.getOriginalMessage()), fault);
    }
  }

  private int id(JsonNode written) throws IOException {
    if (!written.isInt() || written.intValue() < 0 || written.intValue() > HIGHEST) {
      throw new MalformedFileException(
          file.toString(),
          "an id of a word is a whole number from 0 to %d, here it is %s"
              .formatted(HIGHEST, shortened(written.toString())));
    }
    return written.intValue();
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** Returns the ids of each text, with those that the tokenizer sets at its beginning and end. */
  int[][] ids(List<String> texts) throws IOException {
    // Truncation would be that of the file; texts are cut here alone.
    Map<String, String> options = Map.of("truncation", "false", "padding", "false");
    try (HuggingFaceTokenizer tokenizer = opened(options)) {
      int[][] ids = new int[texts.size()][];
      for (int i = 0; i < ids.length; i++) {
        long[] wide = encoded(tokenizer, texts.get(i));
        ids[i] = new int[wide.length];
        for (int k = 0; k < wide.length; k++) {
          ids[i][k] = Math.toIntExact(wide[k]);
        }
      }
      return ids;
    }
  }

  /** Some faults show when a word is looked for that a file has no id for. */
  private long[] encoded(HuggingFaceTokenizer tokenizer, String text) throws IOException {
    try {
      return tokenizer.encode(text).getIds();
    } catch (RuntimeException fault) {
      throw refused(fault);
    }
  }

  /** Its own library ends the process where a template names a token that it does not have. */
  private void checkTemplates(JsonNode processor) throws IOException {
    for (JsonNode inner : processor.path("processors")) {
      checkTemplates(inner);
    }
    for (String template : List.of("single", "pair")) {
      for (JsonNode piece : processor.path(template)) {
        JsonNode token = piece.path("SpecialToken").path("id");
        if (!token.isMissingNode() && !processor.path("special_tokens").has(token.asString())) {
          throw new MalformedFileException(
              file.toString(),
              "the post-processor's template '%s' names the token '%s', which its special_tokens lack"
                  .formatted(template, shortened(token.asString())));
        }
      }
    }
  }

  /** Its own library says what is wrong in a plain RuntimeException, and not with which file. */
  private HuggingFaceTokenizer opened(Map<String, String> options) throws IOException {
    checkTemplates(root().path("post_processor"));
    try {
      return HuggingFaceTokenizer.newInstance(file, options);
    } catch (RuntimeException fault) {
      throw refused(fault);
    }
  }

  private MalformedFileException refused(RuntimeException fault) {
    return new MalformedFileException(
        file.toString(), "no tokenizer of Hugging Face (%s)".formatted(fault.getMessage()), fault);
  }
}
