package io.secateur.data;

import io.secateur.data.ImageFiles.Part;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import java.io.IOException;
import java.util.Arrays;

/**
 * What data sets of images do alike once their pixels are at hand: a validation part, a limit,
 * normalisation, augmentation.
 */
record ImageParts(
    String dataset, int limit, double validation, Normalise normalise, Augment augment) {
  ImageParts {
    if (limit < 0) {
      throw new IllegalArgumentException(
          "limit must be at least 1 training example, or 0 for all, was " + limit);
    }
    Splits.check(validation);
  }

  /** Gives what there is of a part. */
  interface Source {
    int count(Part part) throws IOException;

    Pixels load(Part part) throws IOException;
  }

  int size(Split split, Source source) throws IOException {
    if (split == Split.TEST) {
      return source.count(Part.TEST);
    }
    int own = ownValidation(source);
    int trained = source.count(Part.TRAIN);
    int apart = Splits.apart(trained, validation);
    if (split == Split.VALIDATION) {
      return validation > 0 ? apart : own;
    }
    return limited(trained - apart);
  }

  private int ownValidation(Source source) throws IOException {
    int own = source.count(Part.VALIDATION);
    if (own > 0 && validation > 0) {
      throw new IllegalArgumentException(
          "%s has a validation part of its own, of %d images: leave validation out"
              .formatted(dataset, own));
    }
    return own;
  }

  private int limited(int trained) {
    if (limit > trained) {
      throw new IllegalArgumentException(
          "%s: limit is %d, but there are %d training examples; 0 uses all"
              .formatted(dataset, limit, trained));
    }
    return limit == 0 ? trained : limit;
  }

  Examples open(Split split, Source source) throws IOException {
    Pixels pixels = pixels(split, source);
    double[] means = new double[pixels.channels()];
    double[] deviations = new double[pixels.channels()];
    Arrays.fill(deviations, 1);
    if (normalise instanceof Normalise.Given given) {
      if (given.mean().size() != pixels.channels()) {
        throw new IllegalArgumentException(
            "%s: normalise gives %d means, the images have %d channels"
                .formatted(dataset, given.mean().size(), pixels.channels()));
      }
      Arrays.setAll(means, given.mean()::get);
      Arrays.setAll(deviations, given.deviation()::get);
    } else if (normalise instanceof Normalise.Computed) {
      Pixels trained = split == Split.TRAIN ? pixels : pixels(Split.TRAIN, source);
      means = trained.means();
      deviations = trained.deviations();
    }
    return new ColourImages(pixels, means, deviations, augment);
  }

  private Pixels pixels(Split split, Source source) throws IOException {
    if (split == Split.TEST) {
      return some(source.load(Part.TEST), "test");
    }
    if (split == Split.VALIDATION && validation == 0) {
      return some(source.load(Part.VALIDATION), "validation");
    }
    ownValidation(source);
    Pixels whole = some(source.load(Part.TRAIN), "training");
    int[] chosen = Splits.of(whole.size(), validation).of(split);
    return whole.of(
        split == Split.VALIDATION ? chosen : Arrays.copyOf(chosen, limited(chosen.length)));
  }

  private Pixels some(Pixels pixels, String part) {
    if (pixels.size() == 0) {
      throw new IllegalArgumentException(
          "%s has no %s images%s"
              .formatted(
                  dataset,
                  part,
                  part.equals("validation")
                      ? "; set validation to the fraction of the training part to choose by"
                      : ""));
    }
    return pixels;
  }
}
