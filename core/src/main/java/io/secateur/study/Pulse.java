package io.secateur.study;

import java.util.concurrent.TimeUnit;

/** Tells the runner that its worker is at work, so often that it believes it, and no oftener. */
final class Pulse implements Runnable {
  private static final long BEAT = TimeUnit.SECONDS.toNanos(1);

  private final EventStream events;
  private long told = System.nanoTime() - BEAT;

  Pulse(EventStream events) {
    this.events = events;
  }

  @Override
  public synchronized void run() {
    long now = System.nanoTime();
    if (now - told >= BEAT) {
      told = now;
      events.send(Event.of(Event.Kind.ALIVE, "", ""));
    }
  }
}
