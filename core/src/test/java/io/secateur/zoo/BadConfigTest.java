package io.secateur.zoo;

import static io.secateur.Mutations.SAMPLE;
import static io.secateur.Mutations.WHOLE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.secateur.Mutations;
import io.secateur.model.Initialisation;
import io.secateur.model.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A damaged description of a Llama beside its tensors: a model, or words that say where. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BadConfigTest {
  private static final String CONFIG =
      """
      {"model_type": "llama", "hidden_act": "silu", "hidden_size": 8, "intermediate_size": 12,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
       "vocab_size": 11, "max_position_embeddings": 16, "rms_norm_eps": 1e-5,
       "rope_theta": 500.0, "tie_word_embeddings": false}
      """;

  @TempDir private Path folder;

  private void damage(int cases) throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), CONFIG);
    LlamaConfig config = LlamaConfig.read(CONFIG.getBytes(UTF_8), "config.json");
    new Safetensors(Llama.architecture(config, 16).initialise(Initialisation.PYTORCH, 1))
        .write(folder.resolve("model.safetensors"));
    Mutations.check(
        "config.json",
        file,
        cases,
        each -> new HuggingFaceFormat().read(Objects.requireNonNull(each.getParent())));
  }

  @Test
  void someDamage() throws IOException {
    damage(SAMPLE);
  }

  @Test
  @Tag("stress")
  void allDamage() throws IOException {
    damage(WHOLE);
  }
}
