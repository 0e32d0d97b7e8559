package io.secateur.spi;

import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file format that checkpoints are written to and read from. */
public interface Format extends Plugin {
  /** Returns whether a path looks like this format: by name, or by its first bytes. */
  boolean reads(Path path);

  /**
   * Reads a checkpoint. Malformed files are refused with the offset.
   *
   * @throws UnsupportedOperationException when the format is for others to read: what it writes
   *     does not hold all of a checkpoint, and {@link #reads} says no to it
   */
  Checkpoint read(Path path) throws IOException;

  /** Writes a checkpoint, whole or not at all. */
  void write(Checkpoint checkpoint, Path path) throws IOException;

  /**
   * Returns what a checkpoint has and what this format writes of it has not, a line each; unless a
   * format says otherwise masks, the state of a training, and attachments.
   */
  default List<String> omits(Checkpoint checkpoint) {
    return besides(checkpoint, false);
  }

  /**
   * Returns a line for each thing that a checkpoint has besides the numbers of its parameters.
   *
   * @param integers whether that they are integers is one of these things
   */
  static List<String> besides(Checkpoint checkpoint, boolean integers) {
    List<String> besides = new ArrayList<>();
    int masks = checkpoint.masks().size();
    if (masks > 0) {
      besides.add(
          masks == 1
              ? "the mask of one weight: what it holds at 0 is 0 in the numbers"
              : "the masks of %d weights: what they hold at 0 is 0 in the numbers"
                  .formatted(masks));
    }
    checkpoint
        .training()
        .ifPresent(state -> besides.add("the state of the training at step " + state.step()));
    if (!checkpoint.attachments().isEmpty()) {
      besides.add("attachments: " + String.join(", ", checkpoint.attachments().keySet()));
    }
    if (integers && checkpoint.quantization().isPresent()) {
      besides.add(
          "that it is quantized: the numbers are the float32 ones that its integers stand for, and"
              + " nothing rounds activations");
    }
    return besides;
  }
}
