package io.secateur.study;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Owner SELF = Owner.current();
  private static final List<Duration> JUMPS =
      List.of(
          Duration.ofHours(1), Duration.ofDays(365), Duration.ofHours(-1), Duration.ofDays(-365));

  @TempDir Path folder;

  /** Nanoseconds since these tests began, as they see it. */
  private long nanos;

  private Claims claims(Owner owner) {
    return claims(owner, NOW);
  }

  private Claims claims(Owner owner, Instant now) {
    return new Claims(folder, Clock.fixed(now, ZoneOffset.UTC), () -> nanos, owner);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private void date(Instant date) throws IOException {
    Files.setLastModifiedTime(folder.resolve("k"), FileTime.from(date));
  }

  /** Another living process of this machine: the one that started the tests. */
  private static Owner neighbour() {
    return Owner.of(ProcessHandle.current().parent().orElseThrow());
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
  void endWithTheSilenceOfAnotherMachineWhileTheyAreWatched() throws IOException {
    assertThat(claims(elsewhere()).take("k")).isTrue();
    Claims own = claims(SELF);
    assertThat(own.take("k")).isFalse();
    date(NOW.minus(Owner.SILENCE).minusSeconds(1));
    assertThat(own.take("k")).isFalse();
    pass(Owner.WATCH.minusNanos(1));
    assertThat(own.take("k")).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(own.take("k")).isTrue();
  }

  @Test
  void outliveAnyJumpOfTheClockWhileTheyGiveSignsOfLife() throws IOException {
    assertThat(claims(elsewhere()).take("k")).isTrue();
    for (Duration jump : JUMPS) {
      Claims own = claims(SELF, NOW.plus(jump));
      for (int beat = 0; beat < 40; beat++) {
        date(NOW.plusSeconds(5L * beat));
        assertThat(own.take("k")).as("%s, beat %d", jump, beat).isFalse();
        pass(Duration.ofSeconds(5));
      }
    }
  }

  @Test
  void endAfterAnyJumpOfTheClockWhenTheirProcessIsDead() throws IOException {
    for (Duration jump : JUMPS) {
      assertThat(claims(elsewhere()).take("k")).isTrue();
      Claims own = claims(SELF, NOW.plus(jump));
      assertThat(own.take("k")).isFalse();
      pass(Owner.WATCH);
      assertThat(own.take("k")).as(jump.toString()).isTrue();
      own.release("k");
    }
  }

  @Test
  void endWhenTheirDateStandsStillWhateverItSays() throws IOException {
    assertThat(claims(elsewhere()).take("k")).isTrue();
    Claims own = claims(SELF);
    assertThat(own.take("k")).isFalse();
    pass(Owner.SILENCE);
    assertThat(own.take("k")).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(own.take("k")).isTrue();
  }

  @Test
  void ofTheSilentAreWatchedBeforeTheirStoreIsCleaned() throws IOException {
    assertThat(claims(elsewhere()).take("k")).isTrue();
    date(NOW.minus(Duration.ofDays(365)));
    long[] looks = {0};
    Claims own =
        new Claims(
            folder,
            Clock.fixed(NOW, ZoneOffset.UTC),
            () -> looks[0]++ * Owner.WATCH.toNanos() / 2,
            SELF);
    assertThat(own.othersWork()).isFalse();
    assertThat(looks[0]).isEqualTo(3);
    assertThat(claims(elsewhere()).take("k")).isTrue();
    assertThat(own.othersWork()).isTrue();
  }

  /** Linux tells when a process started by the clock, another instant whenever that is set. */
  @Test
  void nameProcessesByWhatTheClockCannotChange() throws IOException {
    Path stat = Path.of("/proc/self/stat");
    assumeTrue(Files.isReadable(stat), "only Linux tells it by the clock");
    String line = Files.readString(stat);
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    assertThat(SELF.started()).isEqualTo(Long.parseLong(fields[19]));
  }

  /** Cut short, or with any bit wrong: it may count or not, but nobody falls over it. */
  @Test
  void areReadHoweverTheyAreDamaged() throws IOException {
    Path file = folder.resolve("k");
    assertThat(claims(elsewhere()).take("k")).isTrue();
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      for (byte[] bytes : List.of(damaged, Arrays.copyOf(whole, bit / 8))) {
        Files.write(file, bytes);
        Claims own = claims(SELF);
        own.othersAreBusy();
        own.claimants();
        if (!own.take("k")) {
          pass(Owner.SILENCE.plusNanos(1));
          assertThat(own.take("k")).as(new String(bytes, ISO_8859_1)).isTrue();
        }
        own.release("k");
      }
    }
    for (String other : List.of("null", "[]", "{}", "7")) {
      Files.writeString(file, other);
      assertThat(claims(SELF).take("k")).isTrue();
    }
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
