package io.secateur.study;

import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checkpoints of the store, the last few of them in memory: pipelines go on where they left off.
 */
final class Checkpoints {
  private static final int KEPT = 3;

  private final Store store;
  private final Map<String, Checkpoint> kept =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Checkpoint> eldest) {
          return size() > KEPT;
        }
      };

  Checkpoints(Store store) {
    this.store = store;
  }

  Checkpoint read(String key) throws IOException {
    Checkpoint checkpoint = kept.get(key);
    if (checkpoint == null) {
      checkpoint = store.checkpoint(key);
      kept.put(key, checkpoint);
    }
    return checkpoint;
  }

  void keep(String key, Checkpoint checkpoint) {
    kept.put(key, checkpoint);
  }
}
