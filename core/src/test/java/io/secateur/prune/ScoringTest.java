package io.secateur.prune;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scores;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
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
