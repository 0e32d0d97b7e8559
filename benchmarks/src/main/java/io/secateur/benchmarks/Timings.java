package io.secateur.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Has JMH time benchmarks, each in a process of its own that has the flags of this one. */
final class Timings {
  private final Path folder;
  private final boolean quick;
  private final List<RunResult> results = new ArrayList<>();

  /**
   * Timings.
   *
   * @param folder for JMH's own output and its results
   */
  Timings(Path folder, boolean quick) {
    this.folder = folder;
    this.quick = quick;
  }

  /** Returns the seconds of one call, by iteration. */
  List<Double> seconds(Row row) throws IOException, RunnerException {
    Files.createDirectories(folder);
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("^" + row.method().replace(".", "\\.") + "$")
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.SECONDS)
        .forks(1)
        .warmupIterations(quick ? 1 : 3)
        .warmupTime(TimeValue.milliseconds(quick ? 500 : 1000))
        .measurementIterations(quick ? 3 : 5)
        .measurementTime(TimeValue.milliseconds(quick ? 300 : 500))
        .shouldFailOnError(true)
        .output(folder.resolve("jmh-%03d.txt".formatted(results.size())).toString());
    if (!row.work().isEmpty()) {
      options.param("work", row.work());
    }
    Options built = options.build();
    RunResult result = new Runner(built).runSingle();
    results.add(result);
    List<Double> seconds = new ArrayList<>();
    result
        .getBenchmarkResults()
        .forEach(
            fork -> {
              for (IterationResult iteration : fork.getIterationResults()) {
                seconds.add(iteration.getPrimaryResult().getScore());
              }
            });
    return seconds;
  }

  /** Writes all results in JMH's own format. */
  void write(Path file) throws IOException {
    try (PrintStream stream = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, stream).writeOut(results);
    }
  }
}
