package io.secateur.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;

/** Says, when the process is interrupted while something runs, how to continue it. */
final class Interruption {
  /** The process can end only once. */
  private static final AtomicBoolean UNDER_WAY = new AtomicBoolean();

  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  /** Watches until {@link #close}. */
  static Interruption announced(PrintWriter err, Progress progress, String again) {
    return announced(
        err, progress::close, "interrupted; what is finished is kept. To continue: ", again);
  }

  /** Watches until {@link #close}; what is drawn is taken away before anything is said. */
  static Interruption announced(PrintWriter err, Runnable undraw, String what, String again) {
    Thread hook =
        new Thread(
            () -> {
              UNDER_WAY.set(true);
              undraw.run();
              Errors.say(err, what + again);
            },
            "say-how-to-continue");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  /** Returns whether the process is ending, so that what breaks off is no news. */
  static boolean isUnderWay() {
    return UNDER_WAY.get();
  }

  void close() {
    forget(hook);
  }

  /** Takes back what was to happen when the process ends, unless it is ending. */
  static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      UNDER_WAY.set(true);
    }
  }
}
