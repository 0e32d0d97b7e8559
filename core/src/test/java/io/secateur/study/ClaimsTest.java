package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Owner SELF = Owner.current();

  @TempDir Path folder;

  private Claims claims(Owner owner) {
    return new Claims(folder, Clock.fixed(NOW, ZoneOffset.UTC), owner);
  }

  /** Another living process of this machine: the one that started the tests. */
  private static Owner neighbour() {
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    return new Owner(
        SELF.host(),
        parent.pid(),
        parent.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
  }

  private static Owner dead() {
    return new Owner(SELF.host(), SELF.process(), SELF.started() - 1);
  }

  private static Owner elsewhere() {
    return new Owner("elsewhere-0", 1, 1);
  }

  @Test
  void keepOthersOff() throws IOException {
    assertThat(claims(neighbour()).take("k")).isTrue();
    assertThat(claims(SELF).take("k")).isFalse();
    claims(neighbour()).release("k");
    assertThat(claims(SELF).take("k")).isTrue();
  }

  @Test
  void endAtOnceWithAProcessOfThisMachine() throws IOException {
    assertThat(claims(dead()).take("k")).isTrue();
    assertThat(claims(SELF).take("k")).isTrue();
  }

  @Test
  void endWithTheSilenceOfAnotherMachine() throws IOException {
    assertThat(claims(elsewhere()).take("k")).isTrue();
    assertThat(claims(SELF).take("k")).isFalse();
    Files.setLastModifiedTime(
        folder.resolve("k"), FileTime.from(NOW.minus(Owner.SILENCE).minusSeconds(1)));
    assertThat(claims(SELF).take("k")).isTrue();
  }

  @Test
  void liveOnWithSignsOfLife() throws IOException {
    Claims theirs = claims(elsewhere());
    assertThat(theirs.take("k")).isTrue();
    Files.setLastModifiedTime(folder.resolve("k"), FileTime.from(NOW.minusSeconds(1000)));
    theirs.beat();
    assertThat(claims(SELF).take("k")).isFalse();
  }

  @Test
  void endWhenTheyWereNotWrittenToTheirEnd() throws IOException {
    Files.writeString(folder.resolve("k"), "{\"host\":");
    assertThat(claims(SELF).take("k")).isTrue();
  }

  @Test
  void leaveOneProcessAloneOnItsMachine() throws IOException {
    assertThat(claims(neighbour()).takeAlone()).isTrue();
    assertThat(claims(SELF).take("k")).isFalse();
    assertThat(claims(SELF).takeAlone()).isFalse();
    assertThat(claims(elsewhere()).take("k")).isTrue();
    claims(neighbour()).releaseAlone();
    assertThat(claims(SELF).take("l")).isTrue();
  }

  @Test
  void showWhetherOthersAreBusyHere() throws IOException {
    assertThat(claims(SELF).take("own")).isTrue();
    assertThat(claims(elsewhere()).take("far")).isTrue();
    assertThat(claims(dead()).take("left")).isTrue();
    assertThat(claims(SELF).othersAreBusy()).isFalse();
    assertThat(claims(neighbour()).take("near")).isTrue();
    assertThat(claims(SELF).othersAreBusy()).isTrue();
  }
}
