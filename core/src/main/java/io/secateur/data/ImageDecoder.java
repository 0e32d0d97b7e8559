package io.secateur.data;

import io.secateur.model.MalformedFileException;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG and JPEG into bytes, channel after channel.
 *
 * @param size rows and columns of every image
 * @param channels 1 for grey, 3 for red, green, blue
 * @param resize whether images of other sizes are made to fit; else they are refused
 */
record ImageDecoder(int size, int channels, boolean resize) {
  /** An image of more pixels is refused before it takes memory, of which one may take 8 bytes. */
  private static final long MOST = 32_000_000;

  /** Deflate packs at most a thousandfold, and of a PNG's pixels a byte holds at most eight. */
  private static final long DENSEST = 8 * 1032;

  /**
   * Decodes one image.
   *
   * @param name where it lies, for messages
   */
  byte[] decode(String name, byte[] bytes) throws IOException {
    BufferedImage image = fitted(name, read(name, bytes));
    byte[] pixels = new byte[channels * size * size];
    boolean grey =
        image.getRaster().getNumBands() <= 2 && !(image.getColorModel() instanceof IndexColorModel);
    int bits = image.getColorModel().getComponentSize(0);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int cell = y * size + x;
        // Not through getRGB, which bends grey values.
        int level = grey ? level(image.getRaster().getSample(x, y, 0), bits) : 0;
        int rgb = grey ? level * 0x10101 : image.getRGB(x, y);
        for (int channel = 0; channel < channels; channel++) {
          int value = channels == 1 ? luma(rgb) : rgb >> (16 - 8 * channel);
          pixels[channel * size * size + cell] = (byte) value;
        }
      }
    }
    return pixels;
  }

  private static int level(int sample, int bits) {
    return bits == 8 ? sample : (int) Math.rint(sample * 255.0 / ((1 << bits) - 1));
  }

  /** ITU-R 601. */
  private static int luma(int rgb) {
    int red = rgb >> 16 & 0xff;
    int green = rgb >> 8 & 0xff;
    int blue = rgb & 0xff;
    return (299 * red + 587 * green + 114 * blue + 500) / 1000;
  }

  private BufferedImage read(String name, byte[] bytes) throws IOException {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new MalformedFileException(name, "neither PNG nor JPEG");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST) {
          throw new MalformedFileException(name, pixels + " pixels are more than " + MOST);
        }
        if (pixels > DENSEST * bytes.length) {
          throw new MalformedFileException(
              name,
              "a damaged image: %d bytes cannot hold the %d pixels that they promise"
                  .formatted(bytes.length, pixels));
        }
        return reader.read(0);
      } catch (RuntimeException e) {
        throw new MalformedFileException(
            name, "a damaged image: its decoder gives up (%s)".formatted(e.getMessage()), e);
      } catch (MalformedFileException e) {
        throw e;
      } catch (IOException e) {
        throw new MalformedFileException(name, "a damaged image: " + e.getMessage(), e);
      } finally {
        reader.dispose();
      }
    }
  }

  private BufferedImage fitted(String name, BufferedImage image) throws IOException {
    if (image.getWidth() == size && image.getHeight() == size) {
      return image;
    }
    if (!resize) {
      throw new MalformedFileException(
          name,
          "%d x %d pixels, size asks for %d x %d; write resize: true to make them fit"
              .formatted(image.getWidth(), image.getHeight(), size, size));
    }
    BufferedImage fitted = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = fitted.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, size, size, null);
    graphics.dispose();
    return fitted;
  }
}
