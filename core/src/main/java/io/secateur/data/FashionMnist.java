package io.secateur.data;

/**
 * Fashion-MNIST: 60,000 + 10,000 pieces of clothing (Xiao, Rasul, Vollgraf 2017), read from its
 * four IDX files, gzipped or not, in the folder {@code fashion-mnist}.
 *
 * @param crop rows and columns kept around the centre, 1 to 28; examples are (1, crop, crop)
 * @param normalise whether 0.2860 is taken off and the rest divided by 0.3530 (mean and deviation
 *     of the training pixels); otherwise pixels are 0 to 1
 * @param limit uses the first {@code limit} training examples only; 0 uses all
 * @param validation the fraction of the training part set apart to choose by
 * @param augment how training images are changed at random
 */
public record FashionMnist(
    int crop, boolean normalise, int limit, double validation, Augment augment)
    implements OfIdxFiles {
  private static final Normalise NORMALISED = OfIdxFiles.given(0.2860, 0.3530);

  /** Whole images, normalised, all of them. */
  public FashionMnist() {
    this(IdxImages.SIDE, true, 0, 0, new Augment());
  }

  /** Refuses what is outside its range. */
  public FashionMnist {
    IdxImages.check(crop);
    new ImageParts("fashion-mnist", limit, validation, new Normalise.None(), augment);
  }

  @Override
  public String name() {
    return "fashion-mnist";
  }

  @Override
  public String description() {
    return """
        Pieces of clothing in ten classes, 28 x 28 grey, 60,000 to train on and 10,000 to test on;
        harder than MNIST, in the same format (Xiao, Rasul, Vollgraf: Fashion-MNIST, a novel image
        dataset for benchmarking machine learning algorithms, 2017, arXiv:1708.07747).
        Read from its four IDX files, gzipped or not, in the folder fashion-mnist.""";
  }

  @Override
  public Normalise scale() {
    return normalise ? NORMALISED : new Normalise.None();
  }

  @Override
  public String origin() {
    return "the Fashion-MNIST repository of Zalando Research on GitHub (four files, gzipped or not)";
  }
}
