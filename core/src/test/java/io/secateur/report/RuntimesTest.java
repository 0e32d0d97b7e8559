package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.study.RunInfo;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** A model and a smaller one, each measured in two engines. */
class RuntimesTest {
  private final RunFixture fixture = new RunFixture().arms("int8").seeds(1L);

  private void row(int round, String metric, double value, String unit) {
    fixture.with(RunFixture.measured("int8", 1, round, metric, value, unit));
  }

  private void engine(int round) {
    row(round, "accuracy", 97.5 - round, "%");
    row(round, "latency/batch-64/median", 0.002, "s");
    row(round, "latency/batch-64/p90", 0.003, "s");
    row(round, "latency/batch-1/median", 0.0005, "s");
  }

  private void runtime(int round) {
    row(round, "onnx-accuracy", 97.4 - round, "%");
    row(round, "onnx-accuracy/agreement", 99.9, "%");
    for (String threads : new String[] {"1", "all"}) {
      double share = threads.equals("1") ? 1 : 0.5;
      row(round, "onnx-latency/batch-1/threads-" + threads + "/median", 0.0001 * share, "s");
      row(round, "onnx-latency/batch-64/threads-" + threads + "/median", 0.001 * share, "s");
      row(round, "onnx-latency/batch-64/threads-" + threads + "/p90", 0.0011 * share, "s");
      row(round, "onnx-latency/batch-64/threads-" + threads + "/throughput", 64e3, "examples/s");
    }
  }

  private Measurements measurements() {
    return new Measurements(fixture.info(), fixture.rows());
  }

  @Test
  void setsTheEnginesSideBySide() {
    for (int round = 0; round < 2; round++) {
      engine(round);
      runtime(round);
    }
    Table table = new Runtimes(measurements(), 2).table();

    assertThat(table.title()).isEqualTo("Inference runtimes");
    assertThat(table.header("Arm"))
        .containsExactly(
            "Arm",
            "Iteration",
            "DJL, PyTorch: accuracy (%)",
            "DJL, PyTorch: latency (s), batch 1, 2 threads",
            "DJL, PyTorch: latency (s), batch 64, 2 threads",
            "ONNX Runtime: accuracy (%)",
            "ONNX Runtime: latency (s), batch 1, 1 thread",
            "ONNX Runtime: latency (s), batch 64, 1 thread",
            "ONNX Runtime: latency (s), batch 1, 2 threads",
            "ONNX Runtime: latency (s), batch 64, 2 threads",
            "TensorRT");
    assertThat(table.rows())
        .hasSize(2)
        .last()
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .startsWith("int8", "1", "96.50")
        .contains("96.40", "not tested");
  }

  @Test
  void saysWhatWasNotMeasured() {
    runtime(0);

    Table table = new Runtimes(measurements(), 1).table();
    assertThat(table.header("Arm").get(2)).isEqualTo("DJL, PyTorch");
    assertThat(table.rows().get(0).get(2)).isEqualTo("not measured");
  }

  @Test
  void isLeftOutWhereModelsRanInOneEngine() {
    engine(0);

    assertThat(new Runtimes(measurements(), 1).table().isEmpty()).isTrue();
  }

  @Test
  void whatStandsThereIsNotAmongAllOthers() {
    engine(0);
    runtime(0);

    assertThat(new MainTable(measurements(), 2).further().header("Arm"))
        .contains(
            "Same class in ONNX Runtime (%)",
            "ONNX Runtime latency (s), batch 64, all threads, p90",
            "ONNX Runtime throughput (examples/s), batch 64, 1 thread")
        .noneMatch(title -> title.contains("threads, median") && title.contains("ONNX"));
    assertThat(new MainTable(measurements(), 2).csv())
        .contains("\"ONNX Runtime latency (s), batch 64, all threads, median\"");
  }

  @Test
  void figuresShowTheLargestBatchWithAllThreads() {
    engine(0);
    runtime(0);
    RunInfo info = fixture.info();
    Chart chart = new Charts(info, measurements()).runtimeLatency("onnx-latency-accuracy");

    Chart.Dot dot = chart.panels().get(0).curves().get(0).dots().get(0);
    assertThat(dot.x().mean()).isEqualTo(0.5);
    assertThat(dot.y().mean()).isEqualTo(97.4);
    assertThat(chart.panels().get(0).xTitle())
        .startsWith("Median latency in ONNX Runtime (ms), batch 64, ");
  }

  @Test
  void aFigureOfWhatWasNotMeasuredIsNotDrawn() {
    engine(0);
    Charts charts = new Charts(fixture.info(), measurements());

    assertThatThrownBy(() -> charts.runtimeLatency("onnx-latency-accuracy"))
        .isInstanceOf(NotDrawnException.class)
        .hasMessage("onnx-latency was not measured");
  }

  @Test
  void otherNamesAreNoTimes() {
    assertThat(RuntimeTiming.of("onnx-latency/batch-64/threads-all/p10"))
        .contains(new RuntimeTiming(64, 0, "p10"));
    assertThat(RuntimeTiming.of("latency/batch-64/median")).isEmpty();
    assertThat(RuntimeTiming.of("onnx-latency/batch-x/threads-1/median")).isEmpty();
    assertThat(RuntimeTiming.of("onnx-latency/batch-1/threads-9999999999/median")).isEmpty();
  }
}
