package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Tensor;
import io.secateur.spi.Task;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the built-in models share. */
final class Zoo {
  private Zoo() {}

  /** Refuses tasks whose inputs are not numbers, or whose outputs are not one row per example. */
  static void refuseTokens(String model, Task task) {
    refuseTokenPrediction(model, task);
    if (task.vocabulary() > 0) {
      throw new IllegalArgumentException(
          model
              + " takes numbers, the data set gives texts as ids of words; use a model for texts,"
              + " such as sst-ffn");
    }
  }

  static void refuseTokenPrediction(String model, Task task) {
    if (task instanceof Task.TokenPrediction) {
      throw new IllegalArgumentException(
          model
              + " takes numbers and gives one row per example, it cannot predict tokens; use it"
              + " with classification or regression data");
    }
  }

  /** Refuses tasks other than telling texts apart. */
  static void refuseNumbers(String model, Task task) {
    if (!(task instanceof Task.Classification) || task.vocabulary() == 0) {
      throw new IllegalArgumentException(
          model
              + " tells texts apart and takes ids of words; use it with data of texts, such as sst2,"
              + " or say how many words its vocabulary has");
    }
  }

  /** Returns the architecture, or says why the task does not fit. */
  static Architecture of(String model, Task task, List<Layer> layers) {
    try {
      return new Architecture(task.input(), layers);
    } catch (IllegalArgumentException fault) {
      throw new IllegalArgumentException(
          "%s does not fit examples of shape %s: %s"
              .formatted(model, task.input(), fault.getMessage()),
          fault);
    }
  }

  static Checkpoint fresh(Architecture architecture, Initialisation how, long seed) {
    Map<String, Tensor> parameters = new HashMap<>(architecture.initialise(how, seed));
    if (architecture.layers().get(0) instanceof Embedding embedding && embedding.padding() >= 0) {
      parameters.computeIfPresent(
          embedding.name() + ".weight", (name, table) -> padded(table, embedding));
    }
    return new Checkpoint(architecture, parameters);
  }

  /** As in torch.nn.Embedding, the row of the padding starts at 0; no gradient reaches it. */
  private static Tensor padded(Tensor table, Embedding embedding) {
    float[] numbers = table.toFloats();
    int first = embedding.padding() * embedding.width();
    Arrays.fill(numbers, first, first + embedding.width(), 0);
    return Tensor.of(table.shape(), numbers);
  }
}
