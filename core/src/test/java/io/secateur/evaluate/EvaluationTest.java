package io.secateur.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.builtin.Sparsity;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.NetworkBlock;
import io.secateur.model.Tensor;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
final class EvaluationTest {
  private static final Task TASK = new Task.Classification(new Shape(2), 2);
  private static final Architecture NET =
      new Architecture(new Shape(2), List.of(new Linear("out", 2, true)));

  @TempDir Path folder;

  /** Five points: the network below answers with their larger coordinate. */
  private static final class Points implements Examples {
    final List<Integer> batches = new ArrayList<>();
    private final float[][] points = {{3, 1}, {0, 2}, {5, 4}, {1, 1.5f}, {2, 0}};
    private final long[] labels = {0, 1, 1, 1, 0};

    @Override
    public int size() {
      return points.length;
    }

    @Override
    public Batch batch(int[] indices, NDManager manager) {
      batches.add(indices.length);
      float[] inputs = new float[indices.length * 2];
      long[] targets = new long[indices.length];
      for (int i = 0; i < indices.length; i++) {
        System.arraycopy(points[indices[i]], 0, inputs, 2 * i, 2);
        targets[i] = labels[indices[i]];
      }
      return new Batch(
          manager.create(inputs, new Shape(indices.length, 2)), manager.create(targets));
    }
  }

  private static Checkpoint identity() {
    return new Checkpoint(
        NET,
        Map.of(
            "out.weight", Tensor.of(new Shape(2, 2), 1, 0, 0, 1),
            "out.bias", Tensor.of(new Shape(2), 0, 0)));
  }

  private record Here(Examples points, Path folder) implements Evaluation.Setting {
    @Override
    public Examples data(Split split) {
      return points;
    }

    @Override
    public Task task() {
      return TASK;
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public LongSupplier nanos() {
      return () -> 0;
    }
  }

  @Test
  void countsEveryExampleOnceWhateverTheBatch() {
    for (int batch = 1; batch <= 6; batch++) {
      try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
        NetworkBlock block = NET.block(identity().parameters(), manager);
        Points points = new Points();
        Map<Metric.OfPredictions, List<Metric.Value>> values =
            Evaluation.predictions(
                block, points, TASK, List.of(new Accuracy(), new Loss()), batch, manager);
        assertThat(values.get(new Accuracy()))
            .as("batch %d", batch)
            .containsExactly(new Metric.Value("accuracy", 80));
        assertThat(points.batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(5);
      }
    }
  }

  @Test
  void givesTheMeanCrossEntropyOfTheLogits() throws IOException {
    double expected = 0;
    float[] margins = {2, 2, -1, .5f, 2};
    for (float margin : margins) {
      expected += Math.log1p(Math.exp(-margin)) / margins.length;
    }
    double loss =
        Evaluation.measure(identity(), List.of(new Loss()), new Here(new Points(), folder))
            .values()
            .iterator()
            .next()
            .get(0)
            .value();
    assertThat(loss).isCloseTo(expected, within(1e-6));
  }

  @Test
  void showsTheDataOnceToAllMetricsOfPredictions() throws IOException {
    Points points = new Points();
    Map<Metric, List<Metric.Value>> values =
        Evaluation.measure(
            identity(),
            List.of(new Loss(), new Sparsity(), new Accuracy()),
            new Here(points, folder));
    assertThat(points.batches).containsExactly(5);
    assertThat(values.keySet()).containsExactly(new Loss(), new Sparsity(), new Accuracy());
    assertThat(values.get(new Sparsity())).contains(new Metric.Value("sparsity", 50, ""));
  }

  @Test
  void leavesNoArrayBehind() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      NetworkBlock block = NET.block(identity().parameters(), manager);
      int before = ((BaseNDManager) manager).getManagedArrays().size();
      Evaluation.predictions(block, new Points(), TASK, List.of(new Accuracy()), 2, manager);
      assertThat(((BaseNDManager) manager).getManagedArrays()).hasSize(before);
    }
  }

  /** Leaves a file behind, and remembers where. */
  private record Untidy(List<Path> seen) implements Metric.OfRuntime {
    @Override
    public String name() {
      return "untidy";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(new Quantity("untidy", "", false, true));
    }

    @Override
    public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
      seen.add(Files.writeString(bench.folder().resolve("left"), "behind"));
      NDArray array = bench.manager().create(new float[] {1, 2});
      return List.of(new Value("untidy", array.sum().getFloat()));
    }
  }

  @Test
  void givesARuntimeMetricAFolderAndTakesItBack() throws IOException {
    Untidy untidy = new Untidy(new ArrayList<>());
    Map<Metric, List<Metric.Value>> values =
        Evaluation.measure(identity(), List.of(untidy), new Here(new Points(), folder));
    assertThat(values.get(untidy)).containsExactly(new Metric.Value("untidy", 3));
    assertThat(untidy.seen()).hasSize(1);
    assertThat(folder).isEmptyDirectory();
  }

  /** Keeps files under these names. */
  private record Keeping(List<String> names) implements Metric.OfRuntime {
    @Override
    public String name() {
      return "keeping";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of();
    }

    @Override
    public List<Value> measure(Checkpoint model, Bench bench) {
      names.forEach(name -> bench.keep(name, name.getBytes(StandardCharsets.UTF_8)));
      return List.of();
    }
  }

  @Test
  void handsOnTheFilesThatAMetricKeeps() throws IOException {
    List<String> kept = new ArrayList<>();
    Here here = new Here(new Points(), folder);
    Evaluation.Setting keeper =
        new Evaluation.Setting() {
          @Override
          public Examples data(Split split) {
            return here.data(split);
          }

          @Override
          public Task task() {
            return here.task();
          }

          @Override
          public Device device() {
            return here.device();
          }

          @Override
          public int threads() {
            return here.threads();
          }

          @Override
          public LongSupplier nanos() {
            return here.nanos();
          }

          @Override
          public Path folder() {
            return folder;
          }

          @Override
          public void keep(Metric metric, String name, byte[] bytes) {
            kept.add(metric.name() + "/" + name + "/" + bytes.length);
          }
        };
    Evaluation.measure(identity(), List.of(new Keeping(List.of("a.json", "b"))), keeper);
    assertThat(kept).containsExactly("keeping/a.json/6", "keeping/b/1");
    // Where nothing is kept, such a metric can be measured all the same.
    Evaluation.measure(identity(), List.of(new Keeping(List.of("a.json"))), here);
  }

  @Test
  void refusesFilesOfOneNameAndNamesThatLeadElsewhere() {
    Here here = new Here(new Points(), folder);
    assertThatThrownBy(
            () -> Evaluation.measure(identity(), List.of(new Keeping(List.of("a", "a"))), here))
        .hasMessage("metric 'keeping' keeps two files named 'a'");
    assertThatThrownBy(
            () -> Evaluation.measure(identity(), List.of(new Keeping(List.of("../a"))), here))
        .hasMessageContaining("was '../a'");
  }

  @Test
  void refusesAMetricThatDoesNotSuitTheTask() {
    Evaluation.Setting regression =
        new Evaluation.Setting() {
          private final Here here = new Here(new Points(), folder);

          @Override
          public Examples data(Split split) {
            return here.data(split);
          }

          @Override
          public Task task() {
            return new Task.Regression(new Shape(2), 1);
          }

          @Override
          public Device device() {
            return here.device();
          }

          @Override
          public int threads() {
            return here.threads();
          }

          @Override
          public LongSupplier nanos() {
            return here.nanos();
          }

          @Override
          public Path folder() {
            return folder;
          }
        };
    assertThatThrownBy(() -> Evaluation.measure(identity(), List.of(new Accuracy()), regression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("metric 'accuracy' cannot be measured on Regression");
  }

  @Test
  void sizesBatchesByTheWidestLayer() {
    Architecture wide = new Architecture(new Shape(4), List.of(new Linear("wide", 1 << 20, false)));
    assertThat(Evaluation.batchSize(NET)).isEqualTo(1000);
    assertThat(Evaluation.batchSize(wide)).isEqualTo(4);
  }
}
