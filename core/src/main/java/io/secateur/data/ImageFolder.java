package io.secateur.data;

import ai.djl.ndarray.types.Shape;
import io.secateur.data.ImageFiles.Part;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Images in class folders: {@code train/cat/1.png}, {@code valid/cat/2.png}, {@code
 * test/dog/3.jpg}, or archives (tar, tar.gz, zip) of them. Classes are numbered in the order of
 * their names.
 *
 * @param folder a folder or an archive: a path, or a name where data is looked for
 * @param size rows and columns of every image
 * @param channels 3 for colour, 1 for grey
 * @param classes how many class folders there are
 * @param resize whether images of other sizes are made to fit; else they are refused
 * @param limit uses the first {@code limit} training examples only, which go round the classes; 0
 *     uses all
 * @param validation the fraction of the training part set apart to choose by, where there is no
 *     folder {@code valid}
 * @param normalise how pixels from 0 to 1 are shifted and scaled
 * @param augment how training images are changed at random
 */
public record ImageFolder(
    String folder,
    int size,
    int channels,
    int classes,
    boolean resize,
    int limit,
    double validation,
    Normalise normalise,
    Augment augment)
    implements DatasetSource {
  /** Colour images of 32 × 32 in ten classes, normalised by what is trained on. */
  public ImageFolder() {
    this("", 32, 3, 10, false, 0, 0, new Normalise.Computed(), new Augment());
  }

  public ImageFolder {
    if (size < 1 || size > 4096) {
      throw new IllegalArgumentException("size must be between 1 and 4096 pixels, was " + size);
    }
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "channels must be 3 for colour or 1 for grey, was " + channels);
    }
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, was " + classes);
    }
    new ImageParts("image-folder", limit, validation, normalise, augment);
  }

  @Override
  public String name() {
    return "image-folder";
  }

  @Override
  public String description() {
    return """
        Images in class folders, PNG or JPEG: train/cat/1.png, valid/dog/2.png, test/cat/3.jpg, or
        one or more archives (tar, tar.gz, zip) of such folders. folder is a path, or a name where
        data is looked for. Say how large the images are and how many classes there are:
        {folder: my-images, size: 64, classes: 3, resize: true}. Classes are numbered by name.
        They are decoded once and kept in the cache; nothing is unpacked.""";
  }

  @Override
  public Task task() {
    return new Task.Classification(new Shape(channels, size, size), classes);
  }

  @Override
  public int size(Split split, DataFiles files) throws IOException {
    return parts().size(split, source(files));
  }

  @Override
  public Examples open(Split split, DataFiles files) throws IOException {
    return parts().open(split, source(files));
  }

  @Override
  public String fingerprint(DataFiles files) throws IOException {
    return folders(files).fingerprint(files);
  }

  private ImageParts parts() {
    return new ImageParts(name() + " " + folder, limit, validation, normalise, augment);
  }

  private ClassFolders folders(DataFiles files) {
    return new ClassFolders(
        name() + " " + folder, root(files), classes, new ImageDecoder(size, channels, resize));
  }

  private ImageParts.Source source(DataFiles files) {
    return source(folders(files), files);
  }

  static ImageParts.Source source(ClassFolders folders, DataFiles files) {
    return new ImageParts.Source() {
      @Override
      public int count(Part part) throws IOException {
        return folders.count(part, files);
      }

      @Override
      public Pixels load(Part part) throws IOException {
        return folders.load(part, files);
      }
    };
  }

  private Path root(DataFiles files) {
    if (folder.isBlank()) {
      throw new IllegalArgumentException(
          "image-folder needs a folder, as in image-folder: {folder: my-images, classes: 3}");
    }
    return Whereabouts.of(folder, files);
  }
}
