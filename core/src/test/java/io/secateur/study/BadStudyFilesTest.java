package io.secateur.study;

import static io.secateur.Mutations.SAMPLE;
import static io.secateur.Mutations.WHOLE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged study files and run folders: a plan, or words that say where. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BadStudyFilesTest {
  private static final String STUDY =
      Lab.study(
          "seeds: [1, 2]",
          "pipeline:",
          "  - train: {nap: 10, label: dense}",
          "  - ${arm}",
          "grid:",
          "  arm:",
          "    tuned: {rounds: {rounds: 2, stages: [{prune: {cells: 2}}, tune]}}",
          "    rewound: {rounds: 2, stages: [prune, rewind: {step: 3}, train: {nap: 10}]}",
          "measure: [total, sparsity]");

  @TempDir Path folder;

  private void studies(int cases) throws IOException {
    Path file = Files.writeString(folder.resolve("toy.yaml"), STUDY);
    Mutations.check(
        "study file",
        file,
        cases,
        each -> Lab.planner("machine").plan(StudyFile.read(each, List.of(), Toys.catalogs())));
  }

  private void checkpoints(int cases) throws IOException {
    Files.createDirectories(folder.resolve("run"));
    Path file = folder.resolve("run/checkpoints.jsonl");
    CheckpointRef ref = new CheckpointRef("imp", 1, 2, "train", "dense", "", "ab", "store");
    Files.writeString(file, Json.line(ref) + "\n" + Json.line(ref) + "\n");
    Runs runs = new Runs();
    Mutations.check(
        "checkpoints.jsonl",
        file,
        cases,
        each -> runs.checkpoints(Objects.requireNonNull(each.getParent())));
  }

  @Test
  void someDamage() throws IOException {
    studies(SAMPLE);
    checkpoints(SAMPLE);
  }

  @Test
  @Tag("stress")
  void allDamage() throws IOException {
    studies(WHOLE);
    checkpoints(WHOLE);
  }

  @Test
  void neitherLaughterNorDepthIsFollowed() {
    StringBuilder laughter = new StringBuilder("a0: &a0 [ha, ha]\n");
    for (int i = 1; i < 30; i++) {
      laughter.append("a%d: &a%d [%s]\n".formatted(i, i, "*a" + (i - 1) + ", *a" + (i - 1)));
    }
    assertThatThrownBy(() -> Lab.parse(laughter.toString()))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("is an alias, and those are not read");
    assertThatThrownBy(() -> Lab.parse("study: " + "[".repeat(100_000)))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("nested deeper than 64 levels");
    assertThatThrownBy(() -> Lab.parse("study: " + "x".repeat(2_000_000)))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("characters long");
  }
}
