package io.secateur.model;

import ai.djl.ndarray.types.Shape;

/** What layers refuse, in the words they share. */
final class Settings {
  private Settings() {}

  static void named(String name) {
    if (name.isBlank() || !name.equals(name.strip())) {
      throw new IllegalArgumentException(
          "a layer needs a name such as fc1 or layers.0, was '" + name + "'");
    }
  }

  static void atLeast(String layer, String setting, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "layer %s: %s must be at least %d, was %d".formatted(layer, setting, least, value));
    }
  }

  static void epsilon(String layer, double epsilon) {
    if (!(epsilon > 0 && epsilon < 1)) {
      throw new IllegalArgumentException(
          "layer %s: epsilon must be above 0 and below 1, was %s".formatted(layer, epsilon));
    }
  }

  static void sequence(String layer, String kind, Shape input) {
    if (input.dimension() != 2) {
      throw new IllegalArgumentException(
          "layer %s (%s) takes (positions, features), was given %s".formatted(layer, kind, input));
    }
  }

  /** Refuses what has no features along its last axis, or more than {@code most} if that is set. */
  static void features(String layer, String kind, Shape input, int most) {
    boolean fits = input.dimension() == 1 || input.dimension() == 2;
    if (!fits || (most > 0 && input.get(input.dimension() - 1) > most)) {
      throw new IllegalArgumentException(
          "layer %s (%s) takes (features) or (positions, features)%s, was given %s"
              .formatted(layer, kind, most > 0 ? " of at most " + most : "", input));
    }
  }

  static void image(String layer, String kind, Shape input) {
    if (input.dimension() != 3) {
      throw new IllegalArgumentException(
          "layer %s (%s) takes (channels, height, width), was given %s"
              .formatted(layer, kind, input));
    }
  }

  /** Returns how often a window fits along an axis of an image. */
  static long positions(
      String layer, String kind, Shape input, int axis, int window, int stride, int padding) {
    long padded = input.get(axis) + 2L * padding;
    if (padded < window) {
      throw new IllegalArgumentException(
          "layer %s (%s): a window of %d x %d does not fit into %s with padding %d"
              .formatted(layer, kind, window, window, input, padding));
    }
    return (padded - window) / stride + 1;
  }
}
