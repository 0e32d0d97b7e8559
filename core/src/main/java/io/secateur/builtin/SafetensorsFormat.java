package io.secateur.builtin;

import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.spi.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checkpoints as Secateur keeps them: a folder of safetensors and JSON, see CheckpointFiles. */
public record SafetensorsFormat() implements Format {
  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public String description() {
    return """
        A folder with model.safetensors, a state dict in PyTorch's names and layouts, and
        architecture.json; masks, training state and attachments beside them where there are any.
        Reads such folders, and the single files that disk-size measures.\
        """;
  }

  @Override
  public boolean reads(Path path) {
    return Files.isDirectory(path)
        ? Files.isRegularFile(path.resolve("architecture.json"))
        : path.toString().endsWith(".safetensors");
  }

  @Override
  public Checkpoint read(Path path) throws IOException {
    return CheckpointFiles.read(path);
  }

  @Override
  public void write(Checkpoint checkpoint, Path path) throws IOException {
    CheckpointFiles.write(checkpoint, path);
  }

  @Override
  public List<String> omits(Checkpoint checkpoint) {
    return List.of();
  }
}
