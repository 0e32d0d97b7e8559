package io.secateur.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a data set finds its files: {@code --data}, then SECATEUR_DATA, then the user's cache. */
public interface DataFiles {
  /** Returns the first {@code folder/file} that exists in the places searched. */
  Optional<Path> find(String folder, String file);

  /**
   * Returns the first {@code folder/file} that exists.
   *
   * @param source where the file can be had, for the message
   * @throws java.io.UncheckedIOException when it is nowhere: names the file, its source, and where
   *     to put it
   */
  Path require(String folder, String file, String source);

  /** Returns the places searched, in order. */
  List<Path> searched();

  /** Returns a folder for derived files, such as decoded or generated examples. */
  Path cache();
}
