package io.secateur.study;

import ai.djl.Device;
import ai.djl.engine.Engine;

/** The devices that a setup names. */
public final class Devices {
  private Devices() {}

  /**
   * Returns a device by its name.
   *
   * @param name {@code cpu} or {@code gpu}
   * @throws StudyException when there is no such device here
   */
  public static Device named(String name) {
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    if (Engine.getInstance().getGpuCount() == 0) {
      throw new StudyException(
          "no GPU is visible to the engine: build with SECATEUR_PROFILES=gpu (the Maven profile"
              + " gpu) on a machine with an NVIDIA driver, or run with --device cpu");
    }
    return Device.gpu();
  }
}
