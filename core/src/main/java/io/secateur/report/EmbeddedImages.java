package io.secateur.report;

import java.awt.Image;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.awt.image.renderable.RenderableImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.apache.batik.svggen.DOMTreeManager;
import org.apache.batik.svggen.GenericImageHandler;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/** Puts images into an SVG as data, so that it needs nothing else; their pixels stay squares. */
final class EmbeddedImages implements GenericImageHandler {
  private static final String XLINK = "http://www.w3.org/1999/xlink";

  @Override
  public void setDOMTreeManager(DOMTreeManager manager) {
    // Needs none: images define nothing that others refer to.
  }

  @Override
  public Element createElement(SVGGeneratorContext context) {
    return context.getDOMFactory().createElementNS("http://www.w3.org/2000/svg", "image");
  }

  @Override
  public @Nullable AffineTransform handleImage(
      Image image, Element to, int x, int y, int width, int height, SVGGeneratorContext context) {
    if (!(image instanceof BufferedImage buffered)) {
      throw new IllegalArgumentException("figures draw images of pixels, not " + image);
    }
    return embed(buffered, to, x, y, width, height);
  }

  @Override
  public @Nullable AffineTransform handleImage(
      RenderedImage image,
      Element to,
      int x,
      int y,
      int width,
      int height,
      SVGGeneratorContext context) {
    return embed(image, to, x, y, width, height);
  }

  @Override
  public AffineTransform handleImage(
      RenderableImage image,
      Element to,
      double x,
      double y,
      double width,
      double height,
      SVGGeneratorContext context) {
    throw new IllegalArgumentException("figures draw images of pixels, not " + image);
  }

  private static @Nullable AffineTransform embed(
      RenderedImage image, Element to, int x, int y, int width, int height) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write an image", e);
    }
    to.setAttributeNS(null, "x", Integer.toString(x));
    to.setAttributeNS(null, "y", Integer.toString(y));
    to.setAttributeNS(null, "width", Integer.toString(width));
    to.setAttributeNS(null, "height", Integer.toString(height));
    to.setAttributeNS(null, "preserveAspectRatio", "none");
    to.setAttributeNS(null, "style", "image-rendering:pixelated");
    to.setAttributeNS(
        XLINK,
        "xlink:href",
        "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray()));
    return null;
  }
}
