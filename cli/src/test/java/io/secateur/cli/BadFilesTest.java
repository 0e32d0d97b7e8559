package io.secateur.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Initialisation;
import io.secateur.model.Safetensors;
import io.secateur.model.Tensor;
import io.secateur.model.TorchSave;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import io.secateur.zoo.Ffn;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of every kind that commands are handed, damaged. */
class BadFilesTest {
  private static final Task TASK = new Task.Classification(new Shape(1, 28, 28), 10);
  private static final String PRUNED = "{prune: {method: l1, amount: 0.5}}";
  private static final String MODEL = "{ffn: {hidden: [4]}}";

  @TempDir private Path folder;

  /** A kind of file, a small valid one of it, and the commands that it is given to. */
  enum Kind {
    STUDY {
      @Override
      Given given(Path folder) throws IOException {
        Path file =
            study(folder, "{digits: {train: 100, test: 50}}", MODEL, "{train: {epochs: 1}}");
        return planned(folder, file, file)
            .and("sensitivity", file.toString(), "--out", out(folder).toString());
      }
    },
    IDX_IMAGES {
      @Override
      Given given(Path folder) throws IOException {
        return planned(folder, idx(folder).resolve("t10k-images-idx3-ubyte"), mnist(folder));
      }
    },
    IDX_LABELS {
      @Override
      Given given(Path folder) throws IOException {
        return planned(folder, idx(folder).resolve("train-labels-idx1-ubyte.gz"), mnist(folder));
      }
    },
    CIFAR {
      @Override
      Given given(Path folder) throws IOException {
        Path own = Files.createDirectories(folder.resolve("cifar10"));
        for (int i = 1; i <= 5; i++) {
          Files.write(own.resolve("data_batch_" + i + ".bin"), new byte[2 * 3073]);
        }
        Path file = Files.write(own.resolve("test_batch.bin"), new byte[2 * 3073]);
        return planned(folder, file, study(folder, "cifar10", "cifar-cnn", "train"));
      }
    },
    TSV {
      @Override
      Given given(Path folder) throws IOException {
        Path own = Files.createDirectories(folder.resolve("sst2"));
        String text = "sentence\tlabel\nso good\t1\nso bad\t0\nnot bad\t1\n";
        Files.writeString(own.resolve("dev.tsv"), text);
        Path file = own.resolve("train.tsv.gz");
        gzip(file, text.getBytes(UTF_8));
        return planned(
            folder, file, study(folder, "{sst2: {length: 8, vocabulary: 5}}", "sst-ffn", "train"));
      }
    },
    TSV_ARCHIVE {
      @Override
      Given given(Path folder) throws IOException {
        byte[] text = "sentence\tlabel\nso good\t1\nso bad\t0\nnot bad\t1\n".getBytes(UTF_8);
        Path file = Files.createDirectories(folder.resolve("sst2")).resolve("SST-2.zip");
        zip(file, Map.of("SST-2/train.tsv", text, "SST-2/dev.tsv", text));
        return planned(
            folder, file, study(folder, "{sst2: {length: 8, vocabulary: 5}}", "sst-ffn", "train"));
      }
    },
    CSV {
      @Override
      Given given(Path folder) throws IOException {
        Path file = folder.resolve("houses.csv");
        Files.writeString(
            file, "size,kind,price\n1.5,red,3\n2,\"bl,ue\",4\n-1e3,red,5.25\n7,red,1\n8,red,2\n");
        return planned(
            folder, file, study(folder, "{csv: {file: '%s'}}".formatted(file), MODEL, "train"));
      }
    },
    IMAGES {
      @Override
      Given given(Path folder) throws IOException {
        byte[] image = image();
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : List.of("train/cat/1", "train/dog/1", "test/cat/1", "test/dog/1")) {
          entries.put(name + ".png", image);
        }
        Path file = folder.resolve("pets.zip");
        zip(file, entries);
        String data = "{image-folder: {folder: '%s', size: 8, classes: 2}}".formatted(file);
        return planned(folder, file, study(folder, data, MODEL, "train"));
      }
    },
    TOKENIZER {
      @Override
      Given given(Path folder) throws IOException {
        Path file = Files.write(folder.resolve("tokenizer.json"), tokenizer());
        return planned(folder, file, study(folder, texts(folder, file), llama(folder), PRUNED));
      }
    },
    TEXT {
      @Override
      Given given(Path folder) throws IOException {
        Path file = Files.write(folder.resolve("tokenizer.json"), tokenizer());
        Path study = study(folder, texts(folder, file), llama(folder), PRUNED);
        return planned(folder, folder.resolve("stories.txt"), study);
      }
    },
    LLAMA_CONFIG {
      @Override
      Given given(Path folder) throws IOException {
        Path file = Files.write(folder.resolve("tokenizer.json"), tokenizer());
        Path study = study(folder, texts(folder, file), llama(folder), PRUNED);
        return planned(folder, folder.resolve("llama/config.json"), study)
            .and("inspect", folder.resolve("llama").toString());
      }
    },
    CHECKPOINT {
      @Override
      Given given(Path folder) throws IOException {
        return ofCheckpoint(folder, "model.safetensors");
      }
    },
    ARCHITECTURE {
      @Override
      Given given(Path folder) throws IOException {
        return ofCheckpoint(folder, "architecture.json");
      }
    },
    MASKS {
      @Override
      Given given(Path folder) throws IOException {
        CheckpointFiles.write(pruned(), folder.resolve("model"));
        Path file = folder.resolve("model/masks.safetensors");
        Path study =
            study(
                folder,
                "{digits: {train: 100, test: 50}}",
                MODEL,
                "{prune: {mask: '%s'}}".formatted(file));
        return planned(folder, file, study).and("inspect", folder.resolve("model").toString());
      }
    },
    STATE_DICT {
      @Override
      Given given(Path folder) throws IOException {
        Path file = folder.resolve("net.safetensors");
        new Safetensors(pruned().parameters()).write(file);
        return ofStateDict(folder, file);
      }
    },
    TORCH {
      @Override
      Given given(Path folder) throws IOException {
        Path file = folder.resolve("net.pth");
        TorchSave.write(pruned().parameters(), file);
        return ofStateDict(folder, file);
      }
    };

    abstract Given given(Path folder) throws IOException;
  }

  /**
   * What a kind is tried with.
   *
   * @param file the one that is damaged
   * @param first the command that is tried each time
   * @param then those that are tried where the first refuses
   */
  private record Given(Path file, List<String> first, List<List<String>> then) {
    Given and(String... command) {
      List<List<String>> more = new ArrayList<>(then);
      more.add(List.of(command));
      return new Given(file, first, more);
    }
  }

  private static Path out(Path folder) {
    return folder.resolve("out");
  }

  private static Path study(Path folder, String data, String model, String stage)
      throws IOException {
    return Files.writeString(
        folder.resolve("study.yaml"),
        """
        study: tiny
        seeds: [1]
        threads: 1
        data: %s
        model: %s
        pipeline:
          - %s
        measure: [sparsity]
        """
            .formatted(data, model, stage));
  }

  private static Given planned(Path folder, Path file, Path study) {
    String data = folder.toString();
    String out = out(folder).toString();
    return new Given(
        file,
        List.of("plan", study.toString(), "--data", data),
        List.of(List.of("run", study.toString(), "--data", data, "--out", out)));
  }

  private static Given ofCheckpoint(Path folder, String name) throws IOException {
    Path model = folder.resolve("model");
    CheckpointFiles.write(pruned(), model);
    CheckpointFiles.write(pruned(), folder.resolve("other"));
    String data = "{digits: {train: 100, test: 50}}";
    String out = out(folder).toString();
    Path study =
        study(folder, data, "{checkpoint: {path: '%s'}}".formatted(model), "{train: {epochs: 1}}");
    return new Given(model.resolve(name), List.of("inspect", model.toString()), List.of())
        .and("inspect", folder.resolve("other").toString(), model.toString())
        .and("inspect", model.toString(), "--values", "out")
        .and("plan", study.toString())
        .and("run", study.toString(), "--out", out)
        .and("quantize", model.toString(), "--set-data", data, "-o", out)
        .and("sensitivity", model.toString(), "--set-data", data, "--out", out);
  }

  private static Given ofStateDict(Path folder, Path file) throws IOException {
    String model = "{pretrained: {model: %s, file: '%s'}}".formatted(MODEL, file);
    Path study = study(folder, "{digits: {train: 100, test: 50}}", model, "{train: {epochs: 1}}");
    String out = out(folder).toString();
    return new Given(
            file,
            List.of(
                "inspect",
                file.toString(),
                "--model",
                MODEL,
                "--input",
                "1x28x28",
                "--classes",
                "10"),
            List.of())
        .and("plan", study.toString())
        .and("run", study.toString(), "--out", out);
  }

  private static Checkpoint pruned() {
    Checkpoint fresh = new Ffn(List.of(4), Initialisation.PYTORCH).open(TASK, 1);
    Mask odd = Mask.of(fresh.architecture().parameter("out.weight").form(), cell -> cell % 2 == 1);
    return fresh.withMasks(Map.of("out.weight", odd));
  }

  private static Path mnist(Path folder) throws IOException {
    return study(folder, "mnist", MODEL, "{train: {epochs: 1}}");
  }

  private static Path idx(Path folder) throws IOException {
    Path own = Files.createDirectories(folder.resolve("mnist"));
    for (String part : List.of("train", "t10k")) {
      ByteBuffer images = ByteBuffer.allocate(16 + 2 * 784);
      images.putInt(2051).putInt(2).putInt(28).putInt(28);
      Files.write(own.resolve(part + "-images-idx3-ubyte"), images.array());
      ByteBuffer labels = ByteBuffer.allocate(10).putInt(2049).putInt(2).put(new byte[] {1, 2});
      gzip(own.resolve(part + "-labels-idx1-ubyte.gz"), labels.array());
    }
    return own;
  }

  private static void gzip(Path file, byte[] bytes) throws IOException {
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(bytes);
    }
  }

  private static void zip(Path file, Map<String, byte[]> entries) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(each.getValue());
      }
    }
  }

  private static byte[] image() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", out);
    return out.toByteArray();
  }

  private static byte[] tokenizer() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(BadFilesTest.class.getResourceAsStream("/tokens/tokenizer.json"))) {
      return in.readAllBytes();
    }
  }

  private static String texts(Path folder, Path tokenizer) throws IOException {
    Path file =
        Files.writeString(folder.resolve("stories.txt"), "Once upon a time\n--\nthere was\n--\n a");
    return "{text: {file: '%s', separator: '--', tokenizer: '%s', length: 8}}"
        .formatted(file, tokenizer);
  }

  /** A folder as Hugging Face keeps it, whose tensors are right for its configuration. */
  private static String llama(Path folder) throws IOException {
    Path own = Files.createDirectories(folder.resolve("llama"));
    int ids = 512;
    Files.writeString(
        own.resolve("config.json"),
        """
        {"model_type": "llama", "hidden_act": "silu", "hidden_size": 4, "intermediate_size": 4,
         "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
         "vocab_size": %d, "max_position_embeddings": 16, "tie_word_embeddings": true}
        """
            .formatted(ids));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("model.embed_tokens.weight", zeros(ids, 4));
    String layer = "model.layers.0.";
    tensors.put(layer + "input_layernorm.weight", zeros(4));
    tensors.put(layer + "self_attn.q_proj.weight", zeros(4, 4));
    tensors.put(layer + "self_attn.k_proj.weight", zeros(2, 4));
    tensors.put(layer + "self_attn.v_proj.weight", zeros(2, 4));
    tensors.put(layer + "self_attn.o_proj.weight", zeros(4, 4));
    tensors.put(layer + "post_attention_layernorm.weight", zeros(4));
    tensors.put(layer + "mlp.gate_proj.weight", zeros(4, 4));
    tensors.put(layer + "mlp.up_proj.weight", zeros(4, 4));
    tensors.put(layer + "mlp.down_proj.weight", zeros(4, 4));
    tensors.put("model.norm.weight", zeros(4));
    if (!Files.exists(own.resolve("model.safetensors"))) {
      new Safetensors(tensors, Map.of("format", "pt")).write(own.resolve("model.safetensors"));
    }
    return "{llama: {folder: '%s'}}".formatted(own);
  }

  private static Tensor zeros(long... shape) {
    return Tensor.of(new Shape(shape), new float[(int) new Shape(shape).size()]);
  }

  private void damage(Kind kind, int cases) throws IOException {
    Given given = kind.given(folder);
    Damage.check(given.file(), cases, out(folder), given.first(), given.then());
  }

  /** Headers are read when planning; what is wrong behind them shows where a step reads it. */
  @Test
  @Tag("engine")
  void damageThatAStepMeetsEndsTheStep() throws IOException {
    Path study = mnist(folder);
    Path labels = idx(folder).resolve("train-labels-idx1-ubyte.gz");
    gzip(labels, ByteBuffer.allocate(10).putInt(2049).putInt(2).put(new byte[] {1, 77}).array());

    Cli.Result result =
        Cli.run(
            "run",
            study.toString(),
            "--data",
            folder.toString(),
            "--out",
            out(folder).toString(),
            "-q");

    assertThat(result.exitCode()).isEqualTo(Main.FAILED);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "secateur: default seed 1, round 0, train: %s, byte 9: the label is 77, 0 to 9 would be right"
                .formatted(labels));
  }

  /** What a command asks a process of its own to read is its user's file all the same. */
  @Test
  @Tag("engine")
  void damageThatAChildMeetsIsBadInput() throws IOException {
    Path model = folder.resolve("model");
    CheckpointFiles.write(pruned(), model);
    Path labels = idx(folder).resolve("t10k-labels-idx1-ubyte.gz");
    gzip(labels, ByteBuffer.allocate(10).putInt(2049).putInt(2).put(new byte[] {1, 77}).array());

    Cli.Result evaluated =
        Cli.run("evaluate", model.toString(), "--set-data", "mnist", "--data", folder.toString());

    assertThat(evaluated.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(evaluated.err())
        .isEqualToIgnoringNewLines(
            "secateur: %s, byte 9: the label is 77, 0 to 9 would be right".formatted(labels));

    Path file = model.resolve("model.safetensors");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
    Cli.Result exported =
        Cli.run("export", model.toString(), "--format", "torch", "-o", out(folder).toString());

    assertThat(exported.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(exported.err()).startsWith("secateur: " + file).hasLineCount(1);
    assertThat(out(folder)).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void someDamage(Kind kind) throws IOException {
    damage(kind, Damage.SAMPLE);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("stress")
  void muchDamage(Kind kind) throws IOException {
    damage(kind, Damage.WHOLE);
  }
}
