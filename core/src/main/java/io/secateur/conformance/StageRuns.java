package io.secateur.conformance;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a stage twice on every small model with which it finds no fault, half-pruned ones and, where
 * it takes them, quantized ones.
 */
final class StageRuns {
  private final Stage stage;
  private final List<String> refusals = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();

  /**
   * What two runs on one model gave.
   *
   * @param input as it was before
   * @param touched whether it is another one now
   * @param outputs both, or none when one of them failed
   * @param left how many arrays outlived the first
   */
  record Run(
      Trial trial,
      Checkpoint input,
      boolean touched,
      List<Checkpoint> outputs,
      int left,
      Optional<String> failure) {
    String where() {
      return trial.name()
          + (input.quantization().isPresent()
              ? ", quantized"
              : input.masks().isEmpty() ? ", dense" : ", half pruned");
    }
  }

  StageRuns(Stage stage) {
    this.stage = stage;
  }

  Stage.Context context(Trial trial) {
    return new TrialContext(trial, Trial.EXAMPLES, stage.recalls(), stage.opensFresh());
  }

  /** Returns why no model was found to run it on, a line for each. */
  List<String> refusals() {
    all();
    return refusals;
  }

  /** Returns all runs, those that failed among them. */
  List<Run> all() {
    if (runs.isEmpty() && refusals.isEmpty()) {
      for (Trial trial : Trial.all()) {
        List<String> faults = stage.faults(trial.model().architecture(), trial.task());
        if (faults.isEmpty()) {
          if (stage.refusal(false).isEmpty()) {
            if (runs.isEmpty()) {
              runs.add(run(trial, trial.model()));
            }
            runs.add(run(trial, trial.half()));
          }
          if (stage.refusal(true).isEmpty()) {
            runs.add(run(trial, trial.quantized()));
          }
        } else {
          refusals.add(trial.name() + ": " + String.join("; ", faults));
        }
      }
    }
    return runs;
  }

  /** Returns the runs that came to an end. */
  List<Run> ended() {
    return all().stream().filter(run -> run.failure.isEmpty()).toList();
  }

  private Run run(Trial trial, Checkpoint input) {
    Checkpoint before = Trial.copy(input);
    List<Checkpoint> outputs = new ArrayList<>();
    Optional<String> failure = Optional.empty();
    int left = 0;
    try {
      try (Made made = new Made()) {
        outputs.add(stage.run(Trial.copy(before), context(trial)));
        left = made.open().orElse(0);
      }
      // What the first run wrote to must not reach this one.
      outputs.add(stage.run(input, context(trial)));
      if (outputs.contains(null)) {
        failure = Optional.of("gave null");
      }
    } catch (IOException | RuntimeException | LinkageError | AssertionError e) {
      failure = Optional.of("threw " + Rule.reason(e));
    }
    return new Run(trial, before, !input.equals(before), outputs, left, failure);
  }
}
