package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.ResultRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedAgainTest {
  @TempDir Path folder;
  private List<String> own = List.of();

  @BeforeEach
  void aRunWithItsCheckpoints() throws IOException {
    new RunFixture().filled().writeTo(folder);
    own = Files.readAllLines(folder.resolve("timings.jsonl"));
    checkpoints(own);
  }

  /** Timings have the fields of checkpoints but for these; whatever else they have is not read. */
  private void checkpoints(List<String> timings) throws IOException {
    Files.write(
        folder.resolve("checkpoints.jsonl"),
        timings.stream()
            .map(line -> line.substring(0, line.length() - 1))
            .map(line -> line + ",\"branch\":\"\",\"store\":\"store\"}")
            .toList());
  }

  /** Timings of so many lines of the run's, ten times as slow. */
  private void again(String machine, int lines) throws IOException {
    Files.createDirectories(folder.resolve("timings"));
    Files.writeString(
        folder.resolve("timings").resolve(machine + "-cpu-2.jsonl"),
        own.stream()
            .limit(lines)
            .map(
                line ->
                    line.replace("\"machine\":\"m1\"", "\"machine\":\"" + machine + "\"")
                        .replaceFirst("\"value\":[^,]+", "\"value\":7.5"))
            .map(line -> line.substring(0, line.length() - 1))
            .map(line -> line + ",\"device\":\"cpu\",\"processor\":\"P\",\"cores\":4,")
            .map(line -> line + "\"system\":\"S\",\"rounds\":[7.5,7.5,7.5]}\n")
            .collect(Collectors.joining()));
  }

  private static List<Double> latencies(List<ResultRow> rows) {
    return rows.stream()
        .filter(row -> row.metric().startsWith("latency"))
        .map(ResultRow::value)
        .distinct()
        .toList();
  }

  @Test
  void anotherMachineHasATableOfItsOwn() throws IOException {
    again("m2", own.size());
    RunFolder run = RunFolder.read(folder);
    assertThat(latencies(run.rows())).hasSizeGreaterThan(1).doesNotContain(7.5);
    assertThat(run.elsewhere())
        .singleElement()
        .satisfies(
            other -> {
              assertThat(latencies(other.rows())).containsExactly(7.5);
              assertThat(other.title())
                  .isEqualTo(
                      "Timings on P, 4 logical cores, S, cpu, 2 threads: median of 3 rounds");
            });
    Report.write(folder);
    assertThat(folder.resolve("report.html")).content().contains("Timings on P, 4 logical cores");
    assertThat(folder.resolve("table.md")).content().contains("## Timings on P, 4 logical cores");
  }

  @Test
  void theRunsOwnMachineReplacesItsTimings() throws IOException {
    again("m1", own.size());
    RunFolder run = RunFolder.read(folder);
    assertThat(latencies(run.rows())).containsExactly(7.5);
    assertThat(run.rows()).hasSameSizeAs(new RunFixture().filled().rows());
    assertThat(run.elsewhere()).isEmpty();
    assertThat(run.notes())
        .singleElement()
        .asString()
        .startsWith("Timed again on the run's machine and shown in place of");
  }

  @Test
  void aQuantityIsReplacedWholeOrNotAtAll() throws IOException {
    again("m1", own.size() - 3);
    RunFolder run = RunFolder.read(folder);
    assertThat(latencies(run.rows())).doesNotContain(7.5);
    assertThat(run.notes()).singleElement().asString().contains("not of the same checkpoints");
  }

  @Test
  void whatIsOfCheckpointsThatAreGoneIsLeftOut() throws IOException {
    again("m2", own.size());
    checkpoints(own.subList(0, own.size() - 3));
    RunFolder run = RunFolder.read(folder);
    assertThat(run.elsewhere().get(0).rows()).hasSize(own.size() - 3);
    assertThat(run.notes())
        .singleElement()
        .asString()
        .startsWith("3 of the %d timings in timings/m2-cpu-2.jsonl".formatted(own.size()));
  }
}
