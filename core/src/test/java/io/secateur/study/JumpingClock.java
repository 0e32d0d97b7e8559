package io.secateur.study;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;

/** A clock that is set again and again: each reading may be an hour or a year off, either way. */
final class JumpingClock extends Clock {
  private static final List<Duration> JUMPS =
      List.of(
          Duration.ZERO,
          Duration.ofHours(1),
          Duration.ofHours(-1),
          Duration.ofDays(365),
          Duration.ofDays(-365));

  private final SplittableRandom random;

  JumpingClock(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public synchronized Instant instant() {
    return Clock.systemUTC().instant().plus(JUMPS.get(random.nextInt(JUMPS.size())));
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
