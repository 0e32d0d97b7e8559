package io.secateur.zoo;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Attention;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.ModelFolder;
import io.secateur.model.Product;
import io.secateur.model.Residual;
import io.secateur.model.RmsNorm;
import io.secateur.model.Silu;
import io.secateur.model.TiedLinear;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Llama that someone has trained (Touvron et al., 2023), from the folder that Hugging Face keeps
 * it in.
 *
 * @param folder with config.json and model.safetensors, or several with their index
 */
public record Llama(String folder) implements ModelSource {
  private static final String CONFIG = "config.json";

  /** A folder is required where it is used. */
  public Llama() {
    this("");
  }

  @Override
  public String name() {
    return "llama";
  }

  @Override
  public String description() {
    return """
        A decoder of texts that someone has trained: Llama (Touvron et al., 2023), from a folder of
        Hugging Face with config.json and model.safetensors, or several such files and their index:
        {llama: {folder: my-llama}}. RMSNorm, rotary positions, attention whose queries may share
        keys and values, gated units (SwiGLU), a head of its own or the embedding's. Other types of
        numbers become float32. Names are the folder's: model.layers.0.self_attn.q_proj.weight.
        Goes with data of tokens whose tokenizer is the folder's. Every seed starts from the same
        parameters.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    LlamaConfig config = config();
    try {
      return architecture(config, task);
    } catch (IllegalArgumentException fault) {
      throw new IllegalArgumentException(path() + ": " + fault.getMessage(), fault);
    }
  }

  private LlamaConfig config() {
    Path file = path().resolve(CONFIG);
    try {
      return LlamaConfig.read(Files.readAllBytes(file), file.toString());
    } catch (IOException fault) {
      throw new UncheckedIOException(
          "there is no %s; a folder of a Llama has one".formatted(file.toAbsolutePath()), fault);
    }
  }

  /** Returns the architecture of a Llama for texts of a length. */
  static Architecture architecture(LlamaConfig config, Task task) {
    if (!(task instanceof Task.TokenPrediction)) {
      throw new IllegalArgumentException(
          "llama predicts tokens; use it with data of tokens, such as text or wikitext-2");
    }
    if (task.vocabulary() > config.vocabulary()) {
      throw new IllegalArgumentException(
          "the tokenizer has %d ids, the llama knows %d; use the tokenizer of its folder"
              .formatted(task.vocabulary(), config.vocabulary()));
    }
    long positions = task.input().get(0);
    if (positions > config.positions()) {
      throw new IllegalArgumentException(
          "the llama takes texts of at most %d tokens, length was %d"
              .formatted(config.positions(), positions));
    }
    return architecture(config, positions);
  }

  static Architecture architecture(LlamaConfig config, long positions) {
    List<Layer> all = new ArrayList<>();
    all.add(new Embedding("model.embed_tokens", config.vocabulary(), config.hidden()));
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i;
      all.add(new Residual(layer + ".attention", attention(config, layer), List.of()));
      all.add(new Residual(layer + ".feed_forward", feedForward(config, layer), List.of()));
    }
    all.add(new RmsNorm("model.norm", config.epsilon(), 0));
    all.add(
        config.tied()
            ? new TiedLinear("lm_head", "model.embed_tokens", config.vocabulary())
            : new Linear("lm_head", config.vocabulary(), false));
    return new Architecture(new Shape(positions), all);
  }

  private static List<Layer> attention(LlamaConfig config, String layer) {
    String own = layer + ".self_attn";
    boolean bias = config.attentionBias();
    int queries = config.heads() * config.headSize();
    int keys = config.keyValueHeads() * config.headSize();
    return List.of(
        new RmsNorm(layer + ".input_layernorm", config.epsilon(), 0),
        new Attention(
            own,
            List.of(new Linear(own + ".q_proj", queries, bias)),
            List.of(new Linear(own + ".k_proj", keys, bias)),
            List.of(new Linear(own + ".v_proj", keys, bias)),
            config.headSize(),
            true,
            config.rotary()),
        new Linear(own + ".o_proj", config.hidden(), bias));
  }

  private static List<Layer> feedForward(LlamaConfig config, String layer) {
    String own = layer + ".mlp";
    boolean bias = config.mlpBias();
    return List.of(
        new RmsNorm(layer + ".post_attention_layernorm", config.epsilon(), 0),
        new Product(
            own,
            List.of(
                List.of(
                    new Linear(own + ".gate_proj", config.intermediate(), bias),
                    new Silu(own + ".act_fn")),
                List.of(new Linear(own + ".up_proj", config.intermediate(), bias)))),
        new Linear(own + ".down_proj", config.hidden(), bias));
  }

  @Override
  public String fingerprint() throws IOException {
    return folder.isEmpty() ? "" : FolderLayout.fingerprint(path());
  }

  @Override
  public Checkpoint open(Task task, long seed) throws IOException {
    return FolderLayout.open(path(), ModelFolder.read(path()), architecture(task));
  }

  private Path path() {
    if (folder.isEmpty()) {
      throw new IllegalArgumentException(
          "llama needs a folder, as in llama: {folder: my-llama}, with config.json and"
              + " model.safetensors");
    }
    try {
      return Path.of(folder);
    } catch (InvalidPathException fault) {
      throw new IllegalArgumentException("'" + folder + "' cannot be a folder's name", fault);
    }
  }
}
