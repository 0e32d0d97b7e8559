package io.secateur.builtin;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Keeps test images with their true and predicted classes, for a report to show, and counts those
 * that are right.
 *
 * <p>Kept are {@code images.json}, the same at every measurement and so stored once, and {@code
 * predictions.json}.
 *
 * @param examples numbers of test examples, from 0
 */
public record Samples(List<Integer> examples) implements Metric.OfRuntime {
  private static final int MOST = 60;
  private static final int IMAGE = 3;
  private static final int RGB = 3;
  private static final String CORRECT = "samples/correct";

  /** The first ten. */
  public Samples() {
    this(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  }

  public Samples {
    examples = List.copyOf(examples);
    if (examples.isEmpty() || examples.size() > MOST) {
      throw new IllegalArgumentException(
          "between 1 and %d examples are shown, was given %d".formatted(MOST, examples.size()));
    }
    if (examples.stream().anyMatch(number -> number < 0)) {
      throw new IllegalArgumentException("examples are numbered from 0, was " + examples);
    }
    if (new HashSet<>(examples).size() < examples.size()) {
      throw new IllegalArgumentException("an example is listed twice in " + examples);
    }
  }

  @Override
  public String name() {
    return "samples";
  }

  @Override
  public String description() {
    return """
        How many of the listed test examples are classified right; keeps their images as the model \
        sees them, with true and predicted class, for the figure 'samples'. For images of one or \
        three channels.
        Of equal outputs the first wins; an output of NaN is never right.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity(CORRECT, "", true, true));
  }

  @Override
  public boolean suits(Task task) {
    Shape input = task.input();
    return task instanceof Task.Classification
        && input.dimension() == IMAGE
        && (input.get(0) == 1 || input.get(0) == RGB);
  }

  @Override
  public List<String> faults(IntSupplier tests) {
    int size = tests.getAsInt();
    List<Integer> beyond = examples.stream().filter(number -> number >= size).toList();
    return beyond.isEmpty() ? List.of() : List.of(beyond(beyond, size));
  }

  private static String beyond(List<Integer> beyond, int size) {
    return size == 0
        ? "there are no test examples to show"
        : "the test examples are numbered 0 to %d, was asked for %s"
            .formatted(size - 1, String.join(", ", beyond.stream().map(String::valueOf).toList()));
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    Examples tests = bench.data(Split.TEST);
    faults(tests::size)
        .forEach(
            fault -> {
              throw new IllegalArgumentException(fault);
            });
    int[] shown = examples.stream().mapToInt(Integer::intValue).toArray();
    Examples.Batch batch = tests.batch(shown, bench.manager());
    NetworkBlock block = model.block(bench.manager());
    float[] outputs = block.forward(batch.inputs(), false).toFloatArray();
    long[] labels = batch.targets().toLongArray();
    SampleFiles files = new SampleFiles(examples, labels);
    bench.keep(
        SampleFiles.IMAGES,
        files.images(batch.inputs().getShape().slice(1), batch.inputs().toFloatArray()));
    bench.keep(SampleFiles.PREDICTIONS, files.predictions(outputs));
    return List.of(new Value(CORRECT, files.correct(outputs)));
  }
}
