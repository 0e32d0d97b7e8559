package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class ImageFolderTest {
  @TempDir private Path home;
  private DataFiles files = DataLocations.of(Optional.empty(), Map.of(), "Linux", Path.of("/none"));

  @BeforeEach
  void locate() {
    files = DataLocations.of(Optional.empty(), Map.of(), "Linux", home);
  }

  private static byte[] png(int side, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < side * side; i++) {
      image.setRGB(i % side, i / side, rgb);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private void put(String path, byte[] bytes) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private ImageFolder source(Normalise normalise) {
    return new ImageFolder(
        home.resolve("set").toString(), 2, 3, 2, false, 0, 0, normalise, new Augment());
  }

  private void twoClasses() throws IOException {
    put("set/train/cat/1.png", png(2, 0x000000));
    put("set/train/cat/2.png", png(2, 0x330000));
    put("set/train/cat/3.png", png(2, 0x660000));
    put("set/train/dog/1.png", png(2, 0xff0000));
    put("set/valid/cat/1.png", png(2, 0x00ff00));
    put("set/valid/dog/1.png", png(2, 0x00ff00));
    put("set/test/cat/9.png", png(2, 0x0000ff));
    put("set/test/dog/9.png", png(2, 0xff00ff));
  }

  @Test
  void goesRoundTheClassesInTheOrderOfTheirNames() throws IOException {
    twoClasses();
    ImageFolder source = source(new Normalise.None());

    assertThat(source.size(Split.TRAIN, files)).isEqualTo(4);
    assertThat(source.size(Split.VALIDATION, files)).isEqualTo(2);
    assertThat(source.size(Split.TEST, files)).isEqualTo(2);
    Examples examples = source.open(Split.TRAIN, files);
    try (NDManager manager = NDManager.newBaseManager()) {
      Examples.Batch batch = examples.batch(new int[] {0, 1, 2, 3}, manager);
      assertThat(batch.targets().toLongArray()).containsExactly(0, 1, 0, 0);
      // Red of the first pixel of each image: (image, channel, row, column).
      float[] cells = batch.inputs().toFloatArray();
      assertThat(List.of(cells[0], cells[12], cells[24], cells[36]))
          .containsExactly(0f, 1f, 0.2f, 0.4f);
      assertThat(cells[4]).isZero();
    }
  }

  @Test
  void normalisesByWhatIsTrainedOn() throws IOException {
    twoClasses();
    Examples test = source(new Normalise.Computed()).open(Split.TEST, files);
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] cells = test.batch(new int[] {1}, manager).inputs().toFloatArray();
      // Red of the training images: 0, 0.2, 0.4, 1; green and blue never vary.
      double deviation = Math.sqrt((0.16 + 0.04 + 0 + 0.36) / 4);
      assertThat((double) cells[0]).isCloseTo((1 - 0.4) / deviation, within(1e-5));
      assertThat(cells[8]).isEqualTo(1f);
    }
  }

  @Test
  void readsArchivesAsFolders() throws IOException {
    twoClasses();
    Examples plain = source(new Normalise.None()).open(Split.TRAIN, files);
    Path tar = home.resolve("packed/train.tar.gz");
    Files.createDirectories(tar.getParent());
    pack(tar, List.of("train/cat/1.png", "train/cat/2.png", "train/cat/3.png", "train/dog/1.png"));
    pack(home.resolve("packed/test.tar.gz"), List.of("test/cat/9.png", "test/dog/9.png"));
    ImageFolder packed =
        new ImageFolder(
            home.resolve("packed").toString(),
            2,
            3,
            2,
            false,
            0,
            0,
            new Normalise.None(),
            new Augment());
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] all = {0, 1, 2, 3};
      assertThat(packed.open(Split.TRAIN, files).batch(all, manager).inputs().toFloatArray())
          .containsExactly(plain.batch(all, manager).inputs().toFloatArray());
    }
    assertThat(packed.size(Split.TEST, files)).isEqualTo(2);
    assertThat(packed.size(Split.VALIDATION, files)).isZero();
  }

  private void pack(Path archive, List<String> names) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (String name : names) {
        byte[] bytes = Files.readAllBytes(home.resolve("set").resolve(name));
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
  }

  @Test
  void refusesArchivesThatLeadOutOrLink() throws IOException {
    Path folder = Files.createDirectories(home.resolve("set"));
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(Files.newOutputStream(folder.resolve("a.tar")))) {
      tar.putArchiveEntry(new TarArchiveEntry("train/../../evil/1.png"));
      tar.closeArchiveEntry();
    }
    assertThatThrownBy(() -> source(new Normalise.None()).open(Split.TRAIN, files))
        .hasMessageEndingWith("a.tar!train/../../evil/1.png: leads out of the archive");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(Files.newOutputStream(folder.resolve("a.tar")))) {
      TarArchiveEntry link = new TarArchiveEntry("train/cat/1.png", TarConstants.LF_SYMLINK);
      link.setLinkName("/etc/passwd");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
    assertThatThrownBy(() -> source(new Normalise.None()).open(Split.TRAIN, files))
        .hasMessageEndingWith("train/cat/1.png: a link; archives of images hold files only");
  }

  @Test
  void saysHowManyClassesThereAre() throws IOException {
    twoClasses();
    put("set/train/cow/1.png", png(2, 0));

    assertThatThrownBy(() -> source(new Normalise.None()).size(Split.TRAIN, files))
        .hasMessageContaining("classes says 2, but");
    assertThatThrownBy(() -> source(new Normalise.None()).open(Split.TRAIN, files))
        .hasMessageContaining("classes says 2, but")
        .hasMessageEndingWith("holds 3 class folders: cat, cow, dog");
  }

  @Test
  void saysWhenPlanningWhichPartLacksImages() throws IOException {
    twoClasses();
    Files.delete(home.resolve("set/test/dog/9.png"));

    assertThatThrownBy(() -> source(new Normalise.None()).size(Split.TRAIN, files))
        .hasMessageContaining("class dog has no images in the test part of ");

    Files.delete(home.resolve("set/test/cat/9.png"));

    assertThatThrownBy(() -> source(new Normalise.None()).size(Split.TRAIN, files))
        .hasMessageContaining("there are no images in the test part of ")
        .hasMessageEndingWith("they lie in class folders, such as test/cat");
  }

  @Test
  void refusesImagesOfAnotherSizeUnlessTheyAreMadeToFit() throws IOException {
    twoClasses();
    put("set/train/dog/2.png", png(3, 0xffffff));
    String folder = home.resolve("set").toString();

    assertThatThrownBy(() -> source(new Normalise.None()).open(Split.TRAIN, files))
        .hasMessageEndingWith(
            "dog/2.png: 3 x 3 pixels, size asks for 2 x 2; write resize: true to make them fit");
    ImageFolder fitted =
        new ImageFolder(folder, 2, 3, 2, true, 0, 0, new Normalise.None(), new Augment());
    assertThat(fitted.open(Split.TRAIN, files).size()).isEqualTo(5);
  }

  private ImageFolder parted(int limit, double validation, Normalise normalise) {
    return new ImageFolder(
        home.resolve("set").toString(),
        2,
        3,
        2,
        false,
        limit,
        validation,
        normalise,
        new Augment());
  }

  @Test
  void takesAValidationPartFromTheTrainingPartBeforeTheLimit() throws IOException {
    for (int i = 0; i < 10; i++) {
      put("set/train/cat/" + i + ".png", png(2, 0x100000 * i));
      put("set/train/dog/" + i + ".png", png(2, 0x1000 * i));
    }
    put("set/test/cat/9.png", png(2, 0x0000ff));
    put("set/test/dog/9.png", png(2, 0xff00ff));
    ImageFolder parted = parted(3, 0.2, new Normalise.None());

    assertThat(parted.size(Split.VALIDATION, files)).isEqualTo(4);
    assertThat(parted.open(Split.VALIDATION, files).size()).isEqualTo(4);
    assertThat(parted.size(Split.TRAIN, files)).isEqualTo(3);
    assertThat(parted.open(Split.TRAIN, files).size()).isEqualTo(3);
    assertThat(parted.size(Split.TEST, files)).isEqualTo(2);
    assertThatThrownBy(() -> parted(17, 0.2, new Normalise.None()).size(Split.TRAIN, files))
        .hasMessageEndingWith("limit is 17, but there are 16 training examples; 0 uses all");
    put("set/valid/cat/1.png", png(2, 0));
    put("set/valid/dog/1.png", png(2, 0));
    assertThatThrownBy(() -> parted.open(Split.VALIDATION, files))
        .hasMessageEndingWith(
            "has a validation part of its own, of 2 images: leave validation out");
  }

  @Test
  void normalisesByGivenNumbersOnePerChannel() throws IOException {
    twoClasses();
    Normalise given = new Normalise.Given(List.of(0.5, 0.0, 0.0), List.of(0.25, 1.0, 1.0));

    // Red of the second test image is 1, its green 0.
    float[] cells = pixels(parted(0, 0, given).open(Split.TEST, files));
    assertThat(List.of(cells[12], cells[16])).containsExactly(2f, 0f);
    Normalise grey = new Normalise.Given(List.of(0.5), List.of(0.25));
    assertThatThrownBy(() -> parted(0, 0, grey).open(Split.TEST, files))
        .hasMessageEndingWith("normalise gives 1 means, the images have 3 channels");
  }

  @Test
  void tellsASizeThatIsWrongWithoutDecodingAll() throws IOException {
    put("set/train/cat/1.png", png(3, 0));
    put("set/train/dog/1.png", "no image".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> source(new Normalise.None()).size(Split.TRAIN, files))
        .hasMessageEndingWith(
            "cat/1.png: 3 x 3 pixels, size asks for 2 x 2; write resize: true to make them fit");
    put("set/train/cat/1.png", png(2, 0));
    put("set/test/cat/1.png", png(2, 0));
    put("set/test/dog/1.png", "no image".getBytes(StandardCharsets.UTF_8));
    assertThat(source(new Normalise.None()).size(Split.TRAIN, files)).isEqualTo(2);
  }

  @Test
  void namesADamagedImage() throws IOException {
    twoClasses();
    put("set/train/dog/2.jpg", "no image".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> source(new Normalise.None()).open(Split.TRAIN, files))
        .hasMessageEndingWith("dog/2.jpg: neither PNG nor JPEG");
  }

  @Test
  void decodesOnceAndNoticesDamageInTheCache() throws IOException {
    twoClasses();
    ImageFolder source = source(new Normalise.None());
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] first =
          source.open(Split.TEST, files).batch(new int[] {0, 1}, manager).inputs().toFloatArray();
      Path kept;
      try (var walk = Files.walk(files.cache().resolve("images"))) {
        kept = walk.filter(file -> file.toString().endsWith("TEST.bin")).findFirst().orElseThrow();
      }
      byte[] bytes = Files.readAllBytes(kept);
      bytes[bytes.length / 2] ^= 1;
      Files.write(kept, bytes);
      assertThat(PixelFile.read(kept)).isEmpty();
      assertThat(
              source
                  .open(Split.TEST, files)
                  .batch(new int[] {0, 1}, manager)
                  .inputs()
                  .toFloatArray())
          .containsExactly(first);
      assertThat(PixelFile.read(kept)).isPresent();
    }
  }

  @Test
  void aSecondReadingDecodesNothing() throws IOException {
    twoClasses();
    ImageFolder source = source(new Normalise.None());
    float[] first = pixels(source.open(Split.TEST, files));
    Path image = home.resolve("set/test/cat/9.png");
    FileTime changed = Files.getLastModifiedTime(image);
    // Of the same size and date, and no image: decoding it would fail.
    Files.write(image, new byte[(int) Files.size(image)]);
    Files.setLastModifiedTime(image, changed);

    assertThat(pixels(source.open(Split.TEST, files))).containsExactly(first);

    Files.setLastModifiedTime(image, FileTime.fromMillis(changed.toMillis() + 5_000));
    assertThatThrownBy(() -> source.open(Split.TEST, files)).hasMessageContaining("9.png: ");
  }

  private static float[] pixels(Examples examples) {
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] all = IntStream.range(0, examples.size()).toArray();
      return examples.batch(all, manager).inputs().toFloatArray();
    }
  }

  @Test
  void severalAtOnceReadTheSame() throws Exception {
    twoClasses();
    DataFiles none = DataLocations.of(Optional.empty(), Map.of(), "Linux", home.resolve("other"));
    Pixels expected = folders().load(ImageFiles.Part.TRAIN, none);
    ExecutorService readers = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        DataFiles fresh =
            DataLocations.of(Optional.empty(), Map.of(), "Linux", home.resolve("home" + round));
        List<Callable<Pixels>> tasks =
            Collections.nCopies(4, () -> folders().load(ImageFiles.Part.TRAIN, fresh));
        for (Future<Pixels> read : readers.invokeAll(tasks)) {
          assertThat(read.get().size()).isEqualTo(expected.size());
          for (int i = 0; i < expected.size(); i++) {
            assertThat(read.get().image(i)).containsExactly(expected.image(i));
          }
        }
        try (var left = Files.list(fresh.cache().resolve("images"))) {
          assertThat(left).noneMatch(file -> file.toString().endsWith(".tmp"));
        }
      }
    } finally {
      readers.shutdown();
    }
  }

  private ClassFolders folders() {
    return new ClassFolders("set", home.resolve("set"), 2, new ImageDecoder(2, 3, false));
  }

  @Test
  void findsWhatDataGetFetchedByItsName() throws IOException {
    twoClasses();
    Path fetched = home.resolve(".cache/secateur/data/cinic10/CINIC-10.tar.gz");
    Files.createDirectories(fetched.getParent());
    pack(
        fetched,
        List.of(
            "train/cat/1.png",
            "train/dog/1.png",
            "valid/cat/1.png",
            "valid/dog/1.png",
            "test/cat/9.png",
            "test/dog/9.png"));
    ImageFolder cinic =
        new ImageFolder("cinic10", 2, 3, 2, false, 0, 0, new Normalise.Computed(), new Augment());

    for (Split split : List.of(Split.TRAIN, Split.VALIDATION, Split.TEST)) {
      assertThat(cinic.size(split, files)).isEqualTo(2);
      assertThat(cinic.open(split, files).size()).isEqualTo(2);
    }
    Files.delete(fetched);
    Files.delete(fetched.getParent());
    assertThatThrownBy(() -> cinic.size(Split.TRAIN, files))
        .hasMessageStartingWith("cinic10 is nowhere; looked for ")
        .hasMessageEndingWith("/data/cinic10; 'secateur data get cinic10' fetches it");
  }

  @Test
  void aFlipMirrorsHalfOfTheImagesAndMovesNothing() {
    byte[] image = {10, 20, 30, 40, 50, 60, 70, 80, 90};
    Pixels pixels = new Pixels(1, 3, 3, new byte[][] {image}, new int[] {0});
    Examples examples =
        new ColourImages(pixels, new double[1], new double[] {1 / 255.0}, new Augment(true, 0));
    int mirrored = 0;
    try (NDManager manager = NDManager.newBaseManager()) {
      Examples.Batch batch = examples.augmented(new int[1000], 5, manager);
      assertThat(batch.inputs().getShape()).isEqualTo(new Shape(1000, 1, 3, 3));
      float[] cells = batch.inputs().toFloatArray();
      for (int i = 0; i < 1000; i++) {
        int[] shown = new int[9];
        for (int k = 0; k < 9; k++) {
          shown[k] = Math.round(cells[9 * i + k]);
        }
        boolean isMirrored = shown[0] == 30;
        assertThat(shown)
            .containsExactly(
                isMirrored
                    ? new int[] {30, 20, 10, 60, 50, 40, 90, 80, 70}
                    : new int[] {10, 20, 30, 40, 50, 60, 70, 80, 90});
        mirrored += isMirrored ? 1 : 0;
      }
    }
    assertThat(mirrored).isBetween(430, 570);
  }

  @Test
  void aCropShowsZerosBeyondTheEdge() {
    byte[] image = {10, 20, 30, 40};
    Pixels pixels = new Pixels(1, 2, 2, new byte[][] {image}, new int[] {0});
    Examples examples =
        new ColourImages(pixels, new double[1], new double[] {1 / 255.0}, new Augment(false, 2));
    Set<List<Integer>> seen = new HashSet<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] cells = examples.augmented(new int[2000], 5, manager).inputs().toFloatArray();
      for (int i = 0; i < 2000; i++) {
        List<Integer> shown = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
          shown.add(Math.round(cells[4 * i + k]));
        }
        seen.add(shown);
      }
    }
    // 25 windows: 9 of them show something, the others nothing.
    assertThat(seen)
        .hasSize(10)
        .contains(
            List.of(10, 20, 30, 40),
            List.of(0, 0, 0, 0),
            List.of(0, 10, 0, 30),
            List.of(40, 0, 0, 0));
  }

  @Test
  void cutsAndMirrorsByTheSeedAlone() {
    byte[] image = {10, 20, 30, 40, 50, 60, 70, 80, 90};
    Pixels pixels = new Pixels(1, 3, 3, new byte[][] {image}, new int[] {0});
    Examples examples =
        new ColourImages(pixels, new double[1], new double[] {1}, new Augment(true, 1));
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] many = new int[64];
      float[] once = examples.augmented(many, 5, manager).inputs().toFloatArray();
      assertThat(examples.augmented(many, 5, manager).inputs().toFloatArray())
          .containsExactly(once);
      assertThat(examples.augmented(many, 6, manager).inputs().toFloatArray()).isNotEqualTo(once);
      // The middle pixel of a window that moves by one at most is one of the nine.
      for (int i = 0; i < many.length; i++) {
        assertThat(Math.round(once[9 * i + 4] * 255)).isIn(10, 20, 30, 40, 50, 60, 70, 80, 90);
      }
      assertThat(examples.batch(many, manager).inputs().toFloatArray()).startsWith(10 / 255f);
    }
  }
}
