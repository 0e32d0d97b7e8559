package io.secateur.data;

import io.secateur.spi.DataFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A data set as it is published: which files, from where, on which terms. Checksums are those that
 * the publishers or, where they give none, the common libraries state.
 *
 * @param name the folder it lies in; that of its plugin, where it has one of its own
 * @param about what it holds, in a few words
 * @param terms its licence, or what its authors ask for
 */
public record Publication(String name, String about, String terms, List<Item> items) {
  private static final String MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/";
  private static final String FASHION =
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

  private static final List<Publication> ALL =
      List.of(
          new Publication(
              "mnist",
              "handwritten digits, 28 x 28 grey",
              "CC BY-SA 3.0, as commonly given",
              List.of(
                  item(
                      MNIST,
                      "train-images-idx3-ubyte.gz",
                      9_912_422,
                      "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                  item(
                      MNIST,
                      "train-labels-idx1-ubyte.gz",
                      28_881,
                      "d53e105ee54ea40749a09fcbcd1e9432"),
                  item(
                      MNIST,
                      "t10k-images-idx3-ubyte.gz",
                      1_648_877,
                      "9fb629c4189551a2d022fa330f9573f3"),
                  item(
                      MNIST,
                      "t10k-labels-idx1-ubyte.gz",
                      4_542,
                      "ec29112dd5afa0611ce80d1b7f02629c"))),
          new Publication(
              "fashion-mnist",
              "pieces of clothing, 28 x 28 grey",
              "MIT",
              List.of(
                  item(
                      FASHION,
                      "train-images-idx3-ubyte.gz",
                      26_421_880,
                      "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                  item(
                      FASHION,
                      "train-labels-idx1-ubyte.gz",
                      29_515,
                      "25c81989df183df01b3e8a0aad5dffbe"),
                  item(
                      FASHION,
                      "t10k-images-idx3-ubyte.gz",
                      4_422_102,
                      "bef4ecab320f06d8554ea6380940ec79"),
                  item(
                      FASHION,
                      "t10k-labels-idx1-ubyte.gz",
                      5_148,
                      "bb300cfdad3c16e7a12a480ee83cd310"))),
          new Publication(
              "cifar10",
              "colour images of ten classes, 32 x 32",
              "no licence stated; cite Krizhevsky, 2009",
              List.of(
                  item(
                      "https://www.cs.toronto.edu/~kriz/",
                      CifarBatches.ARCHIVE,
                      170_052_171,
                      "c32a1d4ab5d03f1284b67883e8d87530"))),
          new Publication(
              "cinic10",
              "CIFAR-10's classes with images of ImageNet, 32 x 32; read by image-folder",
              "MIT for the collection; its images under the terms of their sources",
              List.of(
                  item(
                      "https://datashare.ed.ac.uk/bitstream/handle/10283/3192/",
                      "CINIC-10.tar.gz",
                      687_544_992,
                      "6ee4d0c996905fe93221de577967a372"))),
          new Publication(
              "sst2",
              "phrases of film reviews, positive or negative, as in GLUE",
              "no licence stated; cite Socher et al., 2013, and Wang et al., 2019",
              List.of(
                  item(
                      "https://dl.fbaipublicfiles.com/glue/data/",
                      Sst2.ARCHIVE,
                      7_439_277,
                      "9f81648d4199384278b86e315dac217c"))));

  public Publication {
    items = List.copyOf(items);
  }

  /**
   * A file.
   *
   * @param bytes about how large it is; 0 where nobody knows
   * @param md5 the published checksum, in hexadecimal
   */
  public record Item(String name, URI from, long bytes, String md5) {}

  private static Item item(String folder, String name, long bytes, String md5) {
    return new Item(name, URI.create(folder + name), bytes, md5);
  }

  /** Returns all that are known. */
  public static List<Publication> all() {
    return ALL;
  }

  /** Returns the one of a name. */
  public static Optional<Publication> named(String name) {
    return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** Returns about how many bytes its files have together. */
  public long bytes() {
    return items.stream().mapToLong(Item::bytes).sum();
  }

  /** Returns the first folder that holds all files, packed or not. */
  public Optional<Path> found(DataFiles files) {
    return files.searched().stream()
        .map(place -> place.resolve(name))
        .filter(folder -> items.stream().allMatch(item -> holds(folder, item.name())))
        .findFirst();
  }

  /** Returns the first folder of its name that holds anything: part of it, or another form. */
  public Optional<Path> begun(DataFiles files) {
    return files.searched().stream()
        .map(place -> place.resolve(name))
        .filter(Publication::holdsAnything)
        .findFirst();
  }

  private static boolean holdsAnything(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isPresent();
    } catch (IOException absent) {
      return false;
    }
  }

  private static boolean holds(Path folder, String file) {
    return Files.isRegularFile(folder.resolve(file))
        || (file.endsWith(".gz")
            && Files.exists(folder.resolve(file.substring(0, file.length() - ".gz".length()))));
  }

  /** Returns what to do by hand instead, as the end of a message. */
  static String byHand(Item item, Path folder) {
    return "by hand, put %s into %s".formatted(item.from(), folder);
  }

  /** Returns {@code "; 'secateur data get x' fetches it"} where that is so. */
  static String hint(String name) {
    return named(name).map(each -> "; 'secateur data get " + name + "' fetches it").orElse("");
  }
}
