package io.secateur.data;

import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * WikiText-2: articles of Wikipedia, in words (Merity et al., 2017), from its files in the folder
 * {@code wikitext-2}, as ids of a language model's tokenizer.
 *
 * @param tokenizer a folder with tokenizer.json, that file, or a name where data is looked for
 * @param length positions of a window
 * @param test the part that is tested on
 */
public record Wikitext2(String tokenizer, int length, Tested test) implements DatasetSource {
  private static final String FOLDER = "wikitext-2";

  /** The parts that can be tested on. */
  public enum Tested {
    /** Published results are of it. */
    TEST,
    /** To choose by. */
    VALID
  }

  /** The test part in windows of 512; a tokenizer is required where it is used. */
  public Wikitext2() {
    this("", 512, Tested.TEST);
  }

  public Wikitext2 {
    new TokenParts(FOLDER, tokenizer, length, Pieces.WINDOWS);
  }

  @Override
  public String name() {
    return FOLDER;
  }

  @Override
  public String description() {
    return """
        WikiText-2 (Merity et al., ICLR 2017) for a language model, as ids of its tokenizer: all of
        a part one behind the other, in windows of length positions without overlap. The files of
        words are read as they are, with <unk> and blanks around punctuation: perplexities are per
        token of the tokenizer and compare with those on the same files only.
        In the folder wikitext-2: wiki.train.tokens, wiki.valid.tokens, wiki.test.tokens, gzipped
        or not. Trained and calibrated on is train; tested on is test, or valid with test: valid.\
        """;
  }

  @Override
  public Task task() {
    return parts().task();
  }

  @Override
  public int size(Split split, DataFiles files) throws IOException {
    Optional<Path> file = found(name(split), files);
    // The training part may be absent where nothing trains.
    return file.isEmpty() && split != Split.TEST ? 0 : parts().size(texts(split, files), files);
  }

  private static Optional<Path> found(String name, DataFiles files) {
    return files.find(FOLDER, name).or(() -> files.find(FOLDER, name + ".gz"));
  }

  private static String nameOf(Split split) {
    return switch (split) {
      case TRAIN, CALIBRATION -> "wiki.train.tokens";
      case VALIDATION -> "wiki.valid.tokens";
      case TEST -> "wiki.test.tokens";
    };
  }

  private String name(Split split) {
    return split == Split.TEST
        ? "wiki.%s.tokens".formatted(test.name().toLowerCase(Locale.ROOT))
        : nameOf(split);
  }

  @Override
  public Examples open(Split split, DataFiles files) throws IOException {
    return parts().open(texts(split, files), files);
  }

  /**
   * Returns a digest of the parts that are there, however they are packed, and of the tokenizer.
   */
  @Override
  public String fingerprint(DataFiles files) throws IOException {
    Digest digest = new Digest();
    for (Split split : List.of(Split.TRAIN, Split.VALIDATION, Split.TEST)) {
      String name = nameOf(split);
      Optional<Path> file = found(name, files);
      if (file.isPresent()) {
        digest.add((name + "\n").getBytes(StandardCharsets.UTF_8));
        new TextFiles(List.of(file.get())).addTo(digest);
      }
    }
    return digest.add(Files.newInputStream(parts().tokenizer(files).file())).hex();
  }

  private TokenParts parts() {
    return new TokenParts(FOLDER, tokenizer, length, Pieces.WINDOWS);
  }

  private List<String> texts(Split split, DataFiles files) throws IOException {
    String name = name(split);
    Path file =
        found(name, files)
            .orElseGet(() -> files.require(FOLDER, name, "WikiText-2 (Merity et al., 2017)"));
    return TextFiles.at(file).texts("");
  }
}
