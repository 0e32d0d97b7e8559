package io.secateur.plugin;

import io.secateur.spi.Spi;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the SPI, as a jar declares the one that it was built against. */
record SpiVersion(int major, int minor) {
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

  /** Returns the version that this Secateur offers. */
  static SpiVersion offered() {
    return read(Spi.VERSION).orElseThrow();
  }

  /** Reads {@code major.minor}; nothing when it is something else. */
  static Optional<SpiVersion> read(String written) {
    Matcher parts = WRITTEN.matcher(written);
    return parts.matches()
        ? Optional.of(
            new SpiVersion(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
        : Optional.empty();
  }

  /** Returns why a jar that declares this much cannot be used; nothing when it can. */
  static Optional<String> refusal(String declared) {
    SpiVersion offered = offered();
    Optional<SpiVersion> read = read(declared);
    if (read.isEmpty()) {
      return Optional.of(
          "its manifest says '%s: %s'; expected major.minor, as %s"
              .formatted(Spi.ATTRIBUTE, declared, offered));
    }
    SpiVersion asked = read.get();
    if (asked.major == offered.major && asked.minor <= offered.minor) {
      return Optional.empty();
    }
    boolean newer = asked.major >= offered.major;
    return Optional.of(
        "was built against version %s of the SPI, and this Secateur offers %s: %s"
            .formatted(
                asked,
                offered,
                newer
                    ? "use a newer Secateur, or build the jar against this one"
                    : "build the jar against this Secateur, or use a newer jar"));
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
