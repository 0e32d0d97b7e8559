package io.secateur.zoo;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.spi.Task;
import java.util.List;

/** What the built-in models share. */
final class Zoo {
  private Zoo() {}

  /** Refuses tasks whose inputs are not numbers, or whose outputs are not one row per example. */
  static void refuseTokens(String model, Task task) {
    if (task instanceof Task.TokenPrediction) {
      throw new IllegalArgumentException(
          model
              + " takes numbers and gives one row per example, it cannot predict tokens; use it"
              + " with classification or regression data");
    }
    if (task.vocabulary() > 0) {
      throw new IllegalArgumentException(
          model
              + " takes numbers, the data set gives texts as ids of words; use a model for texts,"
              + " such as sst-ffn");
    }
  }

  /** Refuses tasks other than telling texts apart. */
  static void refuseNumbers(String model, Task task) {
    if (!(task instanceof Task.Classification) || task.vocabulary() == 0) {
      throw new IllegalArgumentException(
          model
              + " tells texts apart by the ids of their words, the data set gives none; use it with"
              + " a data set of texts, such as sst2");
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
    return new Checkpoint(architecture, architecture.initialise(how, seed));
  }
}
