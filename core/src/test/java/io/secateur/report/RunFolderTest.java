package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path folder;

  @Test
  void readsWhatARunWrites() {
    RunFixture fixture = new RunFixture().filled().writeTo(folder);

    RunFolder run = RunFolder.read(folder);

    assertThat(run.info()).isEqualTo(fixture.info());
    assertThat(run.rows()).isEqualTo(fixture.rows());
    assertThat(run.notes()).isEmpty();
  }

  @Test
  void readsNumbersThatAreNotFinite() {
    new RunFixture()
        .with(RunFixture.measured("imp", 1, 0, "loss", Double.NaN, ""))
        .with(RunFixture.measured("imp", 1, 0, "compression", Double.POSITIVE_INFINITY, "x"))
        .writeTo(folder);

    assertThat(RunFolder.read(folder).rows().get(0).value()).isNaN();
    assertThat(RunFolder.read(folder).rows().get(1).value()).isInfinite();
  }

  @Test
  void saysThatAFolderIsNoRun() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunFolder.read(folder))
        .withMessageContaining(folder.toString())
        .withMessageContaining("it has no run.json, so it is not the folder of a run");
  }

  @Test
  void namesTheLineThatIsDamaged() throws IOException {
    new RunFixture().filled().writeTo(folder);
    Path results = folder.resolve("results.jsonl");
    long lines = Files.readAllLines(results).size();
    Files.writeString(results, "{\"key\": \"a", StandardOpenOption.APPEND);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunFolder.read(folder))
        .withMessageStartingWith(results + ":" + (lines + 1) + ": not what a run writes")
        .withMessageMatching("(?s)(?!.*Source).*");
  }

  @Test
  void namesTheFileOfARowWithoutItsFields() throws IOException {
    new RunFixture().writeTo(folder);
    Path results = folder.resolve("results.jsonl");
    Files.writeString(results, "{\"arm\": \"imp\"}\n");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunFolder.read(folder))
        .withMessageStartingWith(results + ":1: not what a run writes")
        .withMessageEndingWith("; running the study again writes it anew")
        .withMessageMatching("(?s)(?!.*Feature).*");
  }

  @Test
  void neverMixesTheTimingsOfTwoMachines() throws IOException {
    new RunFixture().filled().writeTo(folder);
    Path timings = folder.resolve("timings.jsonl");
    String text = Files.readString(timings);
    String foreign = text.lines().findFirst().orElseThrow().replace("\"m1\"", "\"m2\"");
    Files.writeString(timings, foreign + "\n" + text);

    RunFolder run = RunFolder.read(folder);

    assertThat(run.rows()).isEqualTo(new RunFixture().filled().rows());
    assertThat(run.notes()).singleElement().asString().contains("2 machines").contains("108 of");
  }
}
