package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsFileTest {
  private static final int AREA = 28 * 28;
  private static final Digits DEFAULTS = new Digits();

  @TempDir Path folder;

  @Test
  void drawsTheSameBytesOnEveryMachineAndWithEveryRelease() {
    DigitsFile train = DigitsFile.generate(Split.TRAIN, 200, DEFAULTS.seed());
    DigitsFile test = DigitsFile.generate(Split.TEST, 200, DEFAULTS.seed());

    // Another digest means other data: raise the generator's number in Digits, then write it here.
    assertThat(digest(train))
        .isEqualTo("5538796e756bd06335bd8d8d058a0d0760e1f8033d77e1058c1c428143fb3cb1");
    assertThat(digest(test))
        .isEqualTo("ad47ea6228665b5196a04ca0798d66a02f5c5586696e88f751595785bbdaa2fd");
    assertThat(DEFAULTS.version()).isEqualTo(1);
  }

  @Test
  void theFirstDigitsAreTheSameHoweverManyFollow() {
    DigitsFile few = DigitsFile.generate(Split.TRAIN, 37, 3);
    DigitsFile many = DigitsFile.generate(Split.TRAIN, 120, 3);

    assertThat(few.labels()).isEqualTo(Arrays.copyOf(many.labels(), 37));
    assertThat(few.pixels()).isEqualTo(Arrays.copyOf(many.pixels(), 37 * AREA));
  }

  @Test
  void everyTenInARowAreAllTenDigitsInChangingOrder() {
    byte[] labels = DigitsFile.generate(Split.TEST, 200, 4).labels();

    for (int first = 0; first < labels.length; first += 10) {
      byte[] ten = Arrays.copyOfRange(labels, first, first + 10);
      Arrays.sort(ten);
      assertThat(ten).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
    assertThat(Arrays.copyOf(labels, 10)).isNotEqualTo(Arrays.copyOfRange(labels, 10, 20));
  }

  @Test
  void seedsAndSplitsGiveOtherDigits() {
    DigitsFile train = DigitsFile.generate(Split.TRAIN, 10, 1);

    assertThat(DigitsFile.generate(Split.TRAIN, 10, 2).pixels()).isNotEqualTo(train.pixels());
    assertThat(DigitsFile.generate(Split.TEST, 10, 1).pixels()).isNotEqualTo(train.pixels());
    assertThat(DigitsFile.generate(Split.CALIBRATION, 10, 1).pixels()).isEqualTo(train.pixels());
  }

  @Test
  void digitsLieWithinThePaper() {
    byte[] pixels = DigitsFile.generate(Split.TRAIN, 500, 9).pixels();
    long edge = 0;
    long all = 0;
    for (int i = 0; i < pixels.length; i++) {
      int row = i % AREA / 28;
      int column = i % 28;
      // Above 127 is ink: grain does not reach it.
      if ((pixels[i] & 0xff) > 127) {
        all++;
        edge += row == 0 || row == 27 || column == 0 || column == 27 ? 1 : 0;
      }
    }

    assertThat(edge).isZero();
    assertThat(all / 500).isBetween(40L, 160L);
  }

  @Test
  void theRecordedMeanAndDeviationAreThoseOfTheDefaultTrainingPart() {
    byte[] pixels = DigitsFile.generate(Split.TRAIN, DEFAULTS.train(), DEFAULTS.seed()).pixels();
    double sum = 0;
    double squares = 0;
    for (byte pixel : pixels) {
      double value = (pixel & 0xff) / 255.0;
      sum += value;
      squares += value * value;
    }
    double mean = sum / pixels.length;

    assertThat(mean).isCloseTo(Digits.NORMALISED.mean(), within(0.00005));
    assertThat(Math.sqrt(squares / pixels.length - mean * mean))
        .isCloseTo(Digits.NORMALISED.deviation(), within(0.00005));
  }

  @Test
  void nearestMeansTellMostDigitsApartButFarFromAll() {
    DigitsFile train = DigitsFile.generate(Split.TRAIN, 2000, DEFAULTS.seed());
    DigitsFile test = DigitsFile.generate(Split.TEST, 1000, DEFAULTS.seed());

    assertThat(NearestMean.of(train).accuracy(test)).isBetween(0.60, 0.90);
  }

  @Test
  void keepsWhatItGeneratedAndReadsItBack() throws IOException {
    Path file = folder.resolve("new/train.bin");

    DigitsFile made = DigitsFile.open(file, Split.TRAIN, 30, 1);
    DigitsFile read = DigitsFile.open(file, Split.TEST, 30, 99);

    assertThat(file).hasSize(30 * (1 + AREA) + 32);
    // Asked for others, it gives those of the file: so they were read, not generated.
    assertThat(read.labels()).isEqualTo(made.labels());
    assertThat(read.pixels()).isEqualTo(made.pixels());
    try (Stream<Path> left = Files.list(folder.resolve("new"))) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void makesADamagedFileAgain() throws IOException {
    Path file = folder.resolve("train.bin");
    DigitsFile made = DigitsFile.open(file, Split.TRAIN, 30, 1);
    byte[] whole = Files.readAllBytes(file);
    byte[] damaged = whole.clone();
    damaged[1234] ^= 1;
    Files.write(file, damaged);

    assertThat(DigitsFile.open(file, Split.TRAIN, 30, 1).pixels()).isEqualTo(made.pixels());
    assertThat(file).hasBinaryContent(whole);
  }

  @Test
  void makesATruncatedFileAgain() throws IOException {
    Path file = folder.resolve("train.bin");
    DigitsFile made = DigitsFile.open(file, Split.TRAIN, 30, 1);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, 999));

    assertThat(DigitsFile.open(file, Split.TRAIN, 30, 1).pixels()).isEqualTo(made.pixels());
    assertThat(file).hasBinaryContent(whole);
  }

  @Test
  void aCacheThatCannotBeWrittenStopsNothing() throws IOException {
    Path occupied = Files.createFile(folder.resolve("occupied"));

    DigitsFile digits = DigitsFile.open(occupied.resolve("train.bin"), Split.TRAIN, 10, 1);

    assertThat(digits.pixels()).isEqualTo(DigitsFile.generate(Split.TRAIN, 10, 1).pixels());
  }

  private static String digest(DigitsFile digits) {
    return new Digest().add(digits.labels()).add(digits.pixels()).hex();
  }
}
