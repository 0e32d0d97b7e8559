package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.model.WholeFiles;
import io.secateur.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or read-only: one clear line, nothing lost, nothing half written. */
class DiskTest {
  private static final int PLENTY = 20_000;

  @TempDir static Path folder;
  private static Map<String, String> whole = Map.of();

  private final Path disk = folder.resolve("disk");
  private final Path out = disk.resolve("run");

  /** What a run with room gives. */
  @BeforeAll
  static void undisturbed() throws IOException {
    assertThat(new Trial(folder).run(folder.resolve("whole")).exitCode()).isZero();
    whole = Trial.results(folder.resolve("whole"));
  }

  /** Every file that is visible can be read to its end; no claim or half-written file is left. */
  private void seeNothingHalf() throws IOException {
    if (!Files.exists(out)) {
      return;
    }
    for (Path file : Trial.files(out)) {
      String name = file.toString();
      if (name.endsWith(".json")) {
        Json.read(Files.readString(out.resolve(file)), Map.class);
      } else if (name.endsWith(".jsonl")) {
        RunFile.lines(out.resolve(file), Map.class);
      }
      assertThat(file.getFileName().toString()).doesNotStartWith(".results");
    }
    if (Files.isDirectory(out.resolve("store/steps"))) {
      assertThat(new Stock(out.resolve("store")).damage()).isEmpty();
      assertThat(whole).containsAllEntriesOf(Trial.steps(out.resolve("store")));
      assertThat(Trial.files(out.resolve("store/claims")))
          .allMatch(claim -> claim.endsWith(".lock"));
    }
  }

  private static void seeOneLine(Throwable thrown) {
    assertThat(thrown).isInstanceOfAny(StudyException.class, IOException.class);
    assertThat(thrown.getMessage())
        .startsWith("no space left: " + folder.resolve("disk"))
        .contains(" free, ")
        .contains("make room")
        .hasLineCount(1);
  }

  private void finish(Trial trial) throws IOException {
    assertThat(trial.run(out).exitCode()).isZero();
    assertThat(Trial.results(out)).isEqualTo(whole);
  }

  /** Returns how many steps were finished when it broke. */
  private int breaks(int kilobytes) throws IOException {
    Trial trial = new Trial(folder);
    int finished;
    try (TinyDisk tiny = TinyDisk.of(disk, kilobytes)) {
      Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(() -> trial.run(out));
      assertThat(thrown).as(kilobytes + " KB").isNotNull();
      seeOneLine(thrown);
      assertThat(trial.heard).isEmpty();
      seeNothingHalf();
      finished = steps();
      tiny.resize(PLENTY);
      finish(trial);
    }
    return finished;
  }

  private int steps() throws IOException {
    Path steps = out.resolve("store/steps");
    if (!Files.isDirectory(steps)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(steps)) {
      return (int) all.count();
    }
  }

  /** How full the store is when everything is done, and what is left free. */
  private int needed() throws IOException {
    try (TinyDisk tiny = TinyDisk.of(disk, PLENTY)) {
      finish(new Trial(folder));
      tiny.resize(PLENTY);
      var store = Files.getFileStore(out);
      return (int) ((store.getTotalSpace() - store.getUsableSpace()) / 1024) + 1024;
    }
  }

  @Test
  void endsOnAFullDiskAndGoesOnWhenThereIsRoom() throws IOException {
    assertThat(breaks(1024 + 120)).isBetween(1, whole.size() - 3);
  }

  @Test
  @Tag("stress")
  void endsWhereverTheDiskIsFull() throws IOException {
    int needed = needed();
    List<Integer> finished = new ArrayList<>();
    for (int kilobytes = 100; kilobytes < needed; kilobytes += kilobytes < 1024 ? 300 : 16) {
      finished.add(breaks(kilobytes));
    }
    System.out.printf(
        "full disk: %d sizes from 100 to %d KB, ended after %s of %d steps%n",
        finished.size(), needed, finished, whole.size() - 2);
    assertThat(finished.stream().distinct().count()).isGreaterThan(5);
  }

  /** Beyond what is left free on purpose: claims, the log, and files that a stage writes. */
  @Test
  @Tag("stress")
  void endsWhenAnotherProgramFillsTheDiskMeanwhile() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int broken = 0;
    List<Integer> finished = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Trial trial = new Trial(folder);
      try (TinyDisk tiny = TinyDisk.of(disk, 3000)) {
        int after = random.nextInt(whole.size() - 3);
        Thread other = new Thread(() -> fill(after));
        other.start();
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(() -> trial.run(out));
        other.interrupt();
        other.join();
        Files.deleteIfExists(disk.resolve("ballast"));
        if (thrown != null) {
          broken++;
          seeOneLine(thrown);
        }
        assertThat(trial.heard).as("seed %d", seed).isEmpty();
        seeNothingHalf();
        finished.add(steps());
        tiny.resize(PLENTY);
        finish(trial);
      }
    }
    System.out.printf(
        "disk filled meanwhile: 20 times from seed %d, %d ended, after %s of %d steps%n",
        seed, broken, finished, whole.size() - 2);
    assertThat(broken).isPositive();
  }

  /** Takes all room once so many steps are there. */
  private void fill(int after) {
    try {
      while (steps() < after) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      try (var ballast = Files.newOutputStream(disk.resolve("ballast"))) {
        while (true) {
          ballast.write(new byte[4096]);
        }
      }
    } catch (IOException | InterruptedException e) {
      // Full, or the run is over.
      return;
    }
  }

  @Test
  void writesEachFileOfAReportWholeOrNot() throws IOException {
    reports(List.of(8, 40));
  }

  @Test
  @Tag("stress")
  void writesEachFileOfAReportWholeOrNotWhateverTheRoom() throws IOException {
    reports(IntStream.range(1, 50).map(i -> i * 4).boxed().toList());
  }

  private static void copyRun(Path to) throws IOException {
    Path from = folder.resolve("whole");
    for (Path file : Trial.files(from)) {
      if (file.getNameCount() == 1) {
        Files.createDirectories(to);
        Files.copy(from.resolve(file), to.resolve(file));
      }
    }
  }

  private void reports(List<Integer> sizes) throws IOException {
    Path model = folder.resolve("model");
    copyRun(model);
    Map<Path, byte[]> before = contents(model);
    Report.write(model);
    Map<Path, byte[]> all = contents(model);
    WholeFiles.delete(model);
    int broken = 0;
    for (int kilobytes : sizes) {
      try (TinyDisk tiny = TinyDisk.of(disk, PLENTY)) {
        copyRun(out);
        var store = Files.getFileStore(out);
        int used = (int) ((store.getTotalSpace() - store.getUsableSpace()) / 1024);
        tiny.resize(used + kilobytes);
        try {
          Report.write(out);
        } catch (UncheckedIOException e) {
          broken++;
          assertThat(e.getMessage())
              .startsWith("cannot write " + out)
              .contains(" bytes: No space left on device");
        }
        contents(out)
            .forEach(
                (file, bytes) -> assertThat(bytes).as(file.toString()).isEqualTo(all.get(file)));
        assertThat(contents(out).keySet()).containsAll(before.keySet());
      }
    }
    assertThat(broken).isPositive();
  }

  private static Map<Path, byte[]> contents(Path run) throws IOException {
    Map<Path, byte[]> contents = new TreeMap<>();
    for (Path file : Trial.files(run)) {
      contents.put(file, Files.readAllBytes(run.resolve(file)));
    }
    return contents;
  }

  @Test
  void refusesWhatCannotBeWrittenToBeforeAnythingIsComputed() throws IOException {
    Trial trial = new Trial(folder);
    try (TinyDisk tiny = TinyDisk.of(disk, PLENTY)) {
      Trial.copy(folder.resolve("whole"), out);
      Map<Path, byte[]> before = contents(out);
      tiny.readOnly(true);
      assertThatThrownBy(() -> trial.run(out))
          .isInstanceOf(StudyException.class)
          .hasMessage(
              out
                  + " cannot be written to: it, or its disk, is read-only; a run is written there;"
                  + " --out names another place");
      Path elsewhere = folder.resolve("elsewhere");
      assertThatThrownBy(
              () ->
                  trial.run(
                      new RunOptions().out(elsewhere).store(out.resolve("store")),
                      Clock.systemUTC()))
          .isInstanceOf(StudyException.class)
          .hasMessageStartingWith(out.resolve("store") + " cannot be written to")
          .hasMessageContaining("--store");
      assertThat(elsewhere).isEmptyDirectory();
      readsAllTheSame();
      assertThat(contents(out)).containsExactlyEntriesOf(before);
      tiny.readOnly(false);
      finish(trial);
    }
  }

  /** What only reads needs no room to write. */
  private void readsAllTheSame() throws IOException {
    assertThat(new Stock(out.resolve("store")).damage()).isEmpty();
    Runs runs = new Runs();
    assertThat(runs.read(out + "#rewound/1/2").masks()).isNotEmpty();
    assertThat(runs.uses(out)).isNotEmpty();
    Studies studies = Lab.studies(Clock.systemUTC());
    Plan plan = studies.plan(Lab.parse(Trial.STUDY));
    RunOptions options = new RunOptions().out(out);
    assertThat(studies.done(plan, options)).hasSize(plan.nodes().size());
    assertThat(studies.tree(plan, options)).contains("in the store already");
    assertThat(Report.write(out).notes()).anyMatch(note -> note.startsWith(out + " cannot be"));
    assertThatThrownBy(() -> Report.writeWithPdf(out)).hasMessageContaining("read-only");
  }
}
