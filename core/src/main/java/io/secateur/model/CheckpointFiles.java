package io.secateur.model;

import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Checkpoints as folders: {@code model.safetensors}, a state dict in PyTorch's names and layouts
 * (of a quantized model int8 and int32 integers, and {@code <name>.scale}); {@code
 * architecture.json}; and where there are any, {@code masks.safetensors} (a bit per cell, cell 0 in
 * the lowest bit of byte 0), {@code training.json} with {@code training.safetensors}, and {@code
 * attachments/}.
 */
public final class CheckpointFiles {
  static final String MODEL = "model.safetensors";
  static final String ARCHITECTURE = "architecture.json";
  private static final String ATTACHMENTS = "attachments";

  private CheckpointFiles() {}

  /**
   * Reads a checkpoint: a folder that {@link #write} made, or a file that an {@link Encoding} made.
   * Large tensors are mapped, not copied: the files must not be written to while they are in use.
   *
   * @throws MalformedFileException when a file is damaged; names it and the byte
   */
  public static Checkpoint read(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      if (TorchFile.is(path)) {
        throw new IllegalArgumentException(
            path
                + " is a file of torch.save, which does not say of which architecture it is; name a"
                + " model to read it as that model's state dict");
      }
      return Encoding.readAny(path);
    }
    Path description = path.resolve(ARCHITECTURE);
    if (!Files.isRegularFile(description)) {
      throw new NoSuchFileException(
          path.toString(),
          null,
          "no checkpoint is here: that is a folder with %s and %s, or one safetensors file"
              .formatted(ARCHITECTURE, MODEL));
    }
    Architecture architecture = architecture(description);
    try {
      Safetensors contents = Safetensors.read(path.resolve(MODEL));
      Checkpoint numbers =
          contents.metadata().containsKey(Encoding.QUANTIZATION)
              ? Encoding.INT8.decode(path.resolve(MODEL), architecture, contents)
              : new Checkpoint(architecture, contents.tensors());
      return new Checkpoint(
          architecture,
          numbers.parameters(),
          MaskFile.read(path, architecture),
          TrainingFiles.read(path),
          attachments(path.resolve(ATTACHMENTS)),
          numbers.quantization());
    } catch (IllegalArgumentException fault) {
      throw new MalformedFileException(path, String.valueOf(fault.getMessage()), fault);
    }
  }

  private static Architecture architecture(Path file) throws IOException {
    try {
      return Architecture.fromJson(Files.readString(file));
    } catch (CharacterCodingException fault) {
      throw new MalformedFileException(file, "this is no text in UTF-8", fault);
    } catch (IllegalArgumentException fault) {
      throw new MalformedFileException(file, String.valueOf(fault.getMessage()), fault);
    }
  }

  /**
   * Reads a PyTorch state dict, in safetensors form or as {@code torch.save} wrote it, into a given
   * architecture; other types become float32. {@code num_batches_tracked}, a count that PyTorch
   * keeps beside running statistics and that nothing here uses, is passed over.
   *
   * @throws IllegalArgumentException when names or shapes differ: all differences at once
   */
  public static Checkpoint readStateDict(Path file, Architecture architecture) throws IOException {
    return readStateDict(file, "", architecture);
  }

  /**
   * Reads a state dict that may lie within others, as training scripts save it.
   *
   * @param within of a file of {@code torch.save}, the dict that is meant: {@code state_dict};
   *     nothing for the outermost
   */
  public static Checkpoint readStateDict(Path file, String within, Architecture architecture)
      throws IOException {
    if (TorchFile.is(file)) {
      return ofStateDict(file, TorchFile.open(file, within).tensors(), architecture);
    }
    if (!within.isEmpty()) {
      throw new MalformedFileException(
          file, "only a file of torch.save has a '%s' within".formatted(within));
    }
    return ofStateDict(file, Safetensors.read(file).tensors(), architecture);
  }

  /**
   * Returns the checkpoint of tensors that were read from somewhere; as {@link #readStateDict}.
   *
   * @param from where they come from, for messages
   */
  public static Checkpoint ofStateDict(
      Path from, Map<String, Tensor> tensors, Architecture architecture) {
    return new Checkpoint(architecture, StateDict.fit(from, tensors, architecture));
  }

  /**
   * Reads the masks that a checkpoint's folder holds, a file that keeps masks (weights-and-masks),
   * or a file of masks alone as such a folder has it.
   *
   * @param architecture whose parameters they must fit
   * @throws IllegalArgumentException when there are none, or names or shapes differ from those of
   *     the architecture: all differences at once
   */
  public static Map<String, Mask> readMasks(Path path, Architecture architecture)
      throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(
          path.toString(), null, "there is no checkpoint and no file of masks");
    }
    if (Files.isRegularFile(path) && !TorchFile.is(path) && MaskFile.is(path)) {
      return MaskFile.fitting(path.toString(), MaskFile.alone(path, architecture), architecture);
    }
    return MaskFile.fitting(path.toString(), read(path).masks(), architecture);
  }

  /**
   * Returns masks that were read from somewhere, as {@link #readMasks}.
   *
   * @param from where they come from, for messages
   */
  public static Map<String, Mask> fitting(
      String from, Map<String, Mask> masks, Architecture architecture) {
    return MaskFile.fitting(from, masks, architecture);
  }

  /**
   * Writes a checkpoint, whole or not at all.
   *
   * @throws FileAlreadyExistsException when there is something at that path already
   */
  public static void write(Checkpoint checkpoint, Path folder) throws IOException {
    if (Files.exists(folder)) {
      throw new FileAlreadyExistsException(
          folder.toString(), null, "a checkpoint is written to a new folder; delete this first");
    }
    Path absolute = folder.toAbsolutePath().normalize();
    Path temporary = absolute.resolveSibling(absolute.getFileName() + ".tmp-" + UUID.randomUUID());
    Files.createDirectories(temporary);
    try {
      stateDict(checkpoint).write(temporary.resolve(MODEL));
      MaskFile.write(checkpoint.masks(), temporary);
      Optional<TrainingState> training = checkpoint.training();
      if (training.isPresent()) {
        TrainingFiles.write(training.get(), temporary);
      }
      writeAttachments(checkpoint.attachments(), temporary.resolve(ATTACHMENTS));
      WholeFiles.write(
          temporary.resolve(ARCHITECTURE),
          checkpoint.architecture().toJson().getBytes(StandardCharsets.UTF_8));
      Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      WholeFiles.delete(temporary);
    }
  }

  /** Float32 numbers under PyTorch's names; of a quantized model its integers and scales. */
  private static Safetensors stateDict(Checkpoint checkpoint) {
    return checkpoint
        .quantization()
        .map(
            own ->
                new Safetensors(
                    new Int8Codec(false).encode(checkpoint),
                    Map.of("format", "pt", Encoding.QUANTIZATION, own.toJson())))
        .orElseGet(() -> new Safetensors(checkpoint.parameters(), Map.of("format", "pt")));
  }

  private static void writeAttachments(Map<String, byte[]> attachments, Path folder)
      throws IOException {
    if (!attachments.isEmpty()) {
      Files.createDirectory(folder);
    }
    for (Map.Entry<String, byte[]> each : attachments.entrySet()) {
      WholeFiles.write(folder.resolve(each.getKey()), each.getValue());
    }
  }

  private static Map<String, byte[]> attachments(Path folder) throws IOException {
    Map<String, byte[]> attachments = new LinkedHashMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          attachments.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
      }
    }
    return attachments;
  }
}
