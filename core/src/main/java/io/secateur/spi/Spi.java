package io.secateur.spi;

/**
 * The version of what plugins compile against: this package, and the public types of {@code model},
 * {@code sparsity} and {@code conformance} that it shows them.
 *
 * <p>A jar says in its manifest which version it was built against, {@code Secateur-SPI-Version:
 * 1.1}. It runs where the major version is the same and the minor one at least as high; a jar that
 * says nothing is taken as built against the version at hand.
 */
public final class Spi {
  /**
   * Major and minor version. The major one is raised when something that plugins may use or
   * implement goes or changes, the minor one when something is added.
   */
  public static final String VERSION = "1.1";

  /** The attribute of a jar's manifest that holds the version it was built against. */
  public static final String ATTRIBUTE = "Secateur-SPI-Version";

  private Spi() {}
}
