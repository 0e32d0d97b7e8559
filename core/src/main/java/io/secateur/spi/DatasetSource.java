package io.secateur.spi;

import java.io.IOException;
import java.util.Map;

/** Where examples come from. */
public interface DatasetSource extends Plugin {
  /** Returns what the examples ask of a model; needs no files. */
  Task task();

  /** Returns how many examples a split has, from headers only; 0 when there is no such split. */
  int size(Split split, DataFiles files) throws IOException;

  /** Opens a split: all of it, decoded, in the data set's own order. */
  Examples open(Split split, DataFiles files) throws IOException;

  /** Returns a digest of the bytes that the examples come from, recorded with every result. */
  String fingerprint(DataFiles files) throws IOException;

  /**
   * Returns small files that a model needs to be used on other examples, by name, such as the
   * vocabulary that ids of words stand for. Every checkpoint of a study carries them; the same
   * settings and files give the same bytes.
   */
  default Map<String, byte[]> attachments(DataFiles files) throws IOException {
    return Map.of();
  }
}
