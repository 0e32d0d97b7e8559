package io.secateur.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A way to write a model into one file, chosen for the size it gives. All are safetensors files
 * that carry the architecture in their header, so that each can be read back on its own. Zeros are
 * stored as +0.0 where they are not stored one by one.
 */
public enum Encoding {
  /** Every number, zero or not: 4 bytes each. */
  DENSE("dense"),
  /**
   * Coordinates: for every number that is not zero an int64 index per dimension and the float32
   * value; 20 bytes per matrix entry. So it is larger than {@link #DENSE} until four fifths of the
   * numbers are zero.
   */
  COO("coo"),
  /**
   * As PyTorch stores a model that is being pruned: {@code weight_orig} and {@code weight_mask},
   * both float32. Pruning doubles the file.
   */
  WEIGHTS_AND_MASKS("weights-and-masks"),
  /**
   * A bit per number, then the numbers that are not zero in order; a convolution flattened to
   * (filters, inputs × kernel cells). Vectors, which are biases, stay dense.
   */
  BITMASK("bitmask");

  private static final String ENCODING = "secateur.encoding";
  private static final String ARCHITECTURE = "secateur.architecture";

  private final String label;

  Encoding(String label) {
    this.label = label;
  }

  /** Turns parameters and masks into other tensors and back. */
  interface Codec {
    Map<String, Tensor> encode(Checkpoint checkpoint);

    Checkpoint decode(Architecture architecture, Parts parts);
  }

  private Codec codec() {
    return switch (this) {
      case DENSE -> new DenseCodec();
      case COO -> new CooCodec();
      case WEIGHTS_AND_MASKS -> new WeightsAndMasksCodec();
      case BITMASK -> new BitmaskCodec();
    };
  }

  /** Returns the name in metrics and files: {@code weights-and-masks}. */
  public String label() {
    return label;
  }

  /**
   * Writes parameters, and masks where the encoding has them, whole or not at all.
   *
   * @return the file's size in bytes
   */
  public long write(Checkpoint checkpoint, Path file) throws IOException {
    Map<String, String> metadata =
        Map.of("format", "pt", ENCODING, label, ARCHITECTURE, checkpoint.architecture().toJson());
    return new Safetensors(codec().encode(checkpoint), metadata).write(file);
  }

  /**
   * Reads back what {@link #write} wrote: the same numbers, and the masks if the encoding has them.
   *
   * @throws MalformedFileException when the file is damaged or is of another encoding
   */
  public Checkpoint read(Path file) throws IOException {
    Safetensors contents = Safetensors.read(file);
    String found = contents.metadata().getOrDefault(ENCODING, "no");
    if (!found.equals(label)) {
      throw new MalformedFileException(
          file, 8, "should be of the encoding %s, is of %s encoding".formatted(label, found));
    }
    return decode(file, contents);
  }

  /** Reads a file of any encoding. */
  static Checkpoint readAny(Path file) throws IOException {
    Safetensors contents = Safetensors.read(file);
    Optional<Encoding> encoding = named(contents.metadata().getOrDefault(ENCODING, ""));
    if (encoding.isEmpty()) {
      throw new IllegalArgumentException(
          file
              + " holds tensors, but does not say of which architecture; name a model to read it as"
              + " that model's state dict");
    }
    return encoding.get().decode(file, contents);
  }

  private Checkpoint decode(Path file, Safetensors contents) throws IOException {
    try {
      String json = contents.metadata().getOrDefault(ARCHITECTURE, "");
      Parts parts = new Parts(contents.tensors());
      Checkpoint checkpoint = codec().decode(Architecture.fromJson(json), parts);
      parts.done();
      return checkpoint;
    } catch (IllegalArgumentException | ArithmeticException fault) {
      throw new MalformedFileException(file, String.valueOf(fault.getMessage()), fault);
    }
  }

  private static Optional<Encoding> named(String label) {
    return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
  }
}
