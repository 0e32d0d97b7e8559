package io.secateur.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Sst2Test {
  private static final String TRAIN =
      "sentence\tlabel\nb A a \t1\nC b  x\t0\na few words more than fit\t1\n";
  private static final String DEV = "sentence\tlabel\nx Y a\t0\n";

  @TempDir private Path home = Path.of("");
  private Path folder = Path.of("");
  private DataFiles files = DataLocations.of(Optional.empty(), Map.of(), "Linux", Path.of("/none"));

  @BeforeEach
  void locate() throws IOException {
    folder = Files.createDirectories(home.resolve(".cache/secateur/data/sst2"));
    files = DataLocations.of(Optional.empty(), Map.of(), "Linux", home);
    write("train.tsv", TRAIN);
    write("dev.tsv", DEV);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static Sst2 set(int length, int vocabulary) {
    return new Sst2(length, vocabulary, Sst2.Test.DEV, 0, 0);
  }

  private List<String> words(Sst2 set) throws IOException {
    byte[] bytes = Objects.requireNonNull(set.attachments(files).get("vocabulary.txt"));
    return new String(bytes, UTF_8).lines().toList();
  }

  private long[] ids(Sst2 set, Split split) throws IOException {
    return batch(set, split, true);
  }

  private long[] batch(Sst2 set, Split split, boolean inputs) throws IOException {
    Examples examples = set.open(split, files);
    assertThat(set.size(split, files)).isEqualTo(examples.size());
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] all = IntStream.range(0, examples.size()).toArray();
      Examples.Batch batch = examples.batch(all, manager);
      assertThat(batch.inputs().getShape()).isEqualTo(new Shape(all.length, set.length()));
      assertThat(batch.inputs().getDataType()).isEqualTo(DataType.INT64);
      return (inputs ? batch.inputs() : batch.targets()).toLongArray();
    }
  }

  @Test
  void numbersWordsByFrequencyAndThoseAsFrequentByTheirFirstPlace() throws IOException {
    assertThat(words(set(4, 100)))
        .containsExactly(
            "<pad>", "<unk>", "a", "b", "c", "x", "few", "words", "more", "than", "fit");
    assertThat(words(set(4, 4))).containsExactly("<pad>", "<unk>", "a", "b");
    assertThat(set(4, 100).task()).isEqualTo(new Task.Classification(new Shape(4), 2, 100));
  }

  @Test
  @Tag("engine")
  void cutsAtLengthAndPadsWithZeros() throws IOException {
    assertThat(ids(set(4, 6), Split.TRAIN)).containsExactly(3, 2, 2, 0, 4, 3, 5, 0, 2, 1, 1, 1);
    assertThat(ids(set(4, 6), Split.TEST)).containsExactly(5, 1, 2, 0);
    assertThat(batch(set(4, 6), Split.TRAIN, false)).containsExactly(1, 0, 1);
  }

  @Test
  @Tag("engine")
  void wordsOfSentencesThatAreNotTrainedOnAreUnknown() throws IOException {
    Sst2 limited = new Sst2(3, 100, Sst2.Test.DEV, 1, 0);
    assertThat(words(limited)).containsExactly("<pad>", "<unk>", "a", "b");
    assertThat(ids(limited, Split.TEST)).containsExactly(1, 1, 2);

    write("train.tsv", "sentence\tlabel\n" + "common rare1\t1\ncommon rare2\t0\n".repeat(5));
    Sst2 apart = new Sst2(2, 100, Sst2.Test.DEV, 0, 0.5);
    assertThat(apart.size(Split.TRAIN, files)).isEqualTo(5);
    assertThat(apart.size(Split.VALIDATION, files)).isEqualTo(5);
    assertThat(ids(apart, Split.CALIBRATION)).containsExactly(ids(apart, Split.TRAIN));
    assertThat(ids(apart, Split.VALIDATION)).hasSize(10).contains(2).doesNotContain(0);
    assertThatThrownBy(() -> new Sst2(2, 9, Sst2.Test.DEV, 6, 0.5).open(Split.TRAIN, files))
        .hasMessage("sst2: limit is 6, but there are 5 training examples; 0 uses all");
    assertThatThrownBy(() -> new Sst2().open(Split.VALIDATION, files))
        .hasMessageStartingWith("sst2 has no validation sentences; set validation to ");
  }

  @Test
  @Tag("engine")
  void testsOnTheLabelledTestPartAndThenChoosesOnDev() throws IOException {
    Sst2 set = new Sst2(5, 100, Sst2.Test.TEST_LABELLED, 0, 0);
    assertThatThrownBy(() -> set.open(Split.TEST, files))
        .hasMessage(
            "sst2: test-labelled.tsv is missing; looked in "
                + folder
                + "; GLUE gives its test part without labels: put a file with the columns label"
                + " and content there, or leave test at dev");
    write("train.tsv", "sentence\tlabel\n( a / b )\t1\n");
    write("test-labelled.tsv", "label\tcontent\n0\tA -LRB- a\\/b -rrb-\n");

    assertThat(words(set)).containsExactly("<pad>", "<unk>", "(", "a", "/", "b", ")");
    assertThat(ids(set, Split.TEST)).containsExactly(3, 2, 1, 6, 0);
    assertThat(ids(set, Split.VALIDATION)).containsExactly(1, 1, 3, 0, 0);
    assertThat(set.fingerprint(files)).isNotEqualTo(new Sst2().fingerprint(files));
    write("train.tsv", "sentence\tlabel\na/b\t1\n");
    assertThat(ids(set, Split.TEST)).containsExactly(1, 1, 2, 1, 0);
    assertThatThrownBy(() -> new Sst2(5, 100, Sst2.Test.TEST_LABELLED, 0, 0.1))
        .hasMessage(
            "with test: test-labelled the development part is there to choose by: leave validation"
                + " out, was 0.1");
  }

  @Test
  void packedOrNotTheTextsAreTheSame() throws IOException {
    final List<String> words = words(set(4, 100));
    final String fingerprint = new Sst2().fingerprint(files);
    for (String name : List.of("train.tsv", "dev.tsv")) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      Files.write(folder.resolve(name + ".gz"), IdxFolder.gzip(bytes));
      Files.delete(folder.resolve(name));
    }
    assertThat(words(set(4, 100))).isEqualTo(words);
    assertThat(new Sst2().fingerprint(files)).isEqualTo(fingerprint);

    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("SST-2.zip")))) {
      for (Map.Entry<String, String> file : Map.of("train.tsv", TRAIN, "dev.tsv", DEV).entrySet()) {
        zip.putNextEntry(new ZipEntry("SST-2/" + file.getKey()));
        zip.write(file.getValue().getBytes(UTF_8));
        Files.delete(folder.resolve(file.getKey() + ".gz"));
      }
    }
    assertThat(words(set(4, 100))).isEqualTo(words);
    assertThat(new Sst2().fingerprint(files)).isEqualTo(fingerprint);
    assertThat(new Sst2().size(Split.TEST, files)).isEqualTo(1);
  }

  @Test
  void saysWhereAMissingFileCanBeHad() throws IOException {
    Files.delete(folder.resolve("train.tsv"));
    assertThatThrownBy(() -> new Sst2().size(Split.TRAIN, files))
        .hasMessage(
            ("sst2: train.tsv is missing; looked in %s; 'secateur data get sst2' fetches it; it can"
                    + " be had from the SST-2 archive of the GLUE benchmark; put it into %s, or"
                    + " name the folder above it with --data or SECATEUR_DATA")
                .formatted(folder, folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a\\tb\\nx\\t1\\n | 1: the columns are [a, b]; they should be named sentence and label, separated by a tab
          sentence\\tlabel\\nx\\t1\\ny\\n | 3: 1 values, but there are 2 columns
          sentence\\tlabel\\n \\t1\\n | 2: there is no sentence here
          sentence\\tlabel\\nx\\t2\\n | 2: the label is '2', 0 to 1 would be right
          sentence\\tlabel\\nx\\tgood\\n | 2: the label is 'good', 0 to 1 would be right
          sentence\\tlabel\\n | ␣there are no sentences here
          """)
  void refusesWhatIsNoRowByItsLine(String text, String message) throws IOException {
    write("train.tsv", text.replace("\\t", "\t").replace("\\n", "\n"));
    assertThatThrownBy(() -> new Sst2().open(Split.TRAIN, files))
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve("train.tsv") + ":" + message.replace('␣', ' '));
  }

  @Test
  void refusesWhatIsNoTextOrCutShort() throws IOException {
    Path train = folder.resolve("train.tsv");
    Files.write(train, "sentence\tlabel\nb\u00fcse\t1\n".getBytes(ISO_8859_1));
    assertThatThrownBy(() -> new Sst2().open(Split.TRAIN, files))
        .hasMessage(train + ": not all of it is text in UTF-8");
    assertThatThrownBy(() -> new Sst2().size(Split.TRAIN, files))
        .hasMessage(train + ": not all of it is text in UTF-8");

    byte[] packed = IdxFolder.gzip(TRAIN.getBytes(UTF_8));
    Files.write(train, Arrays.copyOf(packed, packed.length - 12));
    assertThatThrownBy(() -> new Sst2().open(Split.TRAIN, files))
        .hasMessageStartingWith(train + ": damaged or cut short (");
  }

  @Test
  void refusesSettingsThatLeaveNothing() {
    assertThatThrownBy(() -> set(0, 10)).hasMessage("length must be at least 1 word, was 0");
    assertThatThrownBy(() -> set(4, 2))
        .hasMessage(
            "vocabulary must be at least 3 ids, of padding, unknown words and one word, was 2");
    assertThatThrownBy(() -> new Sst2(4, 9, Sst2.Test.DEV, -1, 0))
        .hasMessage("limit must be at least 1 training example, or 0 for all, was -1");
    assertThatThrownBy(() -> new Sst2(4, 9, Sst2.Test.DEV, 0, 1))
        .hasMessageStartingWith("validation must be a fraction");
  }
}
