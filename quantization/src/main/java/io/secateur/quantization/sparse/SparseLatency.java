package io.secateur.quantization.sparse;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.spi.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Seconds of the linear layers' products with their weights in compressed sparse rows, beside the
 * engine's dense products, on one thread each and on the same inputs: for each layer, and for all
 * of them. Biases, and all other layers, are left out.
 *
 * <p>Every round takes each layer both ways, one after the other, so that a change of the machine's
 * speed meets both. The ratio is the median of the rounds' own ratios. Products are compared before
 * anything is timed.
 *
 * @param batches vectors at once
 * @param warmup rounds that do not count
 * @param rounds rounds that count
 */
public record SparseLatency(List<Integer> batches, int warmup, int rounds)
    implements Metric.OfRuntime {
  public SparseLatency() {
    this(List.of(1, 64), 100, 100);
  }

  public SparseLatency {
    batches = List.copyOf(batches);
    if (batches.isEmpty() || batches.stream().anyMatch(batch -> batch < 1)) {
      throw new IllegalArgumentException(
          "batches must be a list of sizes from 1 up, was " + batches);
    }
    if (batches.stream().distinct().count() < batches.size()) {
      throw new IllegalArgumentException("batches must differ, were " + batches);
    }
    if (warmup < 0 || rounds < 1) {
      throw new IllegalArgumentException(
          "warmup must be at least 0 and rounds at least 1, were %d and %d"
              .formatted(warmup, rounds));
    }
  }

  @Override
  public String name() {
    return "sparse-latency";
  }

  @Override
  public String description() {
    return """
    Seconds that the products of the linear layers take when their weights are kept in \
    compressed sparse rows (CSR), beside the engine's dense products, by layer and in sum: \
    medians, and the median of the ratios csr / dense; above 1 dense is faster. Both on one \
    CPU thread and the same inputs, in turns. Of a batch, the CSR product reads and writes one \
    feature's numbers of all vectors side by side. Also the share of these weights that is 0.\
    """;
  }

  @Override
  public List<Quantity> quantities() {
    List<Quantity> quantities = new ArrayList<>();
    quantities.add(new Quantity(name() + "/zeros", "%", false, true));
    for (int batch : batches) {
      quantities.add(new Quantity(quantity(batch, "csr"), "s", false, false));
      quantities.add(new Quantity(quantity(batch, "dense"), "s", false, false));
      quantities.add(new Quantity(quantity(batch, "ratio"), "x", false, false));
    }
    return quantities;
  }

  private static String quantity(int batch, String what) {
    return "sparse-latency/batch-%d/%s".formatted(batch, what);
  }

  @Override
  public List<String> faults(Architecture architecture) {
    return weights(architecture).isEmpty()
        ? List.of("it times linear layers, and the model has none")
        : List.of();
  }

  private static List<String> weights(Architecture architecture) {
    List<String> weights = new ArrayList<>();
    for (Architecture.Place place : architecture.places()) {
      if (place.layer() instanceof Linear linear) {
        weights.add(linear.name() + ".weight");
      }
    }
    return weights;
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    List<String> weights = weights(model.architecture());
    if (weights.isEmpty()) {
      return List.of();
    }
    List<Value> values = new ArrayList<>();
    values.add(new Value(name() + "/zeros", zeros(model, weights)));
    // DJL offers no other way to one thread than the engine's own.
    JniUtils.setNumThreads(1);
    try {
      for (int batch : batches) {
        values.addAll(timed(model, weights, batch, bench));
      }
    } finally {
      JniUtils.setNumThreads(bench.threads());
    }
    return values;
  }

  private static double zeros(Checkpoint model, List<String> weights) {
    long cells = 0;
    long kept = 0;
    for (String weight : weights) {
      Tensor tensor = model.parameter(weight);
      cells += tensor.size();
      kept += CsrMatrix.of(tensor).nonZeros();
    }
    return 100.0 * (cells - kept) / cells;
  }

  private List<Value> timed(Checkpoint model, List<String> weights, int batch, Bench bench) {
    // By layer, and last their sum: seconds of each round.
    double[][] sparse = new double[weights.size() + 1][rounds];
    double[][] dense = new double[weights.size() + 1][rounds];
    try (NDManager manager = bench.manager().newSubManager(Device.cpu())) {
      List<LinearProducts> products = new ArrayList<>();
      for (String weight : weights) {
        products.add(new LinearProducts(weight, model.parameter(weight), batch, manager));
      }
      products.forEach(LinearProducts::compare);
      for (int round = -warmup; round < rounds; round++) {
        for (int layer = 0; layer < weights.size(); layer++) {
          LinearProducts product = products.get(layer);
          double ours = time(product::sparse, bench.nanos());
          double theirs = time(product::dense, bench.nanos());
          if (round >= 0) {
            sparse[layer][round] = ours;
            dense[layer][round] = theirs;
            sparse[weights.size()][round] += ours;
            dense[weights.size()][round] += theirs;
          }
        }
      }
    }
    List<Value> values = new ArrayList<>();
    values.addAll(values(batch, sparse[weights.size()], dense[weights.size()], ""));
    for (int layer = 0; layer < weights.size(); layer++) {
      values.addAll(values(batch, sparse[layer], dense[layer], weights.get(layer)));
    }
    return values;
  }

  private static double time(Runnable product, LongSupplier nanos) {
    long start = nanos.getAsLong();
    product.run();
    return (nanos.getAsLong() - start) * 1e-9;
  }

  private static List<Value> values(int batch, double[] sparse, double[] dense, String layer) {
    double[] ratios = new double[sparse.length];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = sparse[round] / dense[round];
    }
    Median median = new Median();
    return List.of(
        new Value(quantity(batch, "csr"), median.evaluate(sparse), layer),
        new Value(quantity(batch, "dense"), median.evaluate(dense), layer),
        new Value(quantity(batch, "ratio"), median.evaluate(ratios), layer));
  }
}
