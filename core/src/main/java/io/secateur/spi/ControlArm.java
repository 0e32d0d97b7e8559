package io.secateur.spi;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a study trains beside an arm that prunes, on its line {@code controls}, so that the arm's
 * result has something to be held against.
 */
public enum ControlArm {
  /** Masks with as many weights of every layer, drawn at random. */
  RANDOM_MASK,
  /** The arm's masks on freshly drawn first values. */
  RANDOM_REINIT,
  /** Pruned by magnitude, all weights in one budget, by the same amounts. */
  MAGNITUDE_GLOBAL,
  /** Pruned by magnitude, a budget per layer, by the same amounts. */
  MAGNITUDE_LAYER,
  /** Not pruned, and trained wherever the arm is. */
  DENSE;

  /** Returns its name in a study file: {@code random-mask}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the control of a name. */
  public static Optional<ControlArm> of(String label) {
    return Stream.of(values()).filter(each -> each.label().equals(label)).findFirst();
  }
}
