package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What one call of a method gave, on arrays of its own.
 *
 * @param failure what it threw; nothing when it returned an array
 * @param shape of what it returned
 * @param cells of what it returned, where that is float32
 * @param written which of the arrays that it was given it wrote to, or closed
 * @param left how many arrays outlived the call and all that it was given
 */
// Nobody writes to the cells, and calls are not compared.
@SuppressWarnings("ArrayRecordComponent")
record MethodCall(
    Optional<String> failure,
    Shape shape,
    DataType type,
    float[] cells,
    List<String> written,
    Optional<Integer> left) {

  /** Calls a method in one of its ways. */
  interface Way {
    NDArray of(Weight weight, Statistics statistics);
  }

  /** Calls a method with a whole weight. */
  static MethodCall of(PruningMethod method, WeightCase weight, long seed, Way way) {
    return of(method, weight, 0, weight.form().rows(), seed, way);
  }

  /** Calls a method with some rows of a weight, and the statistics of the whole. */
  static MethodCall of(
      PruningMethod method, WeightCase weight, long first, long end, long seed, Way way) {
    try (Made made = new Made()) {
      MethodCall call = new Call(method, weight, first, end, seed).by(way);
      return new MethodCall(
          call.failure, call.shape, call.type, call.cells, call.written, made.open());
    }
  }

  /** Returns whether it gave float32 numbers at all. */
  boolean gave() {
    return failure.isEmpty() && type == DataType.FLOAT32;
  }

  private record Call(PruningMethod method, WeightCase weight, long first, long end, long seed) {
    MethodCall by(Way way) {
      try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
        Form form = weight.form();
        NDArray whole =
            TrialExamples.floats(weight.cells(), new Shape(form.rows(), form.columns()), manager);
        GivenStatistics statistics = new GivenStatistics(method.needs(), whole, manager);
        Weight given = given(whole.get(first + ":" + end).duplicate(), manager);
        Map<String, NDArray> watched = watched(given, statistics);
        Map<String, float[]> before = new LinkedHashMap<>();
        watched.forEach((name, array) -> before.put(name, floats(array)));
        MethodCall call = result(() -> way.of(given, statistics));
        List<String> written = new ArrayList<>();
        watched.forEach(
            (name, array) -> {
              if (!same(Objects.requireNonNull(before.get(name)), array)) {
                written.add(name);
              }
            });
        return new MethodCall(
            call.failure, call.shape, call.type, call.cells, written, Optional.empty());
      }
    }

    private Weight given(NDArray matrix, NDManager manager) {
      int rows = (int) (end - first);
      Form form = weight.form();
      Map<String, NDArray> companions = new LinkedHashMap<>();
      for (String kind : List.of("bias", "gamma", "beta")) {
        float[] all = WeightCase.random((int) form.rows(), kind.hashCode(), 1);
        companions.put(
            kind,
            TrialExamples.floats(
                Arrays.copyOfRange(all, (int) first, (int) end), new Shape(rows), manager));
      }
      return new Weight(
          "trial.weight",
          new Form(rows, form.inputs(), form.kernelHeight(), form.kernelWidth()),
          matrix,
          companions,
          seed);
    }

    private static Map<String, NDArray> watched(Weight given, GivenStatistics statistics) {
      Map<String, NDArray> watched = new LinkedHashMap<>();
      watched.put("the weight", given.matrix());
      given.companions().forEach((kind, array) -> watched.put("its " + kind, array));
      statistics.totals().forEach((statistic, array) -> watched.put("" + statistic, array));
      return watched;
    }

    private static boolean same(float[] before, NDArray array) {
      try {
        return Arrays.equals(before, floats(array));
      } catch (IllegalStateException closed) {
        return false;
      }
    }

    private static float[] floats(NDArray array) {
      return array.getDataType() == DataType.FLOAT32
          ? array.toFloatArray()
          : array.toType(DataType.FLOAT32, true).toFloatArray();
    }

    private static MethodCall result(Supplier<NDArray> call) {
      Optional<String> failure = Optional.empty();
      try {
        NDArray given = call.get();
        if (Objects.nonNull(given)) {
          boolean floats = given.getDataType() == DataType.FLOAT32;
          return new MethodCall(
              failure,
              given.getShape(),
              given.getDataType(),
              floats ? given.toFloatArray() : new float[0],
              List.of(),
              Optional.empty());
        }
        failure = Optional.of("gave null");
      } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
        failure = Optional.of("threw " + Rule.reason(e));
      }
      return new MethodCall(
          failure, new Shape(), DataType.UNKNOWN, new float[0], List.of(), Optional.empty());
    }
  }
}
