package io.secateur.conformance;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Dropout;
import io.secateur.model.Embedding;
import io.secateur.model.Flatten;
import io.secateur.model.Grid;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.LayerNorm;
import io.secateur.model.Linear;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.Tensor;
import io.secateur.prune.Pruner;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A small model with made-up examples that plugins are tried on.
 *
 * @param name what messages call it
 * @param model with its first parameters, nothing pruned
 */
record Trial(String name, Task task, Checkpoint model) {
  static final int EXAMPLES = 130;
  private static final int VOCABULARY = 11;
  private static final int POSITIONS = 6;

  /** Returns one of each: numbers, images, texts to tell apart, texts to continue. */
  static List<Trial> all() {
    return List.of(numbers(), images(), texts(), tokens());
  }

  /** Linear layers for a regression. */
  static Trial numbers() {
    return of(
        "linear layers",
        new Task.Regression(new Shape(8), 2),
        new Linear("first", 6),
        new Relu("relu"),
        new Residual("block", List.of(new Linear("inner", 6)), List.of()),
        new Linear("last", 2));
  }

  /** Convolutions with batch norms, and a residual block. */
  static Trial images() {
    return of(
        "convolutions",
        new Task.Classification(new Shape(1, 8, 8), 3),
        new Conv2d("first", 4, 3, 2, 1),
        new BatchNorm("norm"),
        new Relu("relu"),
        new Residual(
            "block",
            List.of(new Conv2d("inner", 4, 3, 1, 1), new BatchNorm("inner-norm")),
            List.of()),
        new Relu("relu2"),
        new Conv2d("second", 8, 3, 2, 1),
        new BatchNorm("norm2"),
        new Relu("relu3"),
        new Flatten("flatten"),
        new Dropout("dropout", 0.1),
        new Linear("last", 3));
  }

  private static Trial texts() {
    return of(
        "a classifier of texts",
        new Task.Classification(new Shape(POSITIONS), 3, VOCABULARY),
        new Embedding("table", VOCABULARY, 8, 0),
        new LayerNorm("norm"),
        new Linear("inner", 8),
        new MeanOverPositions("mean"),
        new Linear("last", 3));
  }

  private static Trial tokens() {
    return of(
        "a model of tokens",
        new Task.TokenPrediction(new Shape(POSITIONS), VOCABULARY),
        new Embedding("table", VOCABULARY, 8),
        new Linear("inner", 8),
        new Relu("relu"),
        new Linear("last", VOCABULARY));
  }

  private static Trial of(String name, Task task, Layer... layers) {
    Architecture architecture = new Architecture(task.input(), List.of(layers));
    return new Trial(
        name,
        task,
        new Checkpoint(
            architecture,
            architecture.initialise(Initialisation.PYTORCH, 1),
            Map.of(),
            Optional.empty(),
            Map.of("words.txt", "some words".getBytes(StandardCharsets.UTF_8))));
  }

  /** Returns as many as make several batches of a training. */
  Examples examples(Split split) {
    return examples(split, EXAMPLES);
  }

  Examples examples(Split split, int size) {
    return new TrialExamples(task, size, split.name().hashCode());
  }

  /** Returns the model with half of every weight pruned, by magnitude. */
  Checkpoint half() {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    Map<String, Scores> scores = new LinkedHashMap<>();
    for (ParameterSpec spec : model.architecture().prunable()) {
      amounts.put(spec.name(), new Amount.OfAll(0.5));
      scores.put(spec.name(), magnitudes(model.parameter(spec.name())));
    }
    Pattern pattern = new Pattern(new Granularity.Element(), new Scope.Layer());
    return Pruner.prune(model, pattern, amounts, scores).checkpoint();
  }

  /** Returns the magnitudes of a tensor. */
  static Scores magnitudes(Tensor tensor) {
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    return Scores.of(values);
  }

  /** Returns the half-pruned model with its weights rounded to 8-bit integers. */
  Checkpoint quantized() {
    Checkpoint half = half();
    Map<String, Grid> grids = new LinkedHashMap<>();
    Map<String, Tensor> parameters = new LinkedHashMap<>(half.parameters());
    for (ParameterSpec spec : half.architecture().prunable()) {
      float largest = 0;
      for (float value : half.parameter(spec.name()).toFloats()) {
        largest = Math.max(largest, Math.abs(value));
      }
      Grid grid = new Grid(Tensor.of(new Shape(1), largest / Byte.MAX_VALUE), Byte.MAX_VALUE);
      grids.put(spec.name(), grid);
      parameters.put(spec.name(), grid.rounded(half.parameter(spec.name())));
    }
    return half.withParameters(parameters)
        .withQuantization(Optional.of(new Quantization(grids, Map.of(), Set.of())));
  }

  /** Returns a copy of a checkpoint that nobody else can write to. */
  static Checkpoint copy(Checkpoint checkpoint) {
    Map<String, byte[]> attachments = new LinkedHashMap<>();
    checkpoint.attachments().forEach((name, bytes) -> attachments.put(name, bytes.clone()));
    return new Checkpoint(
        checkpoint.architecture(),
        checkpoint.parameters(),
        checkpoint.masks(),
        checkpoint.training(),
        attachments,
        checkpoint.quantization());
  }
}
