package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Small models and methods whose results can be seen by eye. */
final class Toys {
  private Toys() {}

  /** Chained linear layers {@code l0, l1, …} whose weights count from 1 and biases are 0.5. */
  static Checkpoint chain(int... sizes) {
    List<Linear> layers = new ArrayList<>();
    for (int i = 1; i < sizes.length; i++) {
      layers.add(new Linear("l" + (i - 1), sizes[i]));
    }
    return counting(new Architecture(new Shape(sizes[0]), List.copyOf(layers)));
  }

  /** Weights that count from 1 in every parameter, but biases are 0.5. */
  static Checkpoint counting(Architecture architecture) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      float[] values = new float[(int) spec.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = spec.kind() == ParameterSpec.Kind.WEIGHT ? i + 1 : 0.5f;
      }
      parameters.put(spec.name(), Tensor.of(spec.shape(), values));
    }
    return new Checkpoint(architecture, parameters);
  }

  static float[] values(Checkpoint model, String name) {
    return model.parameter(name).toFloats();
  }

  /** Scores by any function. */
  record Scored(String name, boolean rowwise, BiFunction<Weight, Statistics, NDArray> how)
      implements ScoringMethod {
    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return how.apply(weight, statistics);
    }
  }

  static Scored magnitude() {
    return new Scored("magnitude", true, (weight, statistics) -> weight.matrix().abs());
  }

  /** Decides blocks of columns by magnitude and doubles what stays. */
  record Doubling(int block) implements ReconstructingMethod {
    @Override
    public String name() {
      return "doubling";
    }

    @Override
    public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
      NDArray matrix = weight.matrix();
      long columns = matrix.getShape().get(1);
      int step = Math.min(block, selector.width());
      NDArray result = matrix.duplicate();
      for (long first = 0; first < columns; first += step) {
        String cut = ":, " + first + ":" + Math.min(columns, first + step);
        NDArray kept = selector.keep(matrix.get(cut).abs(), first);
        result.set(
            new ai.djl.ndarray.index.NDIndex(cut),
            matrix.get(cut).mul(2).mul(kept.toType(matrix.getDataType(), false)));
      }
      return result;
    }
  }
}
