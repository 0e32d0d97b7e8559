package io.secateur.report;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The typeface of figures: DejaVu Sans, brought along so that figures have the same proportions on
 * every machine.
 */
final class Typeface {
  /** The families that an SVG names: Verdana has nearly the same widths. */
  static final String FAMILIES = "'DejaVu Sans', Verdana, sans-serif";

  private static final String FILE = "DejaVuSans.ttf";

  private final Font font;

  private Typeface(Font font) {
    this.font = font;
  }

  /**
   * Loads it.
   *
   * @throws NoFontsException when this Java has no font system
   */
  static Typeface load() {
    byte[] bytes = bytes();
    try {
      return new Typeface(Font.createFont(Font.TRUETYPE_FONT, new ByteArrayInputStream(bytes)));
    } catch (IOException | FontFormatException | LinkageError | InternalError e) {
      // Java's answers where libfontconfig or libfreetype is missing: the bytes are in memory.
      throw new NoFontsException(e);
    }
  }

  /** Returns the file that it is read from. */
  static InputStream file() {
    InputStream file = Typeface.class.getResourceAsStream(FILE);
    if (file == null) {
      throw new IllegalStateException(FILE + " is missing beside " + Typeface.class);
    }
    return file;
  }

  private static byte[] bytes() {
    try (InputStream file = file()) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FILE, e);
    }
  }

  Font size(float points) {
    return font.deriveFont(points);
  }

  /** This Java cannot draw letters. */
  static final class NoFontsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoFontsException(Throwable cause) {
      super(
          "this Java cannot draw letters; install fontconfig and freetype (Debian, Ubuntu: apt-get"
              + " install fontconfig libfreetype6)",
          cause);
    }
  }
}
