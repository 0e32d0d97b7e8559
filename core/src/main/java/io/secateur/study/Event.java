package io.secateur.study;

/**
 * What a worker tells its runner.
 *
 * @param key the step it is about, or empty
 * @param text a line to show, or why a step failed
 */
record Event(Kind kind, String key, String text, long done, long total, double seconds) {
  enum Kind {
    /** The worker has started a step. */
    STARTED,
    /** A step says something. */
    SAID,
    /** A step has done part of its work. */
    PROGRESSED,
    /** The worker is at work, on whatever it has started. */
    ALIVE,
    /** A step is in the store. */
    FINISHED,
    /** A step failed. */
    FAILED,
    /**
     * A step is in the store without having been run: another process did, or rounds have ended.
     */
    REUSED,
    /** A checkpoint was timed again. */
    TIMED,
    /** Something is amiss, and work goes on. */
    WARNED,
    /** The worker cannot work at all. */
    REFUSED,
    /** Nothing is left to do. */
    ENDED
  }

  static Event of(Kind kind, String key, String text) {
    return new Event(kind, key, text, 0, 0, 0);
  }
}
