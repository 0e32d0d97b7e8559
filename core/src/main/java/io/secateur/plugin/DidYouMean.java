package io.secateur.plugin;

import io.secateur.model.Nearest;
import java.util.Collection;

/** Asks whether another name was meant, as the end of a message. */
public final class DidYouMean {
  private DidYouMean() {}

  /** Returns {@code " Did you mean 'l1'?"}, or nothing when no name is near. */
  public static String among(String asked, Collection<String> names) {
    return Nearest.to(asked, names).map(name -> " Did you mean '" + name + "'?").orElse("");
  }
}
