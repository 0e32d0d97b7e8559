package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.secateur.spi.Controls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs with several worker processes. */
class WorkersTest {
  private static final String STUDY =
      Lab.study(
          "seeds: [1, 2, 3]",
          "pipeline:",
          "  - train: {nap: 5}",
          "  - ${arm}",
          "grid:",
          "  arm:",
          "    tuned: {rounds: 2, stages: [prune, tune]}",
          "    rewound: {rounds: 2, stages: [prune, rewind: {step: 3}, train: {nap: 5}]}",
          "measure: [total, sparsity, jitter]");

  @TempDir static Path folder;
  private static String one = "";

  private final List<String> heard = new ArrayList<>();
  private final Set<Thread> threads = new HashSet<>();

  private final RunListener listener =
      new RunListener() {
        @Override
        public void finished(Piece piece, double seconds) {
          hear("done " + piece.node().key());
        }

        @Override
        public void reused(Piece piece) {
          hear("done " + piece.node().key());
        }

        @Override
        public void failed(Piece piece, String message) {
          hear("failed " + piece.what() + ": " + message);
        }

        @Override
        public void warned(String line) {
          hear("warning: " + line);
        }

        private synchronized void hear(String line) {
          threads.add(Thread.currentThread());
          heard.add(line);
        }
      };

  /** What one worker gives. */
  @BeforeAll
  static void oneWorker() throws IOException {
    Path file = Files.writeString(folder.resolve("toy.yaml"), STUDY);
    Lab.studies(Clock.systemUTC()).run(file, new RunOptions().out(folder.resolve("one")));
    one = results("one");
  }

  private RunOutcome run(String name, String text, int workers) {
    try {
      Path file = Files.writeString(folder.resolve("toy.yaml"), text);
      heard.clear();
      RunOptions options = new RunOptions().out(folder.resolve(name)).workers(workers);
      return Lab.studies(Clock.systemUTC()).run(file, options.listener(listener));
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static String results(String name) throws IOException {
    return Files.readString(folder.resolve(name).resolve("results.jsonl"));
  }

  private List<String> warnings() {
    return heard.stream().filter(line -> line.startsWith("warning: worker")).toList();
  }

  @Test
  void theirNumberChangesNoResult() throws IOException {
    RunOutcome three = run("three", STUDY, 3);
    assertThat(three.exitCode()).isZero();
    assertThat(results("three")).isEqualTo(one);
    assertThat(heard.stream().filter(line -> line.startsWith("done ")))
        .doesNotHaveDuplicates()
        .hasSize(three.plan().nodes().size());
    assertThat(threads).containsExactly(Thread.currentThread());
    assertThat(folder.resolve("three/worker.log")).exists();
    assertThat(folder.resolve("three/worker-3.log")).exists();
    assertThat(folder.resolve("three/store/tmp")).isEmptyDirectory();
  }

  @Test
  void killedOnesLoseTheirStepOnly() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    CompletableFuture<RunOutcome> killed =
        CompletableFuture.supplyAsync(() -> run("killed", STUDY, 3));
    Path steps = folder.resolve("killed/store/steps");
    while (!killed.isDone() && (!Files.exists(steps) || isEmpty(steps))) {
      // Workers that end before any has begun a step say that none can be started.
      Thread.sleep(5);
    }
    Set<Long> victims = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Optional<ProcessHandle> victim = Optional.empty();
      while (victim.isEmpty() && !killed.isDone()) {
        Thread.sleep(50 + random.nextInt(250));
        List<ProcessHandle> workers = workers();
        victim = workers.stream().skip(random.nextInt(workers.size() + 1)).findFirst();
      }
      victim.filter(ProcessHandle::destroyForcibly).ifPresent(dead -> victims.add(dead.pid()));
    }
    RunOutcome outcome = killed.join();
    assertThat(victims).as("seed %d", seed).isNotEmpty();
    // Who was killed twice over the same step has failed it; running again mends that.
    RunOutcome whole = outcome.complete() ? outcome : run("killed", STUDY, 2);
    assertThat(whole.exitCode()).as("seed %d", seed).isZero();
    assertThat(results("killed")).as("seed %d", seed).isEqualTo(one);
    assertThat(folder.resolve("killed/store/tmp")).isEmptyDirectory();
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  /** This process has no other children. */
  private static List<ProcessHandle> workers() {
    return ProcessHandle.current().children().toList();
  }

  @Test
  void whatIsTimedIsAlone() throws IOException {
    // Steps long enough that the last worker starts while the first has some left.
    Path seen = Files.createDirectory(folder.resolve("seen"));
    RunOutcome outcome =
        run(
            "alone",
            Lab.study(
                "seeds: [1, 2, 3]",
                "pipeline:",
                "  - {rounds: {rounds: 3, stages: [watch: {folder: %s, millis: 400}]}}"
                    .formatted(seen),
                "measure: [total, clock: {folder: %s}]".formatted(seen)),
            3);
    assertThat(outcome.exitCode()).isZero();
    assertThat(seen.resolve("together")).as("steps ran beside each other").exists();
    assertThat(seen.resolve("disturbed")).doesNotExist();
    assertThat(Files.readString(folder.resolve("alone/timings.jsonl")).lines()).hasSize(12);
  }

  @Test
  void whoMustBeAloneIsNotKeptWaitingByOthersThatGoOn() throws Exception {
    Path seen = Files.createDirectory(folder.resolve("seen-too"));
    Path endless = folder.resolve("endless.yaml");
    Files.writeString(
        endless,
        Lab.study(
            "pipeline:",
            "  - {rounds: {rounds: 400, stages: [watch: {folder: %s, millis: 40}]}}"
                .formatted(seen),
            "measure: [total]"));
    Path store = folder.resolve("endless/store");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ToyRun.class.getName(),
                endless.toString(),
                folder.resolve("endless").toString(),
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("endless.log").toFile())
            .start();
    try {
      while (other.isAlive() && (!Files.exists(store.resolve("steps")) || isEmpty(seen))) {
        Thread.sleep(5);
      }
      Path file =
          Files.writeString(
              folder.resolve("timing.yaml"),
              Lab.study("pipeline: [tune]", "measure: [clock: {folder: %s}]".formatted(seen)));
      RunOptions options = new RunOptions().out(folder.resolve("timing")).store(store).workers(2);
      assertThat(Lab.studies(Clock.systemUTC()).run(file, options).exitCode()).isZero();
      assertThat(other.isAlive()).as("the other run goes on").isTrue();
      assertThat(seen.resolve("disturbed")).doesNotExist();
    } finally {
      List<ProcessHandle> children = other.children().toList();
      other.destroyForcibly().waitFor();
      for (ProcessHandle child : children) {
        child.onExit().get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aStepThatEndsThemTwiceFailsAlone() throws IOException {
    RunOutcome outcome =
        run(
            "quitting",
            Lab.study(
                "pipeline: [train: {nap: 5}, \"${arm}\"]",
                "grid:",
                "  arm:",
                "    quitting: [quit, tune]",
                "    diverging: [burst, tune]",
                "    fine: [nap: {millis: 300}, prune: {cells: 2}]",
                "measure: [total]"),
            2);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.info().failures())
        .extracting(RunInfo.Failure::arm, RunInfo.Failure::stage)
        .containsExactly(tuple("quitting", "quit"), tuple("diverging", "burst"));
    assertThat(outcome.info().failures().get(0).message())
        .startsWith("ended its worker process twice (exit status 0); the log is ");
    assertThat(heard.stream().filter(line -> line.startsWith("failed "))).hasSize(2);
    assertThat(warnings())
        .singleElement()
        .asString()
        .matches("warning: worker process \\d ended \\(exit status 0\\) while running quit; .*");
    assertThat(results("quitting").lines().filter(line -> line.contains("\"fine\""))).hasSize(2);
  }

  @Test
  void ofMeasurementsTakenTogetherOnlyTheOneThatEndsThemFails() throws IOException {
    RunOutcome outcome =
        run("leaving", Lab.study("pipeline: [tune]", "measure: [total, leave, sparsity]"), 1);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.info().failures())
        .extracting(RunInfo.Failure::stage)
        .containsExactly("leave");
    assertThat(heard)
        .contains(
            "warning: the worker process ended (exit status 5) while taking 3 measurements;"
                + " they are taken one by one");
    assertThat(results("leaving"))
        .contains("\"total\"", "\"sparsity\"")
        .doesNotContain("\"leave\"");
  }

  @Test
  void aStepThatGivesNoSignOfLifeFailsAndOneThatSpeaksMayTakeLonger() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("toy.yaml"),
            Lab.study(
                "pipeline: [\"${arm}\"]",
                "grid:",
                "  arm:",
                "    hanging: {nap: {millis: 1000000}}",
                "    slow: {train: {epochs: 1, batch: 4, nap: 400}}",
                "measure: [total]"));
    heard.clear();
    RunOptions options =
        new RunOptions()
            .out(folder.resolve("hanging"))
            .workers(2)
            .stepLimit(Duration.ofSeconds(3))
            .listener(listener);
    RunOutcome outcome = Lab.studies(Clock.systemUTC()).run(file, options);
    assertThat(outcome.info().failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.arm()).isEqualTo("hanging");
              assertThat(failure.message())
                  .startsWith("gave no sign of life for 3 s, and was ended; --step-limit");
            });
    assertThat(warnings()).isEmpty();
    assertThat(workers()).isEmpty();
  }

  @Test
  void aFailingStartIsToldOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("toy.yaml"), STUDY);
    Studies studies =
        new Studies(
            Toys.catalogs(),
            new Lab.NoFiles(),
            new Planners(Toys.catalogs(), new Lab.NoFiles(), new Setup(), Controls.NONE),
            new Setup(),
            new WorkerCommand("no.such.Worker", List.of()),
            Clock.systemUTC());
    RunOptions options = new RunOptions().out(folder.resolve("run")).workers(3);
    assertThatThrownBy(() -> studies.run(file, options.listener(listener)))
        .isInstanceOf(StudyException.class)
        .hasMessageMatching(
            "worker process \\d ends before it has done anything \\(exit status 1\\); its log is"
                + " .*");
    assertThat(warnings()).isEmpty();
    assertThat(workers()).isEmpty();
  }

  @Test
  void aCrowdIsWarnedOf() throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    String text = Lab.study("pipeline: [nap]", "measure: [total]");
    String plural = processors == 1 ? "" : "s";
    run("crowd", text.replace("threads: 2", "threads: " + processors), 2);
    assertThat(heard)
        .contains(
            "warning: 2 workers with %d engine thread%s each share %d processor%s; fewer may be faster"
                .formatted(processors, plural, processors, plural));
  }
}
