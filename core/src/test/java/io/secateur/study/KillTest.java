package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
    return start(name, name);
  }

  /** Starts a run in a folder of its own, and on the store of another or its own. */
  private static Process start(String name, String owner) throws IOException {
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
            folder.resolve(name).toString(),
            folder.resolve(owner).resolve("store").toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private static void finish(Process run, String name) throws Exception {
    assertThat(run.waitFor(5, TimeUnit.MINUTES)).isTrue();
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

  private Set<String> published(String name) throws IOException {
    Path steps = folder.resolve(name).resolve("store/steps");
    if (!Files.isDirectory(steps)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(steps)) {
      return files.map(each -> each.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  /** Waits until so many steps are published, or the run is over. */
  private void await(Process run, String name, int steps) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (published(name).size() < steps && run.isAlive()) {
      assertThat(System.nanoTime()).as("no step is published for five minutes").isLessThan(end);
      Thread.sleep(2);
    }
  }

  /** What was killed so far. */
  private static final class Toll {
    private int workers;
    private int runs;
    private int started;
    private int studies;
    private Set<String> before = Set.of();
  }

  /** Starts a run, kills its worker if asked and then the run, each at a random moment. */
  private void kill(String name, boolean worker, SplittableRandom random, Toll toll)
      throws Exception {
    int all = published("whole").size();
    // Some steps after what is there already, and then anywhere within a step.
    Process run = start(name);
    toll.started++;
    await(run, name, toll.before.size() + 1 + random.nextInt(Math.max(1, all / 6)));
    Thread.sleep(random.nextInt(60));
    Optional<ProcessHandle> first = run.children().findFirst();
    if (worker && first.isPresent() && first.get().destroyForcibly()) {
      toll.workers++;
      // The run starts another worker, which goes on.
      await(run, name, published(name).size() + 1);
      assertThat(run.isAlive() || run.exitValue() == 0).isTrue();
      Thread.sleep(random.nextInt(60));
    }
    List<ProcessHandle> children = run.children().toList();
    toll.runs += run.isAlive() ? 1 : 0;
    run.destroyForcibly().waitFor();
    for (ProcessHandle child : children) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }
    Set<String> now = published(name);
    assertThat(now).containsAll(toll.before);
    toll.before = now;
  }

  private void sameAsUndisturbed(String name) throws Exception {
    finish(start(name), name);
    assertThat(steps(name)).isEqualTo(steps("whole"));
    assertThat(Files.readString(folder.resolve(name).resolve("results.jsonl")))
        .isEqualTo(Files.readString(folder.resolve("whole/results.jsonl")));
    assertThat(folder.resolve(name).resolve("store/tmp")).isEmptyDirectory();
  }

  @Test
  void losesAndCorruptsNothing() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Toll toll = new Toll();
    try {
      for (boolean worker : List.of(false, true)) {
        kill("killed", worker, random, toll);
      }
      assertThat(toll.workers).as("workers killed").isPositive();
      assertThat(toll.runs).as("runs killed").isPositive();
      sameAsUndisturbed("killed");
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  /** A hundred kills, half of workers, over as many studies as that takes. */
  @Test
  @Tag("stress")
  void losesAndCorruptsNothingInAHundredKills() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Toll toll = new Toll();
    int all = published("whole").size();
    try {
      while (toll.runs + toll.workers < 100) {
        String name = "study-" + toll.studies++;
        toll.before = Set.of();
        while (toll.before.size() < all && toll.runs + toll.workers < 100) {
          // A worker's kill is followed by that of its run, unless that has ended.
          kill(name, random.nextInt(10) < 8, random, toll);
        }
        sameAsUndisturbed(name);
      }
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
    System.out.printf(
        "kill -9: %d of runners and %d of workers in %d runs of %d studies of %d steps from seed"
            + " %d, no step lost%n",
        toll.runs, toll.workers, toll.started, toll.studies, all, seed);
  }

  /** Of two runs on one folder either may die: the other does the rest. */
  @Test
  @Tag("stress")
  void oneOfTwoTakesOverWhenTheOtherIsKilled() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int all = published("whole").size();
    int killed = 0;
    for (int i = 0; i < 8; i++) {
      String name = "pair-" + i;
      Process one = start(name);
      Process two = start(name);
      Process victim = random.nextBoolean() ? one : two;
      await(victim, name, random.nextInt(all));
      killed += victim.isAlive() ? 1 : 0;
      victim.destroyForcibly().waitFor();
      finish(victim == one ? two : one, name);
      sameAsUndisturbed(name);
    }
    System.out.printf("two runs on one folder: %d of 8 lost one, seed %d%n", killed, seed);
    assertThat(killed).isPositive();
  }

  @Test
  void runsInOneFolderAndInAnotherShareTheWorkOfOneStore() throws Exception {
    Process one = start("shared");
    Process two = start("shared");
    Process three = start("beside", "shared");
    finish(one, "shared");
    finish(two, "shared");
    finish(three, "beside");
    assertThat(steps("shared")).isEqualTo(steps("whole"));
    for (String file : List.of("results.jsonl", "checkpoints.jsonl")) {
      String whole = Files.readString(folder.resolve("whole").resolve(file));
      assertThat(folder.resolve("shared").resolve(file)).content().isEqualTo(whole);
    }
    assertThat(folder.resolve("beside/results.jsonl"))
        .hasSameTextualContentAs(folder.resolve("whole/results.jsonl"));
    assertThat(folder.resolve("beside/store")).doesNotExist();
    assertThat(folder.resolve("shared/store/tmp")).isEmptyDirectory();
  }
}
