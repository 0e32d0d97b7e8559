package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a run or of its worker, at random moments, loses and corrupts nothing. */
class KillTest {
  private static final String STUDY =
      Lab.study(
          "seeds: [1, 2]",
          "pipeline:",
          "  - train: {nap: 10}",
          "  - ${arm}",
          "grid:",
          "  arm:",
          "    tuned: {rounds: 2, stages: [prune, tune]}",
          "    rewound: {rounds: 2, stages: [prune, rewind: {step: 3}, train: {nap: 10}]}",
          "measure: [total, sparsity]");

  @TempDir static Path folder;

  /** What an undisturbed run gives. */
  @BeforeAll
  static void undisturbed() throws Exception {
    finish(start("whole"), "whole");
  }

  private static Process start(String name) throws IOException {
    Path file = folder.resolve("toy.yaml");
    Files.writeString(file, STUDY);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ToyRun.class.getName(),
            file.toString(),
            folder.resolve(name).toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private static void finish(Process run, String name) throws Exception {
    assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(Files.readString(folder.resolve(name + ".log"))).isZero();
  }

  /** The parameters and masks of every step: what its manifest says but for when and how long. */
  private Map<String, String> steps(String name) throws IOException {
    Map<String, String> steps = new TreeMap<>();
    Store store = Store.open(folder.resolve(name).resolve("store"), Clock.systemUTC());
    for (Manifest manifest : store.manifests()) {
      if (manifest.model() != null) {
        store.checkpoint(manifest.key());
      }
      steps.put(manifest.key(), manifest.model() + " " + manifest.rows() + " " + manifest.values());
    }
    return steps;
  }

  private int published(String name) throws IOException {
    Path steps = folder.resolve(name).resolve("store/steps");
    if (!Files.isDirectory(steps)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(steps)) {
      return (int) files.count();
    }
  }

  /** Waits until so many steps are published, or the run is over. */
  private void await(Process run, int steps) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (published("killed") < steps && run.isAlive()) {
      assertThat(System.nanoTime()).as("no step is published for a minute").isLessThan(end);
      Thread.sleep(2);
    }
  }

  @Test
  void losesAndCorruptsNothing() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int all = published("whole");
    int workers = 0;
    int runs = 0;
    int before = 0;
    for (boolean worker : List.of(false, true, false, true)) {
      // Some steps after what is there already, and then anywhere within a step.
      Process run = start("killed");
      await(run, before + 1 + random.nextInt(Math.max(1, all / 6)));
      Thread.sleep(random.nextInt(60));
      Optional<ProcessHandle> first = run.children().findFirst();
      if (worker && first.isPresent() && first.get().destroyForcibly()) {
        workers++;
        // The run starts another worker, which goes on.
        await(run, published("killed") + 1);
        assertThat(run.isAlive() || run.exitValue() == 0).as("seed %d", seed).isTrue();
        Thread.sleep(random.nextInt(60));
      }
      List<ProcessHandle> children = run.children().toList();
      runs += run.isAlive() ? 1 : 0;
      run.destroyForcibly().waitFor();
      for (ProcessHandle child : children) {
        child.onExit().get(20, TimeUnit.SECONDS);
      }
      int now = published("killed");
      assertThat(now).as("seed %d", seed).isGreaterThanOrEqualTo(before);
      before = now;
    }
    assertThat(workers).as("workers killed, seed %d", seed).isPositive();
    assertThat(runs).as("runs killed, seed %d", seed).isPositive();
    finish(start("killed"), "killed");
    assertThat(steps("killed")).as("seed %d", seed).isEqualTo(steps("whole"));
    assertThat(Files.readString(folder.resolve("killed/results.jsonl")))
        .isEqualTo(Files.readString(folder.resolve("whole/results.jsonl")));
    assertThat(folder.resolve("killed/store/tmp")).isEmptyDirectory();
  }

  @Test
  void twoRunsOnOneStoreShareTheWork() throws Exception {
    Process one = start("shared");
    Process two = start("shared");
    finish(one, "shared");
    finish(two, "shared");
    assertThat(steps("shared")).isEqualTo(steps("whole"));
    assertThat(Files.readString(folder.resolve("shared/results.jsonl")))
        .isEqualTo(Files.readString(folder.resolve("whole/results.jsonl")));
  }
}
