package io.secateur.study;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a study is run.
 *
 * @param out the run's folder; {@code runs/<study>} when empty
 * @param store the folder of finished steps; {@code store} in the run's folder when empty
 * @param sets changes to the study, {@code path=value} each
 * @param seeds instead of the study's: {@code 1,2,3} or {@code 1..5}
 * @param workers processes that run steps, each with the study's threads; at least 1
 * @param memory the heap of each worker as Java writes it, {@code 8g}; Java's own choice when empty
 * @param stepLimit how long a step may give no sign of life, neither a line nor progress nor a look
 *     at an example, before its worker is ended and the step has failed; zero for ever
 */
public record RunOptions(
    Optional<Path> out,
    Optional<Path> store,
    List<String> sets,
    Optional<String> seeds,
    int workers,
    Optional<String> memory,
    Duration stepLimit,
    RunListener listener) {
  /** Far beyond the silence of whatever works: built-in steps speak every few seconds. */
  public static final Duration STEP_LIMIT = Duration.ofHours(1);

  public RunOptions {
    sets = List.copyOf(sets);
    if (workers < 1) {
      throw new IllegalArgumentException("a run has at least 1 worker, was asked for " + workers);
    }
    memory.ifPresent(
        size -> {
          if (!size.matches("[1-9][0-9]*[mMgGtT]")) {
            throw new IllegalArgumentException(
                "a worker's memory is written 512m or 8g, was '" + size + "'");
          }
        });
    if (stepLimit.isNegative()) {
      throw new IllegalArgumentException("a step's limit cannot be negative, was " + stepLimit);
    }
  }

  /** Everything as the study says. */
  public RunOptions() {
    this(
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        1,
        Optional.empty(),
        STEP_LIMIT,
        RunListener.SILENT);
  }

  /** Returns these options with another folder for the run. */
  public RunOptions out(Path folder) {
    return new RunOptions(
        Optional.of(folder), store, sets, seeds, workers, memory, stepLimit, listener);
  }

  /** Returns these options with another folder for finished steps. */
  public RunOptions store(Path folder) {
    return new RunOptions(
        out, Optional.of(folder), sets, seeds, workers, memory, stepLimit, listener);
  }

  /** Returns these options with other changes to the study. */
  public RunOptions sets(List<String> changes) {
    return new RunOptions(out, store, changes, seeds, workers, memory, stepLimit, listener);
  }

  /** Returns these options with other seeds: {@code 1,2,3} or {@code 1..5}. */
  public RunOptions seeds(String list) {
    return new RunOptions(
        out, store, sets, Optional.of(list), workers, memory, stepLimit, listener);
  }

  /** Returns these options with another number of processes that run steps. */
  public RunOptions workers(int processes) {
    return new RunOptions(out, store, sets, seeds, processes, memory, stepLimit, listener);
  }

  /** Returns these options with another heap of each worker: {@code 8g}. */
  public RunOptions memory(String size) {
    return new RunOptions(out, store, sets, seeds, workers, Optional.of(size), stepLimit, listener);
  }

  /** Returns these options with another limit to the silence of a step; zero for none. */
  public RunOptions stepLimit(Duration silence) {
    return new RunOptions(out, store, sets, seeds, workers, memory, silence, listener);
  }

  /** Returns these options with another listener. */
  public RunOptions listener(RunListener other) {
    return new RunOptions(out, store, sets, seeds, workers, memory, stepLimit, other);
  }

  /** Returns all changes to the study as overrides. */
  List<String> overrides() {
    if (seeds.isEmpty()) {
      return sets;
    }
    return Stream.concat(sets.stream(), Stream.of(Seeding.override(seeds.get()))).toList();
  }

  /** Returns a fault that names what was typed, where what was typed stands for something else. */
  String asTyped(String fault) {
    return seeds
        .map(
            list -> fault.replace("--set " + Seeding.override(list) + ":", "--seeds " + list + ":"))
        .orElse(fault);
  }

  Path folder(Study study) {
    return out.orElse(Path.of("runs", study.name()));
  }

  Path storeFolder(Study study) {
    Path folder = store.orElseGet(() -> folder(study).resolve("store"));
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new StudyException(folder + " is a file; finished steps are kept in a folder");
    }
    return folder;
  }
}
