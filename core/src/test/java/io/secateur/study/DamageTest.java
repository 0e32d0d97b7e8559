package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a finished run that are cut short, lost, or have bits flipped; clocks that are set. */
class DamageTest {
  @TempDir static Path folder;
  private static Map<String, String> whole = Map.of();

  private final Path out = folder.resolve("damaged");

  /** What an undisturbed run gives. */
  @BeforeAll
  static void undisturbed() throws IOException {
    assertThat(new Trial(folder).run(folder.resolve("whole")).exitCode()).isZero();
    whole = Trial.results(folder.resolve("whole"));
    Trial.copy(folder.resolve("whole"), folder.resolve("damaged"));
  }

  private void damage(Path file, SplittableRandom random) throws IOException {
    byte[] bytes = Files.readAllBytes(out.resolve(file));
    int how = random.nextInt(4);
    if (how == 0) {
      Files.delete(out.resolve(file));
    } else if (how == 1 || bytes.length == 0) {
      Files.write(out.resolve(file), Arrays.copyOf(bytes, bytes.length / 2));
    } else {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(out.resolve(file), bytes);
    }
  }

  /** Damages files, runs again, and sees that all is as it was; returns how often that was said. */
  private int mends(List<Path> files, SplittableRandom random) throws IOException {
    boolean stored = false;
    for (Path file : files) {
      damage(file, random);
      stored |= file.startsWith("store/blobs") || file.startsWith("store/steps");
    }
    Trial trial = new Trial(folder);
    RunOutcome outcome = trial.run(out);
    assertThat(outcome.exitCode()).as("%s: %s", files, trial.heard).isZero();
    assertThat(Trial.results(out)).isEqualTo(whole);
    assertThat(new Stock(out.resolve("store")).damage()).isEmpty();
    assertThat(trial.heard)
        .allMatch(line -> line.matches("warning: stored step .{8} is damaged .*; it is run again"));
    if (stored) {
      assertThat(outcome.info().reused()).isLessThan(outcome.plan().nodes().size());
    }
    return trial.heard.size();
  }

  @Test
  void mendsAFileOfEachKind() throws IOException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    try {
      List<Path> chosen = new ArrayList<>();
      for (String kind : List.of("blobs/.*", ".*manifest.json", ".*manifest.sha256", "run.json")) {
        List<Path> files =
            Trial.files(out).stream()
                .filter(file -> file.toString().matches("(store/)?" + kind))
                .toList();
        chosen.add(files.get(random.nextInt(files.size())));
      }
      chosen.add(Path.of("results.jsonl"));
      chosen.add(Path.of("checkpoints.jsonl"));
      mends(chosen, random);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  @Test
  @Tag("stress")
  void mendsEveryFile() throws IOException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int cases = 0;
    int said = 0;
    try {
      for (Path file : Trial.files(out)) {
        if (!file.toString().endsWith(".log") && !file.toString().endsWith(".lock")) {
          said += mends(List.of(file), random);
          cases++;
        }
      }
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
    System.out.printf(
        "damaged files: %d from seed %d, %d said that a step is run again, all mended%n",
        cases, seed, said);
  }

  @Test
  void clocksThatWereSetLoseNothing() throws IOException {
    Trial trial = new Trial(folder);
    Path set = folder.resolve("set");
    Trial.copy(folder.resolve("whole"), set);
    for (Duration jump :
        List.of(Duration.ofDays(-365), Duration.ofHours(1), Duration.ofDays(365))) {
      RunOutcome outcome =
          trial.run(new RunOptions().out(set), Clock.offset(Clock.systemUTC(), jump));
      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.info().reused()).isEqualTo(outcome.plan().nodes().size());
      assertThat(outcome.info().seconds()).isNotNegative();
      assertThat(trial.heard).isEmpty();
      assertThat(Trial.results(set)).isEqualTo(whole);
    }
  }

  /** That of the run and those of its workers, each by itself, at every reading. */
  @Test
  @Tag("stress")
  void clocksThatJumpWhileItRunsLoseNothing() throws IOException {
    long seed = System.nanoTime();
    Trial trial = new Trial(folder);
    Path jumped = folder.resolve("jumped");
    Studies studies = Lab.studies(new JumpingClock(seed), List.of("-Dtoy.jumps=" + seed));
    RunOutcome outcome = trial.run(new RunOptions().out(jumped).workers(2), studies);
    assertThat(outcome.exitCode()).as("seed %d", seed).isZero();
    // Of two workers on few processors a run says that.
    assertThat(trial.heard)
        .as("seed %d", seed)
        .allMatch(line -> line.endsWith("fewer may be faster"));
    assertThat(Trial.results(jumped)).as("seed %d", seed).isEqualTo(whole);
    assertThat(new Stock(jumped.resolve("store")).damage()).isEmpty();
    Set<Integer> years =
        Store.reading(jumped.resolve("store")).manifests().stream()
            .map(manifest -> Instant.parse(manifest.made().at()).atZone(ZoneOffset.UTC).getYear())
            .collect(Collectors.toSet());
    assertThat(years).as("seed %d", seed).hasSizeGreaterThan(1);
  }
}
