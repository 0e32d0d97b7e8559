package io.secateur.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.prune.RandomNetworks;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Random networks with random masks, examples for them, and what they compute. */
final class Networks {
  private Networks() {}

  /** Every third network is one of texts. */
  static Checkpoint model(long seed) {
    Architecture drawn =
        seed % 3 == 0 ? RandomNetworks.texts(seed) : RandomNetworks.architecture(seed);
    return RandomNetworks.model(drawn, seed);
  }

  /** Masks a random part of everything that gradients train. */
  static Checkpoint masked(Checkpoint model, long seed) {
    Random random = new Random(seed);
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ParameterSpec spec : model.architecture().parameters()) {
      if (spec.trainable() && random.nextInt(3) > 0) {
        double share = random.nextDouble();
        long columns = spec.form().columns();
        boolean rows = random.nextBoolean();
        boolean[] gone = new boolean[(int) spec.form().rows()];
        for (int row = 0; row < gone.length; row++) {
          gone[row] = random.nextDouble() < share;
        }
        masks.put(
            spec.name(),
            Mask.of(
                spec.form(),
                cell -> rows ? !gone[(int) (cell / columns)] : random.nextDouble() >= share));
      }
    }
    return masked(model, masks);
  }

  static Checkpoint masked(Checkpoint model, Map<String, Mask> masks) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
    masks.forEach(
        (name, mask) ->
            parameters.computeIfPresent(
                name,
                (n, tensor) -> {
                  float[] cells = tensor.toFloats();
                  for (int i = 0; i < cells.length; i++) {
                    cells[i] = mask.keeps(i) ? cells[i] : 0;
                  }
                  return Tensor.of(tensor.shape(), cells);
                }));
    return model.withParameters(parameters).withMasks(masks);
  }

  /** Returns random examples for a network, a row each. */
  static float[][] examples(Architecture architecture, int count, long seed) {
    Random random = new Random(seed);
    float[][] examples = new float[count][(int) architecture.input().size()];
    for (float[] example : examples) {
      for (int i = 0; i < example.length; i++) {
        example[i] =
            architecture.layers().get(0) instanceof Embedding embedding
                ? random.nextInt(embedding.vocabulary())
                : (float) random.nextGaussian();
      }
    }
    return examples;
  }

  /** Returns a stage's surroundings, with as many random examples. */
  static RecordedContext context(Architecture architecture, int count, long seed) {
    boolean ids = architecture.layers().get(0) instanceof Embedding;
    Task task =
        ids
            ? new Task.TokenPrediction(
                architecture.input(), ((Embedding) architecture.layers().get(0)).vocabulary())
            : new Task.Regression(architecture.input(), (int) architecture.output().size());
    return new RecordedContext(task, examples(architecture, count, seed), new float[count][1]);
  }

  /** Returns what a model computes of examples. */
  static float[] outputs(Checkpoint model, float[][] examples) {
    boolean ids = model.architecture().layers().get(0) instanceof Embedding;
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Shape batch = new Shape(examples.length).addAll(model.architecture().input());
      NDArray input =
          manager
              .create(examples)
              .reshape(batch)
              .toType(ids ? DataType.INT64 : DataType.FLOAT32, false);
      return model.block(manager).forward(input, false).toFloatArray();
    }
  }

  /** Returns how far two results are apart at most, as a part of the largest number. */
  static double apart(float[] expected, float[] actual) {
    double largest = 0;
    double apart = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      apart = Math.max(apart, Math.abs(expected[i] - actual[i]));
    }
    return largest == 0 ? apart : apart / largest;
  }
}
