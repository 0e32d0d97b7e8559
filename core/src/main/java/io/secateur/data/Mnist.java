package io.secateur.data;

/**
 * MNIST: 60,000 + 10,000 handwritten digits (LeCun, Cortes, Burges 1998), read from its four IDX
 * files, gzipped or not, in the folder {@code mnist}.
 *
 * @param crop rows and columns kept around the centre, 1 to 28; examples are (1, crop, crop)
 * @param normalise whether 0.1307 is taken off and the rest divided by 0.3081 (mean and deviation
 *     of the training pixels); otherwise pixels are 0 to 1
 * @param limit uses the first {@code limit} training examples only; 0 uses all
 * @param validation the fraction of the training part set apart to choose by
 * @param augment how training images are changed at random
 */
public record Mnist(int crop, boolean normalise, int limit, double validation, Augment augment)
    implements OfIdxFiles {
  private static final Normalise NORMALISED = OfIdxFiles.given(0.1307, 0.3081);

  /** Whole images, normalised, all of them. */
  public Mnist() {
    this(IdxImages.SIDE, true, 0, 0, new Augment());
  }

  /** Refuses what is outside its range. */
  public Mnist {
    IdxImages.check(crop);
    new ImageParts("mnist", limit, validation, new Normalise.None(), augment);
  }

  @Override
  public String name() {
    return "mnist";
  }

  @Override
  public String description() {
    return """
        Handwritten digits, 28 x 28 grey, 60,000 to train on and 10,000 to test on
        (LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998).
        Read from its four IDX files, gzipped or not, in the folder mnist.""";
  }

  @Override
  public Normalise scale() {
    return normalise ? NORMALISED : new Normalise.None();
  }

  @Override
  public String origin() {
    return "the MNIST page of Yann LeCun (four files, gzipped or not)";
  }
}
