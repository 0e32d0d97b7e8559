package io.secateur.report;

import java.util.List;

/**
 * What comparisons compare: an arm, a control of one, or the arms of one label where each of them
 * is a single point of the same curve.
 *
 * @param name as figures and tables have it
 * @param family the arm or label that it is, or that it controls
 * @param control whether it is a control
 * @param spots where it was measured at the ends of its rounds
 */
record Contender(String name, String family, boolean control, List<Spot> spots) {
  Contender {
    spots = List.copyOf(spots);
  }
}
