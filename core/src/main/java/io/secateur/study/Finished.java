package io.secateur.study;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The steps that a worker finds in the store, each of them looked at once: a damaged one is
 * forgotten, so that it is run again.
 */
final class Finished {
  private final Store store;
  private final EventStream events;
  private final Set<String> checked = new HashSet<>();
  private final Set<String> mended = new HashSet<>();

  Finished(Store store, EventStream events) {
    this.store = store;
    this.events = events;
  }

  /** Returns whether a step is there. */
  boolean contains(String key) throws IOException {
    if (!store.contains(key)) {
      return false;
    }
    if (checked.add(key)) {
      try {
        store.check(key);
      } catch (DamagedStepException e) {
        mend(e);
        return false;
      }
    }
    return true;
  }

  /**
   * Forgets a damaged step, so that it is run again; a disk that keeps doing it is left alone.
   * Under its claim, and seen again under it: another worker may be mending it, or have done so.
   */
  void mend(DamagedStepException e) throws IOException {
    checked.remove(e.key());
    boolean held = store.claims().has(e.key());
    if (!store.claims().take(e.key())) {
      return;
    }
    try {
      if (!store.contains(e.key())) {
        // Another worker forgot it; what is left of its folder would be in the way.
        store.discard(e.key());
      } else if (!store.canBeRead(e.key())) {
        discard(e);
      }
    } finally {
      if (!held) {
        store.claims().release(e.key());
      }
    }
  }

  private void discard(DamagedStepException e) throws IOException {
    if (!mended.add(e.key())) {
      throw new StudyException(
          "stored step %s is damaged again (%s): the disk under the store does not keep what is"
                  .formatted(short8(e.key()), e.getMessage())
              + " written to it");
    }
    warn(
        "stored step %s is damaged (%s); it is run again"
            .formatted(short8(e.key()), e.getMessage()));
    store.discard(e.key());
  }

  static String short8(String key) {
    return key.substring(0, Math.min(8, key.length()));
  }

  private void warn(String line) {
    events.send(Event.of(Event.Kind.WARNED, "", line));
  }

  /** Adds a step that this worker has published: nobody has touched it since. */
  void add(String key) {
    checked.add(key);
  }
}
