package io.secateur.quantization.onnx;

import ai.djl.ndarray.NDArray;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Top-1 accuracy of a model in ONNX Runtime on all test examples, and how often it predicts the
 * class that the engine predicts.
 *
 * <p>The same model gives the same numbers on the same kind of processor; kernels of integers, and
 * the order in which others add, differ between kinds, and so may single examples.
 */
public record OnnxAccuracy() implements Metric.OfRuntime {
  private static final String ACCURACY = "onnx-accuracy";
  private static final String AGREEMENT = "onnx-accuracy/agreement";

  @Override
  public String name() {
    return ACCURACY;
  }

  @Override
  public String description() {
    return """
        Top-1 accuracy in per cent of the exported model in ONNX Runtime, on the processor, over \
        all examples of the test split; and agreement, the share of them for which it predicts \
        the class that the engine predicts. Of equal outputs the first wins; an output of NaN is \
        never right. Quantized models are computed in integers there, rounded once where the \
        engine rounds what it computed in float32.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(
        new Quantity(ACCURACY, "%", true, true), new Quantity(AGREEMENT, "%", true, true));
  }

  @Override
  public boolean suits(Task task) {
    return task instanceof Task.Classification;
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    if (model.architecture().output().dimension() != 1) {
      throw new IllegalArgumentException(
          "onnx-accuracy looks at one class for an example, this model gives outputs of shape %s"
              .formatted(model.architecture().output()));
    }
    Path file = bench.folder().resolve("model.onnx");
    new OnnxFormat().write(model, file);
    Examples examples = bench.data(Split.TEST);
    // Ranges that a batch has itself are the same in both.
    int size = Evaluation.batchSize(model.architecture());
    NetworkBlock block = model.block(bench.manager());
    long right = 0;
    long same = 0;
    Session.Options how = new Session.Options(bench.threads(), Processor.saturates(model));
    try (Session session = Session.open(file, how)) {
      for (int first = 0; first < examples.size(); first += size) {
        int[] shown = IntStream.range(first, Math.min(examples.size(), first + size)).toArray();
        Examples.Batch batch = examples.batch(shown, bench.manager());
        try (NDArray inputs = batch.inputs();
            NDArray targets = batch.targets();
            NDArray outputs = block.forward(inputs, false);
            Session.Batch copy = Session.Batch.of(inputs)) {
          int[] engine = classes(outputs.toFloatArray(), shown.length);
          int[] runtime = classes(session.run(copy), shown.length);
          long[] labels = targets.toLongArray();
          for (int i = 0; i < shown.length; i++) {
            right += runtime[i] == labels[i] ? 1 : 0;
            same += runtime[i] == engine[i] ? 1 : 0;
          }
        }
      }
    }
    return List.of(
        new Value(ACCURACY, 100.0 * right / examples.size()),
        new Value(AGREEMENT, 100.0 * same / examples.size()));
  }

  /** Returns the place of the highest output of every example; -1 where there is a NaN. */
  static int[] classes(float[] outputs, int examples) {
    int width = outputs.length / examples;
    int[] classes = new int[examples];
    for (int i = 0; i < examples; i++) {
      int best = 0;
      for (int j = 0; j < width; j++) {
        float output = outputs[i * width + j];
        if (Float.isNaN(output)) {
          best = -1;
          break;
        }
        best = output > outputs[i * width + best] ? j : best;
      }
      classes[i] = best;
    }
    return classes;
  }
}
