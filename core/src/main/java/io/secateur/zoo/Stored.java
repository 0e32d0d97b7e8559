package io.secateur.zoo;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A checkpoint as a model: its architecture, parameters, masks and attachments. What a training had
 * under way is left behind.
 *
 * @param path a checkpoint's folder, or one file that holds its architecture too; a relative path
 *     starts where the command is typed; required
 */
public record Stored(String path) implements ModelSource {
  /** The path is required where it is used. */
  public Stored() {
    this("");
  }

  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  public String description() {
    return """
        A checkpoint as Secateur writes it, with its own architecture and masks: {checkpoint: {path:
        DIR}}, a folder, or one safetensors file that says of which architecture it is. A state dict
        of another program is 'pretrained'. Every seed starts from the same parameters.\
        """;
  }

  @Override
  public Architecture architecture(Task task) {
    Architecture architecture = read().architecture();
    if (!architecture.input().equals(task.input())) {
      throw new IllegalArgumentException(
          "%s takes inputs %s, but the data has %s"
              .formatted(path, architecture.input(), task.input()));
    }
    List<Architecture.Place> places = architecture.places();
    Shape output = places.get(places.size() - 1).output();
    if (output.size() % task.outputs() != 0) {
      throw new IllegalArgumentException(
          "%s gives %s for an example, but the data asks for %d numbers"
              .formatted(path, output, task.outputs()));
    }
    return architecture;
  }

  @Override
  public String fingerprint() throws IOException {
    if (path.isEmpty()) {
      return "";
    }
    MessageDigest digest = sha256();
    Path root = place();
    for (Path file : Files.isDirectory(root) ? files(root) : List.of(root)) {
      digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    architecture(task);
    Checkpoint read = read();
    return new Checkpoint(
        read.architecture(),
        read.parameters(),
        read.masks(),
        Optional.empty(),
        read.attachments(),
        read.quantization());
  }

  private Checkpoint read() {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("checkpoint needs a path, as in checkpoint: {path: DIR}");
    }
    Path place = place();
    if (!Files.exists(place)) {
      throw new IllegalArgumentException("there is no checkpoint " + place.toAbsolutePath());
    }
    try {
      return CheckpointFiles.read(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Returns all files but those of a training, in an order of their own. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !folder.equals(file.getParent()) || !name(file).startsWith("training."))
          .sorted()
          .toList();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private Path place() {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + path + "' cannot be a file's name", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
