package io.secateur.data;

import ai.djl.ndarray.types.Shape;
import io.secateur.data.ImageFiles.Part;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * SST-2: 67,349 phrases of film reviews to train on, positive or negative, and 872 sentences to
 * test on (Socher et al., 2013, as in GLUE), from its files in the folder {@code sst2}.
 *
 * @param length positions; longer sentences are cut
 * @param vocabulary ids, with those of padding (0) and of unknown words (1)
 * @param test which sentences are tested on
 * @param limit uses the first {@code limit} training examples only; 0 uses all
 * @param validation the fraction of the training part set apart to choose by
 */
public record Sst2(int length, int vocabulary, Test test, int limit, double validation)
    implements DatasetSource {
  /** GLUE's archive, as it is published. */
  static final String ARCHIVE = "SST-2.zip";

  private static final int CLASSES = 2;
  private static final String TRAIN = "train.tsv";
  private static final String DEV = "dev.tsv";
  private static final String LABELLED = "test-labelled.tsv";
  private static final String ORIGIN = "the SST-2 archive of the GLUE benchmark";

  /** The parts that can be tested on. */
  public enum Test {
    /** GLUE's development part, which published results on GLUE's SST-2 mostly mean. */
    DEV,
    /** The test part with the labels that GLUE does not give out. */
    TEST_LABELLED
  }

  /** 64 words of a vocabulary of 10,000, tested on the development part. */
  public Sst2() {
    this(64, 10_000, Test.DEV, 0, 0);
  }

  public Sst2 {
    new TextParts("sst2", CLASSES, length, vocabulary, limit, validation);
    if (test == Test.TEST_LABELLED && validation > 0) {
      throw new IllegalArgumentException(
          "with test: test-labelled the development part is there to choose by: leave validation"
              + " out, was "
              + validation);
    }
  }

  @Override
  public String name() {
    return "sst2";
  }

  @Override
  public String description() {
    return """
        SST-2, the Stanford Sentiment Treebank in two classes as in GLUE (Socher et al., EMNLP 2013;
        Wang et al., ICLR 2019): 67,349 phrases of film reviews to train on, negative (0) or
        positive (1). Tested on are the 872 whole sentences of GLUE's dev part, which is what
        published results mostly mean; with test: test-labelled the 1,821 of the test part, for
        which GLUE gives no labels, and dev becomes the validation part. A validation part drawn
        from the training part instead is easier than either: phrases of one sentence come to stand
        on both sides.
        Words are what stands between blanks, in lower case. Ids: 0 padding, 1 unknown, then the
        most frequent words of the phrases trained on, of equally frequent ones the first. Sentences
        of more words than length are cut. The treebank's escapes, which copies of the test part
        have, are read as what they stand for: -lrb- and -rrb- as brackets, \\/ as a stroke.
        In the folder sst2: train.tsv and dev.tsv, gzipped or not, or the archive SST-2.zip; and
        test-labelled.tsv. Their first lines name the columns: sentence (or content) and label.""";
  }

  @Override
  public Task task() {
    return new Task.Classification(new Shape(length), CLASSES, vocabulary);
  }

  @Override
  public int size(Split split, DataFiles files) throws IOException {
    return parts().size(split, part -> file(part, files));
  }

  @Override
  public Examples open(Split split, DataFiles files) throws IOException {
    return parts().open(split, part -> file(part, files));
  }

  @Override
  public Map<String, byte[]> attachments(DataFiles files) throws IOException {
    return Map.of("vocabulary.txt", parts().words(part -> file(part, files)).toBytes());
  }

  /** Returns a digest of the texts, however they are packed. */
  @Override
  public String fingerprint(DataFiles files) throws IOException {
    List<String> names = new ArrayList<>(List.of(TRAIN, DEV));
    if (test == Test.TEST_LABELLED) {
      names.add(LABELLED);
    }
    Digest digest = new Digest();
    for (String name : names) {
      digest.add((name + "\n").getBytes(StandardCharsets.UTF_8)).add(file(name, files).open());
    }
    return digest.hex();
  }

  private TextParts parts() {
    return new TextParts(name(), CLASSES, length, vocabulary, limit, validation);
  }

  private Optional<SentenceFile> file(Part part, DataFiles files) {
    boolean labelled = test == Test.TEST_LABELLED;
    return switch (part) {
      case TRAIN -> Optional.of(file(TRAIN, files));
      case TEST -> Optional.of(file(labelled ? LABELLED : DEV, files));
      case VALIDATION -> labelled ? Optional.of(file(DEV, files)) : Optional.empty();
    };
  }

  private SentenceFile file(String name, DataFiles files) {
    for (Path place : files.searched()) {
      Path folder = place.resolve(name());
      for (String form : List.of(name, name + ".gz")) {
        if (Files.isRegularFile(folder.resolve(form))) {
          return new SentenceFile(folder.resolve(form), Optional.empty());
        }
      }
      Path archive = folder.resolve(ARCHIVE);
      if (!name.equals(LABELLED) && Files.isRegularFile(archive)) {
        return new SentenceFile(archive, Optional.of("SST-2/" + name));
      }
    }
    if (name.equals(LABELLED)) {
      throw new UncheckedIOException(
          ("sst2: %s is missing; looked in %s; GLUE gives its test part without labels: put a file"
                  + " with the columns label and content there, or leave test at dev")
              .formatted(
                  name,
                  files.searched().stream()
                      .map(place -> place.resolve(name()).toString())
                      .collect(Collectors.joining(", "))),
          new FileNotFoundException(name));
    }
    return new SentenceFile(files.require(name(), name, ORIGIN), Optional.empty());
  }
}
