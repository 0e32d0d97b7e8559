package io.secateur.zoo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a {@code config.json} of Hugging Face says of a Llama. */
record LlamaConfig(
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int vocabulary,
    int positions,
    double epsilon,
    double rotary,
    boolean tied,
    boolean attentionBias,
    boolean mlpBias) {
  /** Each is made before its tensors are looked for; the deepest Llama has 126. */
  private static final int MOST_LAYERS = 1000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads it.
   *
   * @param where named in what is refused
   */
  static LlamaConfig read(byte[] config, String where) {
    JsonNode root;
    try {
      root = JSON.readTree(new String(config, StandardCharsets.UTF_8));
    } catch (JacksonException fault) {
      throw new IllegalArgumentException(
          "%s: no JSON: %s".formatted(where, fault.getOriginalMessage()), fault);
    }
    Reading reading = new Reading(root, where);
    reading.only("model_type", "llama");
    reading.only("hidden_act", "silu");
    // Older files have the one, newer ones the other.
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      JsonNode rope = root.path(key);
      String kind = rope.path("rope_type").asString(rope.path("type").asString("default"));
      if (!kind.equals("default")) {
        throw reading.wrong(key, kind, "only rotary positions without scaling are known");
      }
    }
    int hidden = reading.number("hidden_size");
    int heads = reading.number("num_attention_heads");
    int layers = reading.number("num_hidden_layers");
    if (layers > MOST_LAYERS) {
      throw reading.wrong(
          "num_hidden_layers", String.valueOf(layers), "at most " + MOST_LAYERS + " are taken");
    }
    JsonNode keyValue = root.path("num_key_value_heads");
    JsonNode size = root.path("head_dim");
    JsonNode theta = root.path("rope_theta");
    return new LlamaConfig(
        hidden,
        reading.number("intermediate_size"),
        layers,
        heads,
        keyValue.isNumber() ? reading.number("num_key_value_heads") : heads,
        size.isNumber() ? reading.number("head_dim") : hidden / heads,
        reading.number("vocab_size"),
        reading.number("max_position_embeddings"),
        root.path("rms_norm_eps").asDouble(1e-6),
        theta.isNumber()
            ? theta.asDouble()
            : root.path("rope_parameters").path("rope_theta").asDouble(10_000),
        root.path("tie_word_embeddings").asBoolean(false),
        root.path("attention_bias").asBoolean(false),
        root.path("mlp_bias").asBoolean(false));
  }

  private record Reading(JsonNode root, String where) {
    int number(String key) {
      JsonNode node = root.path(key);
      if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1) {
        throw wrong(
            key, node.isMissingNode() ? "missing" : node.toString(), "a whole number is wanted");
      }
      return node.asInt();
    }

    void only(String key, String known) {
      String value = root.path(key).asString("");
      if (!value.equals(known)) {
        throw wrong(key, value, known + " is what can be read here");
      }
    }

    IllegalArgumentException wrong(String key, String was, String wanted) {
      return new IllegalArgumentException(
          "%s: %s is %s; %s".formatted(where, key, was.isEmpty() ? "missing" : was, wanted));
    }
  }
}
