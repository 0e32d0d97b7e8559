package io.secateur.data;

import io.secateur.data.ImageFiles.Part;
import io.secateur.data.SentenceFile.Sentence;
import io.secateur.model.MalformedFileException;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What data sets of labelled sentences do alike once their files are at hand: a validation part, a
 * limit, and ids by the vocabulary of the sentences trained on.
 *
 * @param length positions; longer sentences are cut
 * @param vocabulary ids, with those of padding and of unknown words
 */
record TextParts(
    String dataset, int classes, int length, int vocabulary, int limit, double validation) {
  private static final int FEWEST = 3;

  TextParts {
    if (length < 1) {
      throw new IllegalArgumentException("length must be at least 1 word, was " + length);
    }
    if (vocabulary < FEWEST) {
      throw new IllegalArgumentException(
          "vocabulary must be at least %d ids, of padding, unknown words and one word, was %d"
              .formatted(FEWEST, vocabulary));
    }
    if (limit < 0) {
      throw new IllegalArgumentException(
          "limit must be at least 1 training example, or 0 for all, was " + limit);
    }
    Splits.check(validation);
  }

  /** Gives the file of a part; none where there is no such part. */
  interface Source {
    Optional<SentenceFile> file(Part part) throws IOException;
  }

  int size(Split split, Source source) throws IOException {
    if (split == Split.TEST) {
      return count(source, Part.TEST);
    }
    int trained = count(source, Part.TRAIN);
    int apart = Splits.apart(trained, validation);
    return switch (split) {
      case VALIDATION -> validation > 0 ? apart : count(source, Part.VALIDATION);
      default -> limited(trained - apart);
    };
  }

  private static int count(Source source, Part part) throws IOException {
    Optional<SentenceFile> file = source.file(part);
    return file.isPresent() ? file.get().count() : 0;
  }

  private int limited(int trained) {
    if (limit > trained) {
      throw new IllegalArgumentException(
          "%s: limit is %d, but there are %d training examples; 0 uses all"
              .formatted(dataset, limit, trained));
    }
    return limit == 0 ? trained : limit;
  }

  Examples open(Split split, Source source) throws IOException {
    List<Sentence> all = read(source, Part.TRAIN);
    List<Sentence> trained = trained(all);
    List<Sentence> opened =
        switch (split) {
          case TEST -> read(source, Part.TEST);
          case VALIDATION ->
              validation > 0
                  ? at(all, Splits.of(all.size(), validation).apart())
                  : read(source, Part.VALIDATION);
          case TRAIN, CALIBRATION -> trained;
        };
    Vocabulary words = words(trained);
    return new Texts(
        length,
        opened.stream().map(each -> words.ids(each.text(), length)).toArray(int[][]::new),
        opened.stream().mapToInt(Sentence::label).toArray());
  }

  /** Returns the words of the sentences trained on, with their ids. */
  Vocabulary words(Source source) throws IOException {
    return words(trained(read(source, Part.TRAIN)));
  }

  private Vocabulary words(List<Sentence> trained) {
    return Vocabulary.of(trained.stream().map(Sentence::text).toList(), vocabulary);
  }

  private List<Sentence> trained(List<Sentence> all) {
    int[] kept = Splits.of(all.size(), validation).kept();
    return at(all, Arrays.copyOf(kept, limited(kept.length)));
  }

  private static List<Sentence> at(List<Sentence> all, int[] chosen) {
    return Arrays.stream(chosen).mapToObj(all::get).toList();
  }

  private List<Sentence> read(Source source, Part part) throws IOException {
    Optional<SentenceFile> file = source.file(part);
    if (file.isEmpty()) {
      throw new IllegalArgumentException(
          dataset
              + " has no validation sentences; set validation to the fraction of the training part"
              + " to choose by");
    }
    List<Sentence> sentences = file.get().read(classes);
    if (sentences.isEmpty()) {
      throw new MalformedFileException(file.get().toString(), "there are no sentences here");
    }
    return sentences;
  }
}
