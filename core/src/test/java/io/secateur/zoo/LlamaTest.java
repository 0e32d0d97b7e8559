package io.secateur.zoo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.Perplexity;
import io.secateur.data.DataLocations;
import io.secateur.data.Pieces;
import io.secateur.data.Text;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Initialisation;
import io.secateur.model.ModelFolder;
import io.secateur.model.NetworkBlock;
import io.secateur.model.Safetensors;
import io.secateur.model.Tensor;
import io.secateur.prune.Compactor;
import io.secateur.sparsity.Mask;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaTest {
  private static final String CONFIG =
      """
      {"model_type": "llama", "hidden_act": "silu", "hidden_size": 8, "intermediate_size": 12,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
       "vocab_size": 11, "max_position_embeddings": 16, "rms_norm_eps": 1e-5,
       "rope_theta": 500.0, "tie_word_embeddings": %s}
      """;
  private static final Task TASK = new Task.TokenPrediction(new Shape(6), 10);

  @TempDir private Path home = Path.of("");

  private Path folder(boolean tied, boolean shards, DataType type) throws IOException {
    Path folder = Files.createDirectories(home.resolve("llama-" + tied + shards + type));
    String config = CONFIG.formatted(tied);
    Files.writeString(folder.resolve("config.json"), config);
    Files.writeString(folder.resolve("tokenizer_config.json"), "{}");
    Architecture architecture =
        Llama.architecture(LlamaConfig.read(config.getBytes(UTF_8), "config.json"), 16);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .initialise(Initialisation.PYTORCH, 5)
        .forEach((name, tensor) -> tensors.put(name, tensor.as(type)));
    tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", Tensor.of(new Shape(1), 1f));
    if (!shards) {
      new Safetensors(tensors, Map.of("format", "pt")).write(folder.resolve("model.safetensors"));
      return folder;
    }
    Map<String, Map<String, Tensor>> parts = new LinkedHashMap<>();
    StringBuilder map = new StringBuilder();
    int at = 0;
    for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
      String file = "model-0000%d-of-00002.safetensors".formatted(1 + at++ % 2);
      parts.computeIfAbsent(file, f -> new LinkedHashMap<>()).put(each.getKey(), each.getValue());
      map.append(map.length() == 0 ? "" : ", ")
          .append("\"%s\": \"%s\"".formatted(each.getKey(), file));
    }
    for (Map.Entry<String, Map<String, Tensor>> part : parts.entrySet()) {
      new Safetensors(part.getValue(), Map.of("format", "pt")).write(folder.resolve(part.getKey()));
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {%s}}".formatted(map));
    return folder;
  }

  @Test
  void goesBackIntoTheLayoutThatItCameFrom() throws IOException {
    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16)) {
      for (boolean shards : new boolean[] {false, true}) {
        Path from = folder(!shards, shards, type);
        Checkpoint model = new Llama(from.toString()).open(TASK, 1);
        // As a run keeps it in between.
        Path between = home.resolve("run-" + from.getFileName());
        CheckpointFiles.write(model, between);
        Path to = home.resolve("out-" + from.getFileName());

        new HuggingFaceFormat().write(CheckpointFiles.read(between), to);

        ModelFolder before = ModelFolder.read(from);
        ModelFolder after = ModelFolder.read(to);
        assertThat(after.files()).isEqualTo(before.files());
        assertThat(after.beside()).containsOnlyKeys("config.json", "tokenizer_config.json");
        assertThat(new HuggingFaceFormat().reads(to)).isTrue();
        assertThat(new HuggingFaceFormat().read(to).parameters()).isEqualTo(model.parameters());
        assertThatThrownBy(() -> new HuggingFaceFormat().write(model, to))
            .isInstanceOf(FileAlreadyExistsException.class);
      }
    }
  }

  @Test
  void zerosAreZerosInTheFolderToo() throws IOException {
    Path from = folder(true, false, DataType.BFLOAT16);
    Checkpoint model = new Llama(from.toString()).open(TASK, 1);
    String name = "model.layers.1.mlp.up_proj.weight";
    Map<String, Tensor> changed = new LinkedHashMap<>(model.parameters());
    changed.put(name, Tensor.zeros(model.parameter(name).shape()));
    Path to = home.resolve("zeros");

    new HuggingFaceFormat().write(model.withParameters(changed), to);

    Tensor written = ModelFolder.read(to).tensors().get(name);
    assertThat(written).isEqualTo(Tensor.zeros(new Shape(12, 8)).as(DataType.BFLOAT16));
  }

  @Test
  void refusesToWriteASmallerModelWhoseConfigurationWouldLie() throws IOException {
    Checkpoint model = new Llama(folder(true, false, DataType.FLOAT32).toString()).open(TASK, 1);
    Map<String, Tensor> changed = new LinkedHashMap<>(model.parameters());
    Map<String, Mask> masks = new LinkedHashMap<>();
    String down = "model.layers.0.mlp.down_proj.weight";
    Mask mask = Mask.of(model.architecture().parameter(down).form(), cell -> cell % 12 != 3);
    masks.put(down, mask);
    float[] numbers = model.parameter(down).toFloats();
    for (int i = 3; i < numbers.length; i += 12) {
      numbers[i] = 0;
    }
    changed.put(down, Tensor.of(model.parameter(down).shape(), numbers));
    Checkpoint smaller =
        Compactor.compact(model.withParameters(changed).withMasks(masks)).checkpoint();
    assertThat(smaller.parameter(down).shape()).isEqualTo(new Shape(8, 11));

    assertThatThrownBy(() -> new HuggingFaceFormat().write(smaller, home.resolve("smaller")))
        .hasMessageContaining("model.layers.0.mlp.down_proj.weight")
        .hasMessageContaining("(8, 11)");
    assertThat(home.resolve("smaller")).doesNotExist();
  }

  @Test
  void refusesWhatIsNoLlamaOrDoesNotFit() throws IOException {
    Path from = folder(true, false, DataType.FLOAT32);
    String config = CONFIG.formatted(true);

    assertThatThrownBy(() -> new Llama("nowhere").architecture(TASK))
        .hasMessageContaining("there is no ")
        .hasMessageContaining("config.json");
    assertThatThrownBy(
            () ->
                new Llama(from.toString())
                    .architecture(new Task.TokenPrediction(new Shape(17), 10)))
        .hasMessageEndingWith("the llama takes texts of at most 16 tokens, length was 17");
    assertThatThrownBy(
            () ->
                new Llama(from.toString()).architecture(new Task.TokenPrediction(new Shape(6), 12)))
        .hasMessageContaining("the tokenizer has 12 ids, the llama knows 11");
    assertThatThrownBy(
            () ->
                LlamaConfig.read(config.replace("\"llama\"", "\"gpt2\"").getBytes(UTF_8), "c.json"))
        .hasMessage("c.json: model_type is gpt2; llama is what can be read here");
    assertThatThrownBy(
            () -> LlamaConfig.read(config.replace("8,", "\"8\",").getBytes(UTF_8), "c.json"))
        .hasMessage("c.json: hidden_size is \"8\"; a whole number is wanted");
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      String scaled = config.replace("}", ", \"%s\": {\"rope_type\": \"llama3\"}}".formatted(key));
      assertThatThrownBy(() -> LlamaConfig.read(scaled.getBytes(UTF_8), "c.json"))
          .hasMessage(
              "c.json: %s is llama3; only rotary positions without scaling are known"
                  .formatted(key));
    }
    Files.delete(from.resolve("model.safetensors"));
    assertThatThrownBy(() -> new Llama(from.toString()).open(TASK, 1))
        .hasMessageContaining("no model is here");
  }

  /** The real one, where it is at hand: its perplexity is known. */
  @Test
  @Tag("engine")
  void readsStories260K() throws IOException {
    Path data = Path.of("../../shared/data");
    assumeTrue(
        Files.isDirectory(data.resolve("stories260K")),
        "shared/data is not here: the real Llama is not tested");
    Text stories =
        new Text(
            data.resolve("tinystories/tinystories-train-first2MiB.txt.gz").toString(),
            "<|endoftext|>",
            data.resolve("stories260K").toString(),
            512,
            Pieces.DOCUMENTS,
            new Text.Range(100, 128),
            new Text.Range(0, 60));
    Checkpoint model = new Llama(data.resolve("stories260K").toString()).open(stories.task(), 1);

    DataFiles files = DataLocations.of(Optional.empty());
    Examples tested = stories.open(Split.TEST, files);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NetworkBlock block = model.architecture().block(model.parameters(), manager);
      List<Metric.Value> values =
          Evaluation.predictions(
                  block, tested, stories.task(), List.of(new Perplexity()), 8, manager)
              .values()
              .iterator()
              .next();
      assertThat(values.get(0).value()).isCloseTo(3.654, within(0.001));
    }
  }
}
