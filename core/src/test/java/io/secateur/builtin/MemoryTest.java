package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.prune.RecordedContext;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class MemoryTest {
  private static final Task TASK = new Task.Regression(new Shape(4), 2);

  @TempDir Path folder;

  @Test
  void readsKibibytesAsMegabytes() throws IOException {
    assertThat(Memory.megabytes("VmRSS", List.of("VmHWM:\t 9 kB", "VmRSS:\t  1000 kB")))
        .isEqualTo(1.024);
    assertThatThrownBy(() -> Memory.megabytes("VmHWM", List.of("VmRSS:\t  1000 kB")))
        .hasMessage("/proc/self/status does not say VmHWM");
  }

  @Test
  void belongsToTheMachine() {
    assertThat(new Memory().quantities()).noneMatch(Metric.Quantity::reproducible);
    assertThatThrownBy(() -> new Memory(0)).hasMessage("batch must be at least 1, was 0");
  }

  /** In a process of its own: here, memory that earlier tests gave back would be taken again. */
  @Test
  @Tag("engine")
  @EnabledOnOs(OS.LINUX)
  void peaksWhereAModelOfManyMegabytesIsLoaded() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryTest.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    List<String> lines = said.lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("memory/before ");
    assertThat(lines.get(1)).startsWith("memory/peak ");
    assertThat(number(lines.get(1))).isGreaterThan(number(lines.get(0)) + 30);
  }

  private static double number(String line) {
    return Double.parseDouble(line.substring(line.indexOf(' ')));
  }

  /** Measures a model with 36 MB of weights. */
  public static void main(String[] folder) throws IOException {
    Architecture net =
        new Architecture(new Shape(4), List.of(new Linear("a", 3000), new Linear("b", 3000)));
    Checkpoint model = new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 1));
    for (Metric.Value value :
        Evaluation.measure(model, List.of(new Memory(2)), new Here(Path.of(folder[0])))
            .values()
            .iterator()
            .next()) {
      System.out.println(value.quantity() + " " + value.value());
    }
  }

  private record Here(Path folder) implements Evaluation.Setting {
    @Override
    public Examples data(Split split) {
      return new RecordedContext(TASK, new float[1][4], new float[1][2]).examples();
    }

    @Override
    public Task task() {
      return TASK;
    }

    @Override
    public ai.djl.Device device() {
      return ai.djl.Device.cpu();
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
}
