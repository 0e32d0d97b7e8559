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
import tools.jackson.core.JacksonException;

/**
 * What was timed again on one machine with one number of threads: {@code
 * timings/MACHINE-DEVICE-THREADS.jsonl} in a run's folder. Lines are those of {@code timings.jsonl}
 * but for their key, which is the checkpoint's; they also say what the machine is, and what each
 * round gave. No run writes here; timing again replaces the lines of the quantities it takes.
 */
final class TimingFile {
  private final Path file;
  private final RunInfo.Machine machine;
  private final int threads;
  private final List<Metric.Quantity> quantities;
  private final List<String> kept = new ArrayList<>();

  /**
   * A file; what it has of other metrics is read at once, before anything is timed in vain.
   *
   * @param metrics that are to be timed
   * @throws StudyException when it is damaged
   */
  TimingFile(Path run, RunInfo.Machine machine, int threads, List<Metric> metrics)
      throws IOException {
    this.file =
        run.resolve("timings")
            .resolve(
                "%s-%s-%d.jsonl".formatted(Facts.identity(machine), machine.device(), threads));
    this.machine = machine;
    this.threads = threads;
    this.quantities =
        metrics.stream()
            .flatMap(metric -> metric.quantities().stream())
            .filter(quantity -> !quantity.reproducible())
            .toList();
    Set<String> taken = quantities.stream().map(Metric.Quantity::name).collect(Collectors.toSet());
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!taken.contains(read(line).metric())) {
          kept.add(line);
        }
      }
    }
  }

  /** A line, as far as it is looked at before it is kept. */
  private record Line(String metric) {}

  private Line read(String line) {
    try {
      return Json.read(line, Line.class);
    } catch (JacksonException e) {
      throw new StudyException(file + " is damaged; without it all is timed anew", e);
    }
  }

  /**
   * Writes what was timed.
   *
   * @param values by checkpoint, for every round
   * @param at when it was timed, ISO 8601
   */
  Path write(
      Map<CheckpointRef, Map<String, String>> places,
      Map<String, List<List<Metric.Value>>> values,
      String at)
      throws IOException {
    Files.createDirectories(file.getParent());
    List<String> lines = new ArrayList<>(kept);
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
                .forEach(layer -> lines.add(line(place, axes, quantity, layer, rounds, at)));
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
      List<List<Metric.Value>> rounds,
      String at) {
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
