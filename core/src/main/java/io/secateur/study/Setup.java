package io.secateur.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a process finds what studies name.
 *
 * @param plugins folders of plugin jars; the standard ones when empty
 * @param data the folder searched first for data sets
 * @param device {@code cpu} or {@code gpu}
 */
public record Setup(List<Path> plugins, Optional<Path> data, String device) {
  public Setup {
    plugins = List.copyOf(plugins);
    if (!device.equals("cpu") && !device.equals("gpu")) {
      throw new IllegalArgumentException("the device is cpu or gpu, was '" + device + "'");
    }
  }

  /** The standard plugin folders, the usual places for data, the processor. */
  public Setup() {
    this(List.of(), Optional.empty(), "cpu");
  }
}
