package io.secateur.data;

import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CIFAR-10: 50,000 + 10,000 colour images of 32 × 32 in ten classes (Krizhevsky, 2009), in the
 * folder {@code cifar10}: the official binary batches, or class folders of images.
 *
 * @param source which of them is read; {@code auto} takes the binary batches where both are
 * @param limit uses the first {@code limit} training examples only; 0 uses all
 * @param validation the fraction of the training part set apart to choose by
 * @param normalise how pixels from 0 to 1 are shifted and scaled
 * @param augment how training images are changed at random
 */
public record Cifar10(
    Source source, int limit, double validation, Normalise normalise, Augment augment)
    implements DatasetSource {
  private static final int SIDE = 32;
  private static final int CLASSES = 10;
  private static final Normalise OFFICIAL =
      new Normalise.Given(List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616));

  /** The forms that the images come in. */
  public enum Source {
    /** Binary batches where they are, else class folders. */
    AUTO,
    /** The official binary batches: lossless. */
    BINARY,
    /** Class folders of images, or archives of them. */
    FOLDERS
  }

  /** All of it, by the means and deviations of the official training images. */
  public Cifar10() {
    this(Source.AUTO, 0, 0, OFFICIAL, new Augment());
  }

  public Cifar10 {
    new ImageParts("cifar10", limit, validation, normalise, augment);
  }

  @Override
  public String name() {
    return "cifar10";
  }

  @Override
  public String description() {
    return """
        CIFAR-10 (Krizhevsky, 2009): colour images of 32 x 32 in ten classes, 50,000 to train on and
        10,000 to test on, in the folder cifar10: the official binary batches (data_batch_1.bin ...
        test_batch.bin, gzipped or not, or cifar-10-binary.tar.gz), or class folders train/cat/0.png
        and archives of them. JPEG copies lose what PNG keeps: accuracies on them compare with one
        another, not with published ones.""";
  }

  @Override
  public Task task() {
    return new Task.Classification(new Shape(3, SIDE, SIDE), CLASSES);
  }

  @Override
  public int size(Split split, DataFiles files) throws IOException {
    return parts().size(split, images(files));
  }

  @Override
  public Examples open(Split split, DataFiles files) throws IOException {
    return parts().open(split, images(files));
  }

  @Override
  public String fingerprint(DataFiles files) throws IOException {
    Optional<CifarBatches> batches = batches(files);
    return batches.isPresent() ? batches.get().fingerprint() : folders(files).fingerprint(files);
  }

  private ImageParts parts() {
    return new ImageParts(name(), limit, validation, normalise, augment);
  }

  private ImageParts.Source images(DataFiles files) throws IOException {
    Optional<CifarBatches> batches = batches(files);
    return batches.isPresent() ? batches.get() : ImageFolder.source(folders(files), files);
  }

  private Optional<CifarBatches> batches(DataFiles files) throws IOException {
    return source == Source.FOLDERS ? Optional.empty() : CifarBatches.find(places(files));
  }

  private ClassFolders folders(DataFiles files) {
    Optional<Path> root =
        source == Source.BINARY
            ? Optional.empty()
            : places(files).stream().filter(Cifar10::holdsImages).findFirst();
    return new ClassFolders(
        name(),
        root.map(Whereabouts::resolved).orElseThrow(() -> absent(files)),
        CLASSES,
        new ImageDecoder(SIDE, 3, false));
  }

  private static boolean holdsImages(Path folder) {
    try {
      return Files.isDirectory(folder)
          && (Files.isDirectory(folder.resolve("train")) || archives(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean archives(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(
          file ->
              ImageFiles.isArchive(file)
                  && !file.getFileName().toString().equals(CifarBatches.ARCHIVE));
    }
  }

  private List<Path> places(DataFiles files) {
    return files.searched().stream().map(place -> place.resolve(name())).toList();
  }

  private UncheckedIOException absent(DataFiles files) {
    String message =
        "cifar10: neither binary batches nor class folders in %s%s"
            .formatted(
                places(files).stream().map(Path::toString).collect(Collectors.joining(", ")),
                Publication.hint(name()));
    return new UncheckedIOException(message, new FileNotFoundException("data_batch_1.bin"));
  }
}
