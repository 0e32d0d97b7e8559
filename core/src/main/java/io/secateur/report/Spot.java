package io.secateur.report;

/**
 * Where a model was measured, whatever the seed.
 *
 * @param label empty at the end of a round, which is what a table calls an iteration; else the
 *     label, or the stage, of another place in that round
 */
record Spot(Line line, int round, String label) {
  /**
   * What is drawn as one line and tabled as one group.
   *
   * @param branch a control's name; empty for the arm itself
   */
  record Line(String arm, String branch) {
    String title() {
      return branch.isEmpty() ? arm : arm + ", " + branch + " (control)";
    }
  }
}
