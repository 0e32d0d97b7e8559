package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Another model with parameters that someone has trained: a state dict in a safetensors file, or in
 * one of torch.save, whose names and shapes are the model's. Other types become float32.
 *
 * @param model whose architecture it is; required
 * @param file the state dict; a relative path starts where the command is typed
 * @param within of a file of torch.save that holds more than the state dict, where that is: {@code
 *     state_dict}
 */
public record Pretrained(Optional<ModelSource> model, String file, String within)
    implements ModelSource {
  /** Model and file are required where it is used. */
  public Pretrained() {
    this(Optional.empty(), "");
  }

  /** The outermost dict of the file. */
  public Pretrained(Optional<ModelSource> model, String file) {
    this(model, file, "");
  }

  @Override
  public String name() {
    return "pretrained";
  }

  @Override
  public String description() {
    return """
        Another model with parameters from a safetensors file, such as PyTorch's
        safetensors.torch.save_file(model.state_dict(), "net.safetensors") writes:
        {pretrained: {model: lenet-300-100, file: net.safetensors}}. Names and shapes must be the
        model's; num_batches_tracked is passed over. Files of torch.save are read too, without
        Python: {model: resnet-20, file: resnet20.th, within: state_dict}. A model of your own is listed:
        {model: {layers: [...]}, file: ...}. Every seed starts from the same parameters.\
        """;
  }

  /** Also looks into the file, so that one that does not fit is refused before anything runs. */
  @Override
  public Architecture architecture(Task task) {
    return read(task).architecture();
  }

  @Override
  public String fingerprint() throws IOException {
    if (file.isEmpty()) {
      return "";
    }
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(path()), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public Checkpoint open(Task task, long seed) {
    return read(task);
  }

  private Checkpoint read(Task task) {
    if (model.isEmpty() || file.isEmpty()) {
      throw new IllegalArgumentException(
          "pretrained needs a model and a file, as in pretrained: {model: lenet-300-100, file:"
              + " net.safetensors}");
    }
    Path path = path();
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException("there is no file " + path.toAbsolutePath());
    }
    try {
      return CheckpointFiles.readStateDict(path, within, model.get().architecture(task));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private Path path() {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + file + "' cannot be a file's name", e);
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
