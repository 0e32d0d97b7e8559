package io.secateur.study;

import java.util.Optional;

/**
 * A finished step, as one looks through a store.
 *
 * @param key the step's key, which names its folder
 * @param what {@code open}, the stage's name, or {@code measure} and the metric's name; empty when
 *     its manifest is damaged
 * @param at when it started, ISO 8601; empty when its manifest is damaged
 * @param seconds how long it took
 * @param bytes of its tensors and files; steps may share them
 * @param damage what is wrong with its manifest, if anything
 */
public record StoredStep(
    String key, String what, String at, double seconds, long bytes, Optional<String> damage) {

  static StoredStep of(Manifest manifest) {
    return new StoredStep(
        manifest.key(),
        what(manifest.provenance()),
        manifest.made().at(),
        manifest.made().seconds(),
        manifest.blobs().stream().distinct().mapToLong(Blobs.Ref::bytes).sum(),
        Optional.empty());
  }

  static StoredStep damaged(String key, String why) {
    return new StoredStep(key, "", "", 0, 0, Optional.of(why));
  }

  /** What a step is stands in its provenance as {@link Keys} writes it: a role, and a plugin. */
  private static String what(String provenance) {
    String kind = provenance.lines().findFirst().orElse("");
    return switch (kind) {
      case "secateur model" -> "open";
      case "secateur step" -> plugin(provenance, "stage ");
      case "secateur check" -> "stop";
      case "secateur measurement" -> "measure " + plugin(provenance, "metric ");
      default -> kind;
    };
  }

  private static String plugin(String provenance, String role) {
    return provenance
        .lines()
        .filter(line -> line.startsWith(role))
        .findFirst()
        .map(line -> line.substring(role.length()).replaceFirst("(?s)[^a-z0-9-].*", ""))
        .orElse("");
  }
}
