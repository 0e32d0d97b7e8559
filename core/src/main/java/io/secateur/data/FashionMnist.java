package io.secateur.data;

import io.secateur.data.GreyImages.Scale;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;

/**
 * Fashion-MNIST: 60,000 + 10,000 pieces of clothing (Xiao, Rasul, Vollgraf 2017), read from its
 * four IDX files, gzipped or not, in the folder {@code fashion-mnist}.
 *
 * @param crop rows and columns kept around the centre, 1 to 28; examples are (1, crop, crop)
 * @param normalise whether 0.2860 is taken off and the rest divided by 0.3530 (mean and deviation
 *     of the training pixels); otherwise pixels are 0 to 1
 * @param limit uses the first {@code limit} training examples only; 0 uses all
 */
public record FashionMnist(int crop, boolean normalise, int limit) implements DatasetSource {
  private static final Scale NORMALISED = new Scale(0.2860f, 0.3530f);

  /** Whole images, normalised, all of them. */
  public FashionMnist() {
    this(IdxImages.SIDE, true, 0);
  }

  /** Refuses a crop or a limit outside its range. */
  public FashionMnist {
    IdxImages.check(crop, limit);
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
  public Task task() {
    return images().task();
  }

  @Override
  public int size(Split split, DataFiles files) throws IOException {
    return images().size(split, files);
  }

  @Override
  public Examples open(Split split, DataFiles files) throws IOException {
    return images().open(split, files);
  }

  @Override
  public String fingerprint(DataFiles files) throws IOException {
    return images().fingerprint(files);
  }

  private IdxImages images() {
    return new IdxImages(
        name(),
        "the Fashion-MNIST repository of Zalando Research on GitHub (four files, gzipped or not)",
        crop,
        limit,
        normalise ? NORMALISED : Scale.UNIT);
  }
}
