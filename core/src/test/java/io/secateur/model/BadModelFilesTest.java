package io.secateur.model;

import static io.secateur.Mutations.SAMPLE;
import static io.secateur.Mutations.WHOLE;

import ai.djl.ndarray.types.Shape;
import io.secateur.Mutations;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged files of models: tensors, or words that say where. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BadModelFilesTest {
  @TempDir Path folder;

  /** A format: a small valid file of it, and what reads it. */
  enum Format {
    SAFETENSORS {
      @Override
      Path write(Path folder) throws IOException {
        Path file = folder.resolve("a.safetensors");
        Map<String, Tensor> tensors =
            Map.of("w", Tensor.of(new Shape(2, 2), 1, 2, 3, 4), "b", Tensor.of(new Shape(2), 1, 2));
        new Safetensors(tensors, Map.of("format", "pt")).write(file);
        return file;
      }

      @Override
      void read(Path file) throws IOException {
        Safetensors.read(file).tensors().values().forEach(Tensor::bytes);
      }
    },
    TORCH {
      @Override
      Path write(Path folder) throws IOException {
        return TorchFiles.plain().write(folder.resolve("a.pth"));
      }

      @Override
      void read(Path file) throws IOException {
        TensorArchive.open(file).tensors().values().forEach(Tensor::toFloats);
      }
    },
    ARCHITECTURE {
      @Override
      Path write(Path folder) throws IOException {
        CheckpointFiles.write(pruned(), folder.resolve("model"));
        return folder.resolve("model").resolve(CheckpointFiles.ARCHITECTURE);
      }

      @Override
      void read(Path file) throws IOException {
        CheckpointFiles.read(Objects.requireNonNull(file.getParent()));
      }
    },
    MASKS {
      @Override
      Path write(Path folder) throws IOException {
        CheckpointFiles.write(pruned(), folder.resolve("model"));
        return folder.resolve("model").resolve(MaskFile.NAME);
      }

      @Override
      void read(Path file) throws IOException {
        CheckpointFiles.readMasks(file, pruned().architecture());
        CheckpointFiles.read(Objects.requireNonNull(file.getParent()));
      }
    },
    BITMASK {
      @Override
      Path write(Path folder) throws IOException {
        Path file = folder.resolve("sparse.safetensors");
        Encoding.BITMASK.write(pruned(), file);
        return file;
      }

      @Override
      void read(Path file) throws IOException {
        CheckpointFiles.read(file);
      }
    },
    INDEX {
      @Override
      Path write(Path folder) throws IOException {
        SAFETENSORS.write(folder);
        return Files.writeString(
            folder.resolve(ModelFolder.INDEX),
            "{\"weight_map\": {\"w\": \"a.safetensors\", \"b\": \"a.safetensors\"}}");
      }

      @Override
      void read(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.getParent());
        ModelFolder.read(folder);
        TensorArchive.open(folder);
      }
    };

    private static Checkpoint pruned() {
      Architecture architecture =
          new Architecture(
              new Shape(1, 8, 8),
              List.of(
                  new Conv2d("conv", 2, 3, 1, 0),
                  new Relu("relu"),
                  new Flatten("flat"),
                  new Linear("fc", 3)));
      Mask odd = Mask.of(architecture.parameter("fc.weight").form(), cell -> cell % 2 == 1);
      return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, 1))
          .withMasks(Map.of("fc.weight", odd));
    }

    abstract Path write(Path folder) throws IOException;

    abstract void read(Path file) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void someDamage(Format format) throws IOException {
    Mutations.check(format.name(), format.write(folder), SAMPLE, format::read);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("stress")
  void allDamage(Format format) throws IOException {
    Mutations.check(format.name(), format.write(folder), WHOLE, format::read);
  }
}
