package io.secateur.quantization.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/** What two engines make of the same batch. */
final class Agreement {
  final float[] engine;
  final float[] runtime;

  private Agreement(float[] engine, float[] runtime) {
    this.engine = engine;
    this.runtime = runtime;
  }

  /** Computes a batch in both; the file is deleted again. */
  static Agreement of(Checkpoint model, NDArray input, Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    new OnnxFormat().write(model, file);
    Session.Options how = new Session.Options(1, Processor.saturates(model));
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Session session = Session.open(file, how);
        Session.Batch same = Session.Batch.of(input)) {
      return new Agreement(
          model.block(manager).forward(input, false).toFloatArray(), session.run(same));
    } finally {
      Files.delete(file);
    }
  }

  /** Returns numbers, or ids with padding, for a batch of an architecture's examples. */
  static float[] numbers(Checkpoint model, int examples, long seed) {
    Random random = new Random(seed);
    float[] numbers = new float[(int) (examples * model.architecture().input().size())];
    Optional<Embedding> table =
        Optional.of(model.architecture().layers().get(0))
            .filter(Embedding.class::isInstance)
            .map(Embedding.class::cast);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          table.isEmpty()
              ? (float) random.nextGaussian()
              : random.nextInt(3) == 0
                  ? table.get().padding()
                  : random.nextInt(table.get().vocabulary());
    }
    return numbers;
  }

  static Agreement of(Checkpoint model, int examples, long seed, Path folder) throws IOException {
    Shape batch = new Shape(examples).addAll(model.architecture().input());
    boolean ids = model.architecture().layers().get(0) instanceof Embedding;
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray input = manager.create(numbers(model, examples, seed), batch);
      return of(model, ids ? input.toType(DataType.INT64, false) : input, folder);
    }
  }

  /** Returns how far outputs are apart, as a share of the largest of them, or of 1. */
  double apart() {
    double largest = 1;
    double apart = engine.length == runtime.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(engine.length, runtime.length); i++) {
      largest = Math.max(largest, Math.abs(engine[i]));
      double here = Math.abs(engine[i] - runtime[i]);
      apart = Double.isNaN(here) ? Double.POSITIVE_INFINITY : Math.max(apart, here);
    }
    return apart / largest;
  }
}
