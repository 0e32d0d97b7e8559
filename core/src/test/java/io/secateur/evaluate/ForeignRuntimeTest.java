package io.secateur.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metric may hand the model to another runtime: here a JVM that knows nothing of the engine. */
@Tag("engine")
class ForeignRuntimeTest {
  /** Reads a matrix, a bias and inputs, a row per line, and prints the outputs of each input. */
  private static final String RUNTIME =
      """
      import java.nio.file.*;
      import java.util.*;

      class Runtime {
        static double[][] rows(String file) throws Exception {
          return Files.readAllLines(Path.of(file)).stream()
              .map(l -> Arrays.stream(l.split(" ")).mapToDouble(Double::parseDouble).toArray())
              .toArray(double[][]::new);
        }

        public static void main(String[] files) throws Exception {
          double[][] weight = rows(files[0]);
          double[] bias = rows(files[1])[0];
          for (double[] input : rows(files[2])) {
            for (int o = 0; o < bias.length; o++) {
              double sum = bias[o];
              for (int i = 0; i < input.length; i++) {
                sum += weight[o][i] * input[i];
              }
              System.out.println(sum);
            }
          }
        }
      }
      """;

  private static final Architecture NET =
      new Architecture(new Shape(3), List.of(new Linear("out", 2)));

  @TempDir Path folder;

  /** The largest difference of an output between the foreign runtime and the engine. */
  private record Deviation() implements Metric.OfRuntime {
    @Override
    public String name() {
      return "deviation";
    }

    @Override
    public List<Quantity> quantities() {
      return List.of(
          new Quantity("deviation", "", false, true), new Quantity("taken", "s", false, false));
    }

    @Override
    public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
      Examples examples = bench.data(Split.TEST);
      int[] all = IntStream.range(0, examples.size()).toArray();
      Examples.Batch batch = examples.batch(all, bench.manager());
      float[] here =
          model
              .architecture()
              .block(model.parameters(), bench.manager())
              .forward(batch.inputs(), false)
              .toFloatArray();
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:ActiveProcessorCount=" + bench.threads(),
                  Files.writeString(bench.folder().resolve("Runtime.java"), RUNTIME).toString()));
      command.add(rows(bench.folder().resolve("w"), model.parameter("out.weight").toFloats(), 3));
      command.add(rows(bench.folder().resolve("b"), model.parameter("out.bias").toFloats(), 2));
      command.add(rows(bench.folder().resolve("x"), batch.inputs().toFloatArray(), 3));
      long start = bench.nanos().getAsLong();
      List<String> there = printed(command);
      double seconds = (bench.nanos().getAsLong() - start) * 1e-9;
      assertThat(there).hasSize(here.length);
      double most = 0;
      for (int i = 0; i < here.length; i++) {
        most = Math.max(most, Math.abs(here[i] - Double.parseDouble(there.get(i))));
      }
      return List.of(new Value("deviation", most), new Value("taken", seconds));
    }

    private static String rows(Path file, float[] values, int columns) throws IOException {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < values.length; i++) {
        text.append(values[i]).append((i + 1) % columns == 0 ? "\n" : " ");
      }
      return Files.writeString(file, text).toString();
    }

    private static List<String> printed(List<String> command) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      // Java says on its error stream that it has found these.
      builder.environment().remove("JDK_JAVA_OPTIONS");
      Process process = builder.start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      try {
        assertThat(process.waitFor()).as(text).isZero();
      } catch (InterruptedException e) {
        throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
      }
      return Arrays.asList(text.split("\\R"));
    }
  }

  /** Ten points in space. */
  private record Points() implements Examples {
    @Override
    public int size() {
      return 10;
    }

    @Override
    public Batch batch(int[] indices, NDManager manager) {
      SplittableRandom random = new SplittableRandom(5);
      float[] inputs = new float[indices.length * 3];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = (float) random.nextDouble(-2, 2);
      }
      return new Batch(
          manager.create(inputs, new Shape(indices.length, 3)),
          manager.create(new long[indices.length]));
    }
  }

  private record Here(Path folder) implements Evaluation.Setting {
    @Override
    public Examples data(Split split) {
      return new Points();
    }

    @Override
    public Task task() {
      return new Task.Classification(new Shape(3), 2);
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
      return System::nanoTime;
    }
  }

  @Test
  void isGivenModelDataThreadsClockAndFolder() throws IOException {
    Checkpoint model = new Checkpoint(NET, NET.initialise(Initialisation.PYTORCH, 4));

    Map<Metric, List<Metric.Value>> values =
        Evaluation.measure(model, List.of(new Deviation()), new Here(folder));

    List<Metric.Value> measured = values.values().iterator().next();
    assertThat(measured.get(0).value()).isLessThan(1e-6);
    assertThat(measured.get(1).value()).isPositive();
    assertThat(folder).isEmptyDirectory();
  }
}
