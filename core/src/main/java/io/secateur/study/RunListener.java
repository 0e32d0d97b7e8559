package io.secateur.study;

import java.util.Set;

/** Is told what a run does as it happens, from one thread. */
public interface RunListener {
  /** Hears nothing. */
  RunListener SILENT = new RunListener() {};

  /**
   * A piece of work as a run shows it.
   *
   * @param number its place in the plan, from 1
   * @param total how many pieces the plan has
   * @param arm the first arm that it serves
   * @param round the first round that it serves
   * @param what the stage's or metric's name; a measurement reads {@code measure accuracy}
   */
  record Piece(
      Plan.Node node, int number, int total, String arm, long seed, int round, String what) {}

  /** The plan is made; {@code done} are the keys that the store has already. */
  default void planned(Plan plan, Set<String> done) {}

  /** A piece of work has started. */
  default void started(Piece piece) {}

  /** A piece of work says something: an epoch's loss, a layer's counts. */
  default void said(Piece piece, String line) {}

  /** A piece of work has done part of what it has to do. */
  default void progressed(Piece piece, long done, long total) {}

  /** A piece of work is in the store. */
  default void finished(Piece piece, double seconds) {}

  /**
   * A piece of work needs no doing: another process that works on the same store has done it, or
   * rounds ended before it.
   */
  default void reused(Piece piece) {}

  /** A piece of work failed, and what needs it will not be done. */
  default void failed(Piece piece, String message) {}

  /** Something is amiss, and the run goes on. */
  default void warned(String line) {}
}
