package io.secateur.data;

import io.secateur.data.GreyImages.Scale;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;

/**
 * MNIST: 60,000 + 10,000 handwritten digits (LeCun, Cortes, Burges 1998), read from its four IDX
 * files, gzipped or not, in the folder {@code mnist}.
 *
 * @param crop rows and columns kept around the centre, 1 to 28; examples are (1, crop, crop)
 * @param normalise whether 0.1307 is taken off and the rest divided by 0.3081 (mean and deviation
 *     of the training pixels); otherwise pixels are 0 to 1
 * @param limit uses the first {@code limit} training examples only; 0 uses all
 */
public record Mnist(int crop, boolean normalise, int limit) implements DatasetSource {
  private static final Scale NORMALISED = new Scale(0.1307f, 0.3081f);

  /** Whole images, normalised, all of them. */
  public Mnist() {
    this(IdxImages.SIDE, true, 0);
  }

  /** Refuses a crop or a limit outside its range. */
  public Mnist {
    IdxImages.check(crop, limit);
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
        "the MNIST page of Yann LeCun (four files, gzipped or not)",
        crop,
        limit,
        normalise ? NORMALISED : Scale.UNIT);
  }
}
