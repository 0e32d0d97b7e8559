package io.secateur.report;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import javax.imageio.ImageIO;
import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.w3c.dom.Document;

/** A figure as bytes: the same figure gives the same bytes. */
final class Canvas {
  private static final int PIXELS_PER_UNIT = 2;
  private static final String SVG = "http://www.w3.org/2000/svg";

  private final Figure figure;
  private final Drawing drawing;

  Canvas(Figure figure, Typeface typeface) {
    this.figure = figure;
    this.drawing = figure.drawing(typeface);
  }

  /** Returns an {@code <svg>} element whose ids no other figure has. */
  String svg() {
    Document document =
        GenericDOMImplementation.getDOMImplementation().createDocument(SVG, "svg", null);
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setComment(null);
    context.setPrecision(2);
    context.setGenericImageHandler(new EmbeddedImages());
    HintedGraphics graphics = new HintedGraphics(context);
    drawing.paint(graphics);
    int width = drawing.width();
    int height = drawing.height(graphics);
    graphics.setSVGCanvasSize(new Dimension(width, height));
    StringWriter text = new StringWriter();
    try {
      graphics.stream(text, false);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the figure " + figure.id(), e);
    }
    String svg = Html.legal(text.toString().replace("\r\n", "\n"));
    int end = svg.lastIndexOf("</svg");
    return (svg.substring(svg.indexOf("<svg"), end) + graphics.overlay() + svg.substring(end))
        .replaceFirst(
            "<svg ",
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\" "
                .formatted(width, height, Matcher.quoteReplacement(Html.escaped(figure.alt()))))
        .replaceAll("(id=\"|url\\(#)([A-Za-z]+[0-9]*)", "$1" + figure.id() + "-$2")
        .replaceAll("font-family=\"[^\"]*\"", "font-family=\"" + Typeface.FAMILIES + '"');
  }

  /** Returns a PNG of two pixels per unit. */
  byte[] png() {
    BufferedImage probe = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    int height = drawing.height(probe.createGraphics());
    BufferedImage image =
        new BufferedImage(
            PIXELS_PER_UNIT * drawing.width(),
            PIXELS_PER_UNIT * height,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setBackground(Color.WHITE);
    graphics.clearRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(PIXELS_PER_UNIT, PIXELS_PER_UNIT);
    drawing.paint(graphics);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the figure " + figure.id(), e);
    }
    return bytes.toByteArray();
  }
}
