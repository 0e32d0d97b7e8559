package io.secateur.calibrate;

import io.secateur.model.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks that a network's own layers, those outside any branch, make: neighbours whose names
 * agree up to the first number that stands by itself between dots, as {@code
 * model.layers.0.attention} and {@code model.layers.0.mlp}, are one. A layer without such a number
 * is one by itself; so is a residual, with all that is in it.
 */
final class Blocks {
  private static final Pattern NUMBERED = Pattern.compile("(?:[^.]+\\.)*?\\d+(?=\\.|$)");

  private Blocks() {}

  /** Returns the blocks in order. */
  static List<List<Layer>> of(List<Layer> layers) {
    List<List<Layer>> blocks = new ArrayList<>();
    String before = "";
    for (Layer layer : layers) {
      String name = name(layer);
      if (blocks.isEmpty() || !name.equals(before)) {
        blocks.add(new ArrayList<>());
      }
      blocks.get(blocks.size() - 1).add(layer);
      before = name;
    }
    return blocks;
  }

  private static String name(Layer layer) {
    Matcher matcher = NUMBERED.matcher(layer.name());
    return matcher.lookingAt() ? matcher.group() : layer.name();
  }

  /** Returns some layers and all that are in their branches. */
  static List<Layer> within(List<Layer> layers) {
    List<Layer> all = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer instanceof Layer.Branching branching) {
        branching.branches().forEach(branch -> all.addAll(within(branch)));
      }
      all.add(layer);
    }
    return all;
  }
}
