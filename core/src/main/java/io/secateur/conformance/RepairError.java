package io.secateur.conformance;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.prune.Pruner;
import io.secateur.prune.Pruning;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The case that repaired weights are judged on: a linear layer of 12 inputs that are related to one
 * another, half of which is pruned. Compared is the sum of the squared differences of its outputs
 * on the examples of calibration.
 */
final class RepairError {
  private static final String WEIGHT = "layer.weight";
  private static final int INPUTS = 12;
  private static final int OUTPUTS = 6;

  /** For the order of additions. */
  private static final double ROUNDING = 1e-6;

  private final ReconstructingMethod method;

  RepairError(ReconstructingMethod method) {
    this.method = method;
  }

  void check(Findings findings) throws IOException {
    Task task = new Task.Regression(new Shape(INPUTS), OUTPUTS);
    Architecture architecture =
        new Architecture(task.input(), List.of(new Linear("layer", OUTPUTS, false)));
    Checkpoint model =
        new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, 3));
    Trial trial = new Trial("a linear layer of 12 x 6", task, model);
    for (Scope scope : List.of(new Scope.Layer(), new Scope.Row(), new Scope.Tile(4))) {
      Pattern pattern = new Pattern(new Granularity.Element(), scope);
      Map<String, Amount> amounts = Map.of(WEIGHT, new Amount.OfAll(0.5));
      Pruning pruning = new Pruning(method, pattern, amounts);
      if (!pruning.faults(architecture).isEmpty()) {
        continue;
      }
      Checkpoint repaired;
      try {
        repaired =
            Pruner.prune(model, pruning, new TrialContext(trial, Trial.EXAMPLES)).checkpoint();
      } catch (RuntimeException e) {
        // Told by the rule about patterns.
        continue;
      }
      Checkpoint pruned =
          Pruner.prune(
                  model,
                  pattern,
                  amounts,
                  Map.of(WEIGHT, Trial.magnitudes(model.parameter(WEIGHT))))
              .checkpoint();
      double error = error(trial, repaired);
      double magnitude = error(trial, pruned);
      if (!(error <= magnitude * (1 + ROUNDING))) {
        findings.violation(
            "%s, scope %s, half pruned".formatted(trial.name(), scope),
            "the outputs' squared error is %.4f, by magnitude %.4f".formatted(error, magnitude),
            "a repair errs no more than leaving weights as they are");
      }
    }
  }

  private static double error(Trial trial, Checkpoint pruned) {
    float[] before = trial.model().parameter(WEIGHT).toFloats();
    float[] after = pruned.parameter(WEIGHT).toFloats();
    float[] inputs;
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      int size = trial.examples(Split.TRAIN).size();
      int[] all = IntStream.range(0, size).toArray();
      inputs = trial.examples(Split.TRAIN).batch(all, manager).inputs().toFloatArray();
    }
    double sum = 0;
    for (int example = 0; example < inputs.length / INPUTS; example++) {
      for (int output = 0; output < OUTPUTS; output++) {
        double difference = 0;
        for (int input = 0; input < INPUTS; input++) {
          int cell = output * INPUTS + input;
          difference += ((double) after[cell] - before[cell]) * inputs[example * INPUTS + input];
        }
        sum += difference * difference;
      }
    }
    return sum;
  }
}
