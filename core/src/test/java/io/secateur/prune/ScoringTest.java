package io.secateur.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scores;
import io.secateur.spi.CellwiseMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class ScoringTest {
  private static final int ROWS = 16;
  private static final Architecture NET =
      new Architecture(new Shape(4), List.of(new Linear("fc1", ROWS)));

  /** Counts rows in Java, and returns a view of what it made of that. */
  private record Counted(int columns) implements ScoringMethod {
    @Override
    public String name() {
      return "counted";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      float[] counted = new float[ROWS * columns];
      for (int i = 0; i < counted.length; i++) {
        counted[i] = i;
      }
      NDArray flat = weight.matrix().getManager().create(counted);
      return flat.reshape(ROWS, columns);
    }
  }

  @Test
  void scoresOutliveTheMemoryThatTheyWereMadeIn() {
    assertThat(read(new Counted(1), new Granularity.Slice(Granularity.Axis.OUTPUT)))
        .containsExactly(counted(ROWS));
    assertThat(read(new Counted(4), new Granularity.Element())).containsExactly(counted(4 * ROWS));
  }

  private record Negated() implements ScoringMethod {
    @Override
    public String name() {
      return "negated";
    }

    @Override
    public boolean rowwise() {
      return true;
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().neg();
    }
  }

  @Test
  void scoresMadeWhenTheyAreReadAreThoseOfTheWholeInAnyOrderAndOnManyThreads() {
    int columns = 517;
    int rows = 300;
    float[] numbers = new float[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % 13 == 0 ? -0f : i % 1009 == 0 ? Float.NaN : (i * 7919 % 1000 - 500) / 7f;
    }
    Checkpoint model =
        new Checkpoint(
            new Architecture(new Shape(columns), List.of(new Linear("fc", rows, false))),
            Map.of("fc.weight", Tensor.of(new Shape(rows, columns), numbers)));
    ScoringMethod negated = new Negated();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      WeightMatrix weight = new WeightMatrix(model, "fc.weight", new Granularity.Element(), 1);
      Scores scores =
          new Scoring(negated, new Granularity.Element(), Scoring.BLOCK)
              .of(weight, Calibrator.none("fc.weight", manager), manager);
      assertThat(scores.size()).isEqualTo(numbers.length);
      IntStream.range(0, 400)
          .parallel()
          .forEach(
              i -> {
                int first = (int) (i * 39_916_801L % numbers.length);
                int length = Math.min(i % 3 == 0 ? 16 : 40_000, numbers.length - first);
                float[] read = new float[length];
                scores.read(first, read, length);
                for (int k = 0; k < length; k++) {
                  if (Float.floatToIntBits(read[k]) != Float.floatToIntBits(-numbers[first + k])) {
                    throw new AssertionError("cell " + (first + k) + " is " + read[k]);
                  }
                }
              });
    }
  }

  /** Is never to be asked by way of the engine. */
  private record Doubled() implements CellwiseMethod {
    @Override
    public String name() {
      return "doubled";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      throw new UnsupportedOperationException("single cells are scored in Java");
    }

    @Override
    public void score(float[] numbers, int length) {
      for (int i = 0; i < length; i++) {
        numbers[i] *= 2;
      }
    }
  }

  @Test
  void cellsThatAreScoredAloneAreScoredInJavaWhereTheyAreRead() {
    Map<String, Tensor> parameters = NET.initialise(Initialisation.PYTORCH, 3);
    float[] expected = Objects.requireNonNull(parameters.get("fc1.weight")).toFloats();
    new Doubled().score(expected, expected.length);

    assertThat(read(new Doubled(), new Granularity.Element())).containsExactly(expected);
    assertThatThrownBy(() -> read(new Doubled(), new Granularity.Slice(Granularity.Axis.OUTPUT)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static float[] counted(int size) {
    float[] counted = new float[size];
    for (int i = 0; i < size; i++) {
      counted[i] = i;
    }
    return counted;
  }

  /** Reads scores after the memory of all that is unreachable was freed and filled again. */
  private static float[] read(ScoringMethod method, Granularity granularity) {
    Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 3));
    List<ByteBuffer> rubbish = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      WeightMatrix weight = new WeightMatrix(model, "fc1.weight", granularity, 1);
      Scores scores =
          new Scoring(method, granularity, Scoring.BLOCK)
              .of(weight, Calibrator.none("fc1.weight", manager), manager);
      for (int i = 0; i < 3; i++) {
        System.gc();
        for (int size = 4; size <= 512; size *= 2) {
          for (int k = 0; k < 2000; k++) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
            for (int at = 0; at < size; at += 4) {
              bytes.putFloat(at, Float.NaN);
            }
            rubbish.add(bytes);
          }
        }
      }
      float[] read = new float[(int) scores.size()];
      scores.read(0, read, read.length);
      assertThat(rubbish).hasSize(48_000);
      return read;
    }
  }
}
