package io.secateur.model;

import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors in a file or folder, of no matter which model, that can be written again with some
 * numbers set to 0 and every other bit as it was. Tensors are mapped, not copied: what is open must
 * not be written to.
 */
public interface TensorArchive {
  /** Says which cells of a tensor stay. */
  interface Masks {
    /** Returns the mask of a tensor; nothing to leave it as it is. Asked once, in order. */
    Optional<Mask> of(String tensor);
  }

  /** Returns the tensors in the order of the archive. */
  Map<String, Tensor> tensors();

  /** Returns the tensors that nothing can be done to but to carry them through, each with why. */
  Map<String, String> sealed();

  /**
   * Returns, of tensors that have numbers in common with others before them, which these are: what
   * becomes 0 there is 0 here.
   */
  default Map<String, List<String>> shared() {
    return Map.of();
  }

  /**
   * Writes all of it to another place, whole or not at all, with +0.0 wherever a mask keeps
   * nothing.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is something at that path already
   */
  void write(Path to, Masks masks) throws IOException;

  /**
   * Opens a safetensors file, a folder as Hugging Face keeps it, or a file of {@code torch.save} or
   * TorchScript.
   *
   * @throws MalformedFileException when it is none of them, or damaged
   */
  static TensorArchive open(Path path) throws IOException {
    return open(path, "");
  }

  /**
   * Opens one of them.
   *
   * @param within of a file of {@code torch.save} that holds several dicts, the one that is meant:
   *     {@code state_dict}; nothing for the outermost
   */
  static TensorArchive open(Path path, String within) throws IOException {
    if (Files.isRegularFile(path) && TorchFile.is(path)) {
      return TorchArchive.open(path, within);
    }
    if (!within.isEmpty()) {
      throw new MalformedFileException(
          path, "only a file of torch.save has a '%s' within".formatted(within));
    }
    if (Files.isDirectory(path)) {
      return FolderArchive.open(path);
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return SafetensorsArchive.open(path);
  }
}
