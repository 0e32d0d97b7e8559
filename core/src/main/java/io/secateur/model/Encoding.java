package io.secateur.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
  BITMASK("bitmask"),
  /**
   * Of a quantized model: int8 integers and the scales of their rows, biases int32, other numbers
   * float32.
   */
  INT8("int8"),
  /** The same, a weight being a bit per integer, then the integers that are not zero in order. */
  INT8_BITMASK("int8-bitmask");

  private static final String ENCODING = "secateur.encoding";
  static final String QUANTIZATION = "secateur.quantization";
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
      case INT8 -> new Int8Codec(false);
      case INT8_BITMASK -> new Int8Codec(true);
    };
  }

  /** Returns the name in metrics and files: {@code weights-and-masks}. */
  public String label() {
    return label;
  }

  /** Returns whether a file holds the integers of a quantized model; others hold float32. */
  public boolean ofIntegers() {
    return this == INT8 || this == INT8_BITMASK;
  }

  /** Returns whether a model can be written so: integers only where it is quantized. */
  public boolean suits(Checkpoint checkpoint) {
    return !ofIntegers() || checkpoint.quantization().isPresent();
  }

  /**
   * Writes parameters, and masks where the encoding has them, whole or not at all.
   *
   * @return the file's size in bytes
   * @throws IllegalArgumentException when the model does not suit
   */
  public long write(Checkpoint checkpoint, Path file) throws IOException {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", "pt");
    metadata.put(ENCODING, label);
    metadata.put(ARCHITECTURE, checkpoint.architecture().toJson());
    if (ofIntegers()) {
      checkpoint.quantization().ifPresent(own -> metadata.put(QUANTIZATION, own.toJson()));
    }
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
      return decode(file, Architecture.fromJson(json), contents);
    } catch (IllegalArgumentException | ArithmeticException fault) {
      throw new MalformedFileException(file, String.valueOf(fault.getMessage()), fault);
    }
  }

  /** Returns what tensors hold of a known architecture. */
  Checkpoint decode(Path file, Architecture architecture, Safetensors contents) throws IOException {
    try {
      Parts parts = new Parts(contents.tensors(), contents.metadata());
      Checkpoint checkpoint = codec().decode(architecture, parts);
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
