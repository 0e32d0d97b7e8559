package io.secateur.data;

import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.List;

/** What data sets of MNIST's make share: images of ten classes in four IDX files. */
interface OfIdxFiles extends DatasetSource {
  /** Returns rows and columns kept around the centre. */
  int crop();

  /** Returns how many of the first training examples are used; 0 for all. */
  int limit();

  /** Returns the fraction of the training part set apart to choose by. */
  double validation();

  /** Returns how training images are changed at random. */
  Augment augment();

  /** Returns how pixels from 0 to 1 are shifted and scaled. */
  Normalise scale();

  /** Returns where the files can be had. */
  String origin();

  @Override
  default Task task() {
    return new Task.Classification(new Shape(1, crop(), crop()), IdxImages.CLASSES);
  }

  @Override
  default int size(Split split, DataFiles files) throws IOException {
    return parts().size(split, images(files));
  }

  @Override
  default Examples open(Split split, DataFiles files) throws IOException {
    return parts().open(split, images(files));
  }

  @Override
  default String fingerprint(DataFiles files) throws IOException {
    return images(files).fingerprint();
  }

  private ImageParts parts() {
    return new ImageParts(name(), limit(), validation(), scale(), augment());
  }

  private IdxImages images(DataFiles files) {
    return new IdxImages(name(), origin(), crop(), files);
  }

  /** Returns the scale by one mean and one deviation. */
  static Normalise given(double mean, double deviation) {
    return new Normalise.Given(List.of(mean), List.of(deviation));
  }
}
