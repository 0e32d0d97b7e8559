package io.secateur.cli;

import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Says how two checkpoints differ: names, shapes, numbers, masks. */
final class Comparison {
  private static final int CHUNK = 1 << 14;

  private Comparison() {}

  /** How two tensors of one shape differ. */
  record Difference(long cells, long different, double largest) {}

  static List<String> lines(String one, Checkpoint first, String other, Checkpoint second) {
    Map<String, ParameterSpec> theirs = specs(second);
    List<String> lines = new ArrayList<>();
    lines.add("a: " + one);
    lines.add("b: " + other);
    lines.add("");
    List<List<String>> rows = new ArrayList<>();
    boolean equal = true;
    for (ParameterSpec spec : specs(first).values()) {
      ParameterSpec match = theirs.remove(spec.name());
      List<String> row = row(spec, match != null, first, second);
      equal &= row.get(2).equals("equal") && !row.get(4).contains("differ");
      rows.add(row);
    }
    for (ParameterSpec spec : theirs.values()) {
      equal = false;
      rows.add(List.of(spec.name(), Anatomy.shape(spec), "only in b", "", ""));
    }
    lines.addAll(
        Layout.table(List.of("parameter", "shape", "numbers", "max |a-b|>", "masks"), rows)
            .lines()
            .toList());
    lines.add("");
    List<String> attached = attachments(first.attachments(), second.attachments());
    lines.addAll(attached);
    equal &= attached.isEmpty();
    List<String> quantized = Integers.differences(first, second);
    lines.addAll(quantized);
    equal &= quantized.isEmpty();
    lines.add(equal ? "Parameters and masks are equal." : "They differ.");
    return lines;
  }

  /** Returns a line for every attachment that is not the same in both. */
  private static List<String> attachments(Map<String, byte[]> a, Map<String, byte[]> b) {
    Set<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      byte[] mine = a.get(name);
      byte[] theirs = b.get(name);
      if (mine == null || theirs == null) {
        lines.add("%s is attached to %s only.".formatted(name, mine == null ? "b" : "a"));
      } else if (!Arrays.equals(mine, theirs)) {
        lines.add("%s, attached to both, is not the same.".formatted(name));
      }
    }
    return lines;
  }

  private static Map<String, ParameterSpec> specs(Checkpoint checkpoint) {
    Map<String, ParameterSpec> specs = new LinkedHashMap<>();
    checkpoint.architecture().parameters().forEach(spec -> specs.put(spec.name(), spec));
    return specs;
  }

  private static List<String> row(
      ParameterSpec spec, boolean inBoth, Checkpoint first, Checkpoint second) {
    String shape = Anatomy.shape(spec);
    if (!inBoth) {
      return List.of(spec.name(), shape, "only in a", "", "");
    }
    Tensor a = first.parameter(spec.name());
    Tensor b = second.parameter(spec.name());
    if (!a.shape().equals(b.shape())) {
      String other = Anatomy.shape(second.architecture().parameter(spec.name()));
      return List.of(spec.name(), shape, "b is " + other, "", "");
    }
    Difference difference = difference(a, b);
    String numbers =
        difference.different() == 0 ? "equal" : Layout.count(difference.different()) + " differ";
    String largest =
        difference.different() == 0
            ? "0"
            : String.format(Locale.ROOT, "%.3g", difference.largest());
    boolean masked =
        first.masks().containsKey(spec.name()) || second.masks().containsKey(spec.name());
    String masks = masked ? masks(first.mask(spec.name()), second.mask(spec.name())) : "";
    return List.of(spec.name(), shape, numbers, largest, masks);
  }

  /** Compares number by number; NaN differs from everything, +0 and -0 are equal. */
  static Difference difference(Tensor a, Tensor b) {
    float[] mine = new float[CHUNK];
    float[] theirs = new float[CHUNK];
    long different = 0;
    double largest = 0;
    for (long first = 0; first < a.size(); first += CHUNK) {
      int length = (int) Math.min(CHUNK, a.size() - first);
      a.read(first, mine, length);
      b.read(first, theirs, length);
      for (int i = 0; i < length; i++) {
        if (mine[i] != theirs[i]) {
          different++;
          largest = Math.max(largest, Math.abs((double) mine[i] - theirs[i]));
        }
      }
    }
    return new Difference(a.size(), different, largest);
  }

  /** Of what either keeps, how much both keep. */
  private static String masks(Mask a, Mask b) {
    if (a.equals(b)) {
      return "equal";
    }
    long either = a.or(b).survivors();
    double shared = either == 0 ? 1 : (double) a.and(b).survivors() / either;
    return String.format(Locale.ROOT, "differ, share %.1f %%", 100 * shared);
  }
}
