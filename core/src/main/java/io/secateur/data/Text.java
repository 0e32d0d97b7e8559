package io.secateur.data;

import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts of one's own for a language model, as ids of its tokenizer.
 *
 * @param file a file, a folder of files, or a name where data is looked for; gzipped or not
 * @param separator what stands between texts in a file; empty when each file is one
 * @param tokenizer a folder with tokenizer.json, that file, or a name where data is looked for
 * @param length positions of an example
 * @param pieces how texts become examples
 * @param train the texts to train and calibrate on; by default all that are not tested on
 * @param test the texts to test on; by default the last tenth
 */
public record Text(
    String file,
    String separator,
    String tokenizer,
    int length,
    Pieces pieces,
    Range train,
    Range test)
    implements DatasetSource {
  /**
   * Texts one behind the other.
   *
   * @param first the number of the first, from 0
   * @param count how many; 0 for what the data set does by default
   */
  public record Range(int first, int count) {
    public Range {
      if (first < 0 || count < 0 || (count == 0 && first > 0)) {
        throw new IllegalArgumentException(
            "a range of texts is {first: 0, count: 60}, was {first: %d, count: %d}"
                .formatted(first, count));
      }
    }

    /** What the data set does by default. */
    public Range() {
      this(0, 0);
    }

    private boolean given() {
      return count > 0;
    }

    private int end() {
      return first + count;
    }
  }

  /** File and tokenizer are required where it is used; texts of at most 512 tokens. */
  public Text() {
    this("", "", "", 512, Pieces.DOCUMENTS, new Range(), new Range());
  }

  public Text {
    new TokenParts("text", tokenizer, length, pieces);
    if (train.given() && test.given() && train.first() < test.end() && test.first() < train.end()) {
      throw new IllegalArgumentException(
          "texts %d to %d would be trained on and tested on; train and test must not overlap"
              .formatted(
                  Math.max(train.first(), test.first()), Math.min(train.end(), test.end()) - 1));
    }
  }

  @Override
  public String name() {
    return "text";
  }

  @Override
  public String description() {
    return """
        Texts of your own for a language model, as in {text: {file: stories.txt, separator:
        "<|endoftext|>", tokenizer: my-llama}}. file is a path, of a folder too, or a name where data
        is looked for; UTF-8, gzipped or not. separator stands between texts; without one each file
        is a text. Blanks around texts are dropped. tokenizer is a folder with tokenizer.json, as
        Hugging Face keeps models; what it sets before and behind a text stays.
        Examples have length positions. pieces: documents takes each text from its beginning and
        cuts it there; windows lays all texts one behind the other and cuts windows without
        overlap. In both, a token is predicted from those before it in its own example.
        The last tenth of the texts is tested on, all others are for training and calibration; or
        say train: {first: 100, count: 128}, test: {first: 0, count: 60}, counted from 0.\
        """;
  }

  @Override
  public Task task() {
    return parts().task();
  }

  @Override
  public int size(Split split, DataFiles files) throws IOException {
    List<String> texts = texts(split, files);
    return texts.isEmpty() ? 0 : parts().size(texts, files);
  }

  @Override
  public Examples open(Split split, DataFiles files) throws IOException {
    List<String> texts = texts(split, files);
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("text has no validation part");
    }
    return parts().open(texts, files);
  }

  /** Returns a digest of the texts, however they are packed, and of the tokenizer. */
  @Override
  public String fingerprint(DataFiles files) throws IOException {
    Digest digest = new Digest();
    found(files).addTo(digest);
    return digest.add(Files.newInputStream(parts().tokenizer(files).file())).hex();
  }

  private TokenParts parts() {
    return new TokenParts(name(), tokenizer, length, pieces);
  }

  private TextFiles found(DataFiles files) throws IOException {
    if (file.isBlank()) {
      throw new IllegalArgumentException(
          "text needs a file, as in text: {file: stories.txt, tokenizer: my-llama}");
    }
    return TextFiles.at(Whereabouts.of(file, files));
  }

  private List<String> texts(Split split, DataFiles files) throws IOException {
    if (split == Split.VALIDATION) {
      return List.of();
    }
    List<String> all = found(files).texts(separator);
    int tenth = Math.max(1, all.size() / 10);
    Range tested = test.given() ? test : new Range(all.size() - tenth, tenth);
    if (split == Split.TEST) {
      return within(all, tested);
    }
    if (train.given()) {
      return within(all, train);
    }
    within(all, tested);
    List<String> others = new ArrayList<>(all.subList(0, tested.first()));
    others.addAll(all.subList(tested.end(), all.size()));
    if (others.isEmpty()) {
      throw new IllegalArgumentException(
          "text: %s has %d texts, all of which are tested on".formatted(file, all.size()));
    }
    return others;
  }

  private List<String> within(List<String> all, Range range) {
    if (range.end() > all.size()) {
      throw new IllegalArgumentException(
          "text: texts %d to %d were asked for, %s has %d"
              .formatted(range.first(), range.end() - 1, file, all.size()));
    }
    return all.subList(range.first(), range.end());
  }
}
