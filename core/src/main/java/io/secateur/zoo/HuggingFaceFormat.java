package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.MalformedFileException;
import io.secateur.model.ModelFolder;
import io.secateur.spi.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Llamas in the folders that Hugging Face keeps them in. A model goes back into the layout that it
 * came from: the same files, names, shapes and types of numbers; what the network does not use is
 * carried through.
 */
public record HuggingFaceFormat() implements Format {
  private static final String CONFIG = "config.json";

  @Override
  public String name() {
    return "hugging-face";
  }

  @Override
  public String description() {
    return """
        A Llama's folder as Hugging Face keeps it: config.json, model.safetensors or several such
        files with their index, tokenizer.json. Written is the layout that the model came from, file
        by file, name by name, with the same shapes and types of numbers; tensors that the network
        does not use, texts about them and small files are carried through. A model that was made
        smaller no longer fits its config.json and is refused.\
        """;
  }

  @Override
  public boolean reads(Path path) {
    if (!Files.isRegularFile(path.resolve(CONFIG))) {
      return false;
    }
    try (Stream<Path> inside = Files.list(path)) {
      return inside.anyMatch(file -> file.toString().endsWith(".safetensors"));
    } catch (IOException unreadable) {
      return false;
    }
  }

  @Override
  public Checkpoint read(Path path) throws IOException {
    ModelFolder folder = ModelFolder.read(path);
    byte[] config = folder.beside().get(CONFIG);
    if (config == null) {
      throw new MalformedFileException(path.toString(), "there is no " + CONFIG);
    }
    LlamaConfig read = LlamaConfig.read(config, path.resolve(CONFIG).toString());
    Architecture architecture = architecture(read, path.resolve(CONFIG));
    return FolderLayout.open(path, folder, architecture);
  }

  private static Architecture architecture(LlamaConfig config, Path file) throws IOException {
    try {
      return Llama.architecture(config, config.positions());
    } catch (IllegalArgumentException fault) {
      throw new MalformedFileException(file.toString(), String.valueOf(fault.getMessage()), fault);
    }
  }

  @Override
  public void write(Checkpoint checkpoint, Path path) throws IOException {
    FolderLayout.folder(checkpoint).write(path);
  }

  @Override
  public List<String> omits(Checkpoint checkpoint) {
    return Format.besides(FolderLayout.withoutLayout(checkpoint), true);
  }
}
