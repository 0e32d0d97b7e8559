package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.data.Text.Range;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class TextTest {
  private static final String STORIES =
      "The shears cut.|\n a rose grows again \n||The rose cut the shears|";

  @TempDir private Path home = Path.of("");
  private DataFiles files = DataLocations.of(Optional.empty(), Map.of(), "Linux", Path.of("/none"));
  private Path story = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void write() throws IOException {
    files = DataLocations.of(Optional.empty(), Map.of(), "Linux", home);
    model = Files.createDirectories(home.resolve("model"));
    try (InputStream in =
        Objects.requireNonNull(TextTest.class.getResourceAsStream("/tokens/tokenizer.json"))) {
      Files.copy(in, model.resolve("tokenizer.json"));
    }
    story = home.resolve("stories.txt.gz");
    packed(story, STORIES);
  }

  private static void packed(Path file, String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Text text(int length, Pieces pieces, Range train, Range test) {
    return new Text(story.toString(), "|", model.toString(), length, pieces, train, test);
  }

  private long[][] batch(DatasetSource source, Split split) throws IOException {
    Examples examples = source.open(split, files);
    assertThat(source.size(split, files)).isEqualTo(examples.size());
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      int[] all = IntStream.range(0, examples.size()).toArray();
      Examples.Batch batch = examples.batch(all, manager);
      return new long[][] {batch.inputs().toLongArray(), batch.targets().toLongArray()};
    }
  }

  @Test
  void aTextIsPredictedFromItsBeginningAndNothingBehindItsEnd() throws IOException {
    Text source = text(6, Pieces.DOCUMENTS, new Range(1, 2), new Range(0, 1));

    assertThat(source.task()).isEqualTo(new Task.TokenPrediction(new Shape(6), 9));
    long[][] tested = batch(source, Split.TEST);
    // A point is no word that is known.
    assertThat(tested[0]).containsExactly(1, 2, 3, 4, 0, -1);
    assertThat(tested[1]).containsExactly(2, 3, 4, 0, -1, -1);
    long[][] trained = batch(source, Split.TRAIN);
    assertThat(trained[0]).containsExactly(1, 5, 6, 7, 8, -1, 1, 2, 6, 4, 2, 3);
    assertThat(trained[1]).containsExactly(5, 6, 7, 8, -1, -1, 2, 6, 4, 2, 3, -1);
  }

  @Test
  void whatIsLongerIsCut() throws IOException {
    long[][] trained = batch(text(3, Pieces.DOCUMENTS, new Range(), new Range()), Split.TRAIN);

    assertThat(trained[0]).containsExactly(1, 2, 3, 1, 5, 6);
    assertThat(trained[1]).containsExactly(2, 3, -1, 5, 6, -1);
  }

  @Test
  void windowsGoOverTheEndsOfTextsWithoutOverlap() throws IOException {
    long[][] tested = batch(text(4, Pieces.WINDOWS, new Range(2, 1), new Range(0, 2)), Split.TEST);

    assertThat(tested[0]).containsExactly(1, 2, 3, 4, 0, 1, 5, 6);
    assertThat(tested[1]).containsExactly(2, 3, 4, -1, 1, 5, 6, -1);
    assertThatThrownBy(
            () -> batch(text(50, Pieces.WINDOWS, new Range(2, 1), new Range(0, 2)), Split.TEST))
        .hasMessage("text: 10 tokens do not fill a window of 50; choose a smaller length");
  }

  @Test
  void theLastTenthIsTestedOnUnlessRangesAreGiven() throws IOException {
    Text source = text(6, Pieces.DOCUMENTS, new Range(), new Range());

    assertThat(source.size(Split.TRAIN, files)).isEqualTo(2);
    assertThat(source.size(Split.TEST, files)).isEqualTo(1);
    assertThat(source.size(Split.VALIDATION, files)).isZero();
  }

  @Test
  void theFingerprintIsThatOfTheTextHoweverItIsPacked() throws IOException {
    Path plain = home.resolve("plain").resolve("stories.txt.gz");
    Files.createDirectories(plain.getParent());
    Files.writeString(plain, STORIES);
    Text source = text(6, Pieces.DOCUMENTS, new Range(), new Range());
    Text same =
        new Text(
            plain.toString(), "|", model.toString(), 6, Pieces.DOCUMENTS, new Range(), new Range());

    assertThat(same.fingerprint(files)).isEqualTo(source.fingerprint(files));
    Files.writeString(plain, STORIES + "a rose");
    assertThat(same.fingerprint(files)).isNotEqualTo(source.fingerprint(files));
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThatThrownBy(
            () -> text(6, Pieces.DOCUMENTS, new Range(), new Range(2, 4)).open(Split.TEST, files))
        .hasMessageStartingWith("text: texts 2 to 5 were asked for, ")
        .hasMessageEndingWith(" has 3");
    assertThatThrownBy(() -> text(6, Pieces.DOCUMENTS, new Range(0, 2), new Range(1, 2)))
        .hasMessage(
            "texts 1 to 1 would be trained on and tested on; train and test must not overlap");
    assertThatThrownBy(() -> new Text().task())
        .hasMessage("text needs a tokenizer: the folder of a language model with tokenizer.json");
    assertThatThrownBy(
            () ->
                new Text("", "", home.toString(), 6, Pieces.DOCUMENTS, new Range(), new Range())
                    .task())
        .hasMessageStartingWith("there is no tokenizer.json in ");
    assertThatThrownBy(() -> new Range(3, 0)).hasMessageContaining("a range of texts is");
  }

  @Test
  void wikitextIsReadInWindows() throws IOException {
    Path folder = Files.createDirectories(home.resolve(".cache/secateur/data/wikitext-2"));
    packed(folder.resolve("wiki.test.tokens.gz"), " \n the rose grows \n");
    Files.writeString(folder.resolve("wiki.valid.tokens"), "a rose");
    Wikitext2 source = new Wikitext2(model.toString(), 2, Wikitext2.Tested.TEST);

    long[][] tested = batch(source, Split.TEST);
    assertThat(tested[0]).containsExactly(1, 2, 6, 7);
    assertThat(tested[1]).containsExactly(2, -1, 7, -1);
    assertThat(source.size(Split.TRAIN, files)).isZero();
    assertThat(batch(new Wikitext2(model.toString(), 2, Wikitext2.Tested.VALID), Split.TEST)[0])
        .containsExactly(1, 5);
    assertThatThrownBy(() -> source.open(Split.TRAIN, files))
        .hasMessageContaining("wiki.train.tokens");
  }
}
