package io.secateur.cli;

/**
 * A line of what {@code doctor} found.
 *
 * @param what the thing looked at
 * @param found what it is, or why it is missing
 * @param advice what to do where something is missing; empty where nothing is
 */
record Check(State state, String what, String found, String advice) {
  enum State {
    /** All is well. */
    OK,
    /** Something that not everybody needs is not there. */
    ABSENT,
    /** Nothing runs without it. */
    MISSING
  }

  static Check ok(String what, String found) {
    return new Check(State.OK, what, found, "");
  }

  static Check absent(String what, String found, String advice) {
    return new Check(State.ABSENT, what, found, advice);
  }

  static Check missing(String what, String found, String advice) {
    return new Check(State.MISSING, what, found, advice);
  }
}
