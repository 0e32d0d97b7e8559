package io.secateur.quantization.onnx;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Seconds that ONNX Runtime takes for one batch of test examples, the outputs read back: median,
 * 10th and 90th percentile after a warm-up, and the examples a second that the median makes. Batch
 * sizes and thread counts take turns in every round, so that a change of the machine's speed meets
 * all of them.
 *
 * @param batches examples per batch; the test examples are repeated where there are too few
 * @param threads of the runtime, a session for each; 0 for as many as the study's
 * @param warmup rounds that do not count
 * @param rounds rounds that count
 */
public record OnnxLatency(List<Integer> batches, List<Integer> threads, int warmup, int rounds)
    implements Metric.OfRuntime {
  public OnnxLatency() {
    this(List.of(1, 64), List.of(1, 0), 20, 100);
  }

  public OnnxLatency {
    batches = List.copyOf(batches);
    threads = List.copyOf(threads);
    differing("batches", "sizes from 1 up", batches, 1);
    differing("threads", "counts from 1 up, or 0 for the study's", threads, 0);
    if (warmup < 0 || rounds < 1) {
      throw new IllegalArgumentException(
          "warmup must be at least 0 and rounds at least 1, were %d and %d"
              .formatted(warmup, rounds));
    }
  }

  private static void differing(String name, String what, List<Integer> numbers, int least) {
    if (numbers.isEmpty() || numbers.stream().anyMatch(number -> number < least)) {
      throw new IllegalArgumentException(
          "%s must be a list of %s, was %s".formatted(name, what, numbers));
    }
    if (numbers.stream().distinct().count() < numbers.size()) {
      throw new IllegalArgumentException("%s must differ, were %s".formatted(name, numbers));
    }
  }

  @Override
  public String name() {
    return "onnx-latency";
  }

  @Override
  public String description() {
    return """
        Seconds from a batch of test examples in ONNX Runtime's memory to its outputs in Java's: \
        median, 10th and 90th percentile over the rounds that count, and examples a second by the \
        median, for each batch size and number of threads (0: the study's). On the processor, \
        whatever the study's device. The model is exported, and opened with all of the runtime's \
        optimisations, before anything is timed; integers of quantized models are computed as \
        integers.""";
  }

  @Override
  public List<Quantity> quantities() {
    List<Quantity> quantities = new ArrayList<>();
    for (int batch : batches) {
      for (int count : threads) {
        for (String statistic : List.of("median", "p10", "p90")) {
          quantities.add(new Quantity(quantity(batch, count, statistic), "s", false, false));
        }
        quantities.add(
            new Quantity(quantity(batch, count, "throughput"), "examples/s", true, false));
      }
    }
    return quantities;
  }

  private static String quantity(int batch, int threads, String statistic) {
    return "onnx-latency/batch-%d/threads-%s/%s"
        .formatted(batch, threads == 0 ? "all" : threads, statistic);
  }

  /** One batch size with one number of threads. */
  private record Course(int batch, int threads, Session session, Session.Batch input, Times times) {
    void time(boolean counts, LongSupplier nanos) throws IOException {
      long start = nanos.getAsLong();
      session.run(input);
      double seconds = (nanos.getAsLong() - start) * 1e-9;
      if (counts) {
        times.seconds.add(seconds);
      }
    }

    List<Value> values() {
      double median = times.percentile(50);
      return List.of(
          new Value(quantity(batch, threads, "median"), median),
          new Value(quantity(batch, threads, "p10"), times.percentile(10)),
          new Value(quantity(batch, threads, "p90"), times.percentile(90)),
          new Value(quantity(batch, threads, "throughput"), batch / median));
    }
  }

  private static final class Times {
    private final List<Double> seconds = new ArrayList<>();

    /** The percentile with linear interpolation (type 7 of Hyndman and Fan, 1996). */
    double percentile(double p) {
      double[] all = seconds.stream().mapToDouble(Double::doubleValue).toArray();
      return new Percentile(p)
          .withEstimationType(Percentile.EstimationType.R_7)
          .evaluate(all, 0, all.length);
    }
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    Path file = bench.folder().resolve("model.onnx");
    new OnnxFormat().write(model, file);
    List<Session> sessions = new ArrayList<>();
    List<Session.Batch> inputs = new ArrayList<>();
    try {
      for (int count : threads) {
        sessions.add(
            Session.open(
                file,
                new Session.Options(
                    count == 0 ? bench.threads() : count, Processor.saturates(model))));
      }
      Examples examples = bench.data(Split.TEST);
      for (int batch : batches) {
        int[] shown = IntStream.range(0, batch).map(i -> i % examples.size()).toArray();
        inputs.add(Session.Batch.of(examples.batch(shown, bench.manager()).inputs()));
      }
      return timed(sessions, inputs, bench.nanos());
    } finally {
      inputs.forEach(Session.Batch::close);
      for (Session session : sessions) {
        session.close();
      }
    }
  }

  private List<Value> timed(List<Session> sessions, List<Session.Batch> inputs, LongSupplier nanos)
      throws IOException {
    List<Course> courses = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      for (int j = 0; j < sessions.size(); j++) {
        courses.add(
            new Course(
                batches.get(i), threads.get(j), sessions.get(j), inputs.get(i), new Times()));
      }
    }
    for (int round = -warmup; round < rounds; round++) {
      for (Course course : courses) {
        course.time(round >= 0, nanos);
      }
    }
    return courses.stream().flatMap(course -> course.values().stream()).toList();
  }
}
