package io.secateur.study;

import io.secateur.spi.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was timed again on one machine with one number of threads: {@code
 * timings/MACHINE-DEVICE-THREADS.jsonl} in a run's folder. Lines are those of {@code timings.jsonl}
 * but for their key, which is the checkpoint's; they also say what the machine is, and what each
 * round gave. No run writes here; timing again replaces the lines of the quantities it takes.
 */
final class TimingFile {
  private final Path run;
  private final RunInfo.Machine machine;
  private final int threads;
  private final String at;

  /**
   * A file.
   *
   * @param at when it was timed, ISO 8601
   */
  TimingFile(Path run, RunInfo.Machine machine, int threads, String at) {
    this.run = run;
    this.machine = machine;
    this.threads = threads;
    this.at = at;
  }

  /** A line, as far as it is looked at before it is kept. */
  private record Line(String metric) {}

  /**
   * Writes what was timed.
   *
   * @param values by checkpoint, for every round
   */
  Path write(
      Map<CheckpointRef, Map<String, String>> places,
      List<Metric> metrics,
      Map<String, List<List<Metric.Value>>> values)
      throws IOException {
    Path file =
        run.resolve("timings")
            .resolve(
                "%s-%s-%d.jsonl".formatted(Facts.identity(machine), machine.device(), threads));
    Files.createDirectories(file.getParent());
    List<Metric.Quantity> quantities =
        metrics.stream()
            .flatMap(metric -> metric.quantities().stream())
            .filter(quantity -> !quantity.reproducible())
            .toList();
    Set<String> taken = quantities.stream().map(Metric.Quantity::name).collect(Collectors.toSet());
    List<String> lines = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!taken.contains(Json.read(line, Line.class).metric())) {
          lines.add(line);
        }
      }
    }
    places.forEach(
        (place, axes) -> {
          List<List<Metric.Value>> rounds = values.getOrDefault(place.key(), List.of());
          for (Metric.Quantity quantity : quantities) {
            Set<String> layers =
                rounds.stream()
                    .flatMap(List::stream)
                    .filter(value -> value.quantity().equals(quantity.name()))
                    .map(Metric.Value::layer)
                    .collect(Collectors.toSet());
            layers.stream()
                .sorted()
                .forEach(layer -> lines.add(line(place, axes, quantity, layer, rounds)));
          }
        });
    Durable.replace(file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    return file;
  }

  private String line(
      CheckpointRef place,
      Map<String, String> axes,
      Metric.Quantity quantity,
      String layer,
      List<List<Metric.Value>> rounds) {
    List<Double> each =
        rounds.stream()
            .flatMap(List::stream)
            .filter(value -> value.quantity().equals(quantity.name()))
            .filter(value -> value.layer().equals(layer))
            .map(Metric.Value::value)
            .toList();
    ResultRow row =
        new ResultRow(
            place.key(),
            place.arm(),
            axes,
            place.seed(),
            place.round(),
            place.stage(),
            place.label(),
            place.branch(),
            "measure",
            quantity.name(),
            median(each),
            quantity.unit(),
            "test",
            0,
            layer);
    Map<String, Object> line = row.timed(Facts.identity(machine), threads, at);
    line.put("device", machine.device());
    line.put("processor", machine.processor());
    line.put("cores", machine.cores());
    line.put("system", machine.system());
    line.put("rounds", each);
    return Json.line(line);
  }

  /** The middle one; of an even number, the mean of the two in the middle. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
