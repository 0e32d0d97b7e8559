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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of one's own: comma-separated values, one column to predict from the others. Numbers are
 * standardised; a column of texts becomes one input per text, 1 where the row has it and else 0.
 *
 * @param file a path, or a name where data is looked for; gzipped or not
 * @param target the column to predict; the last if none is named
 * @param problem what is predicted; {@code auto} takes a target of numbers for regression, one of
 *     texts for classes
 * @param features the columns to predict from; all others if none is named
 * @param ignore columns left out
 * @param categories columns whose numbers are names, such as post codes
 * @param separator between values: one character, or {@code tab}
 * @param header whether the first line names the columns; else they are called 1, 2, 3
 * @param testFile a file of rows to test on; else some of {@code file} are drawn
 * @param test the fraction of rows drawn to test on
 * @param seed other seeds draw others
 * @param validation the fraction of the training part set apart to choose by
 * @param limit uses the first {@code limit} training rows only; 0 uses all
 * @param normalise how columns of numbers are shifted and scaled; given numbers are one per such
 *     feature, in order
 * @param scaleTarget whether a target of numbers is standardised too, by the rows trained on:
 *     errors then count in deviations of the target
 * @param inputs how many inputs there are; 0 counts them in the file
 * @param classes how many classes there are; 0 counts them in the file
 */
public record Csv(
    String file,
    String target,
    Problem problem,
    List<String> features,
    List<String> ignore,
    List<String> categories,
    String separator,
    boolean header,
    String testFile,
    double test,
    long seed,
    double validation,
    int limit,
    Normalise normalise,
    boolean scaleTarget,
    int inputs,
    int classes)
    implements DatasetSource {
  /** What a table's target is. */
  public enum Problem {
    /** Classes where the target's values are texts, else a number. */
    AUTO,
    /** A number. */
    REGRESSION,
    /** One of several classes, whose names may be numbers. */
    CLASSIFICATION
  }

  /** The last column from all others, a fifth of the rows to test on. */
  public Csv() {
    this(
        "",
        "",
        Problem.AUTO,
        List.of(),
        List.of(),
        List.of(),
        ",",
        true,
        "",
        0.2,
        0,
        0,
        0,
        new Normalise.Computed(),
        false,
        0,
        0);
  }

  public Csv {
    features = List.copyOf(features);
    ignore = List.copyOf(ignore);
    categories = List.copyOf(categories);
    if (separator.length() != 1 && !separator.equals("tab")) {
      throw new IllegalArgumentException(
          "separator is one character, or tab, was '" + separator + "'");
    }
    if (!(test > 0 && test < 1)) {
      throw new IllegalArgumentException(
          "test must be a fraction of the rows, above 0 and below 1, was " + test);
    }
    Splits.check(validation);
    if (limit < 0) {
      throw new IllegalArgumentException(
          "limit must be at least 1 training row, or 0 for all, was " + limit);
    }
    if (inputs < 0 || classes < 0 || classes == 1) {
      throw new IllegalArgumentException(
          "inputs are at least 1 and classes at least 2, or 0 to count them, were %d and %d"
              .formatted(inputs, classes));
    }
    if (problem == Problem.REGRESSION && classes > 0) {
      throw new IllegalArgumentException("regression has no classes, classes was " + classes);
    }
  }

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public String description() {
    return """
        A table of your own as comma-separated values, one column to predict from the others, as in
        {csv: {file: houses.csv, target: price}}. file is a path, or a name where data is looked
        for; gzipped or not. A target of texts makes classes, one of numbers regression; write
        problem: classification where numbers are names of classes.
        Columns of numbers are standardised by the rows trained on. A column of texts becomes one
        input per text that the training part has, at most 100; a text that only test rows have
        gives zeros. A column whose numbers are names is listed, as in categories: [postcode].
        Values that are missing are refused. A fifth of the rows is tested on, drawn by seed; or
        name a test-file. scale-target helps where the target's numbers are large; errors then
        count in its deviations.
        Inputs and classes are counted in the file if it lies where file says, or where data is
        always looked for; for one that only --data finds, write how many, as in inputs: 8.""";
  }

  /**
   * Counts in the file what the settings do not say.
   *
   * @throws UncheckedIOException when the file cannot be read
   */
  @Override
  public Task task() {
    boolean told = inputs > 0 && (classes > 0 || problem == Problem.REGRESSION);
    if (told) {
      return classes > 0
          ? new Task.Classification(new Shape(inputs), classes)
          : new Task.Regression(new Shape(inputs), 1);
    }
    try {
      return parts(DataLocations.of(Optional.empty())).task();
    } catch (UncheckedIOException fault) {
      if (fault.getCause() instanceof FileNotFoundException absent) {
        throw new UncheckedIOException(
            fault.getMessage()
                + "; for one that only --data finds, write inputs, and classes if any",
            absent);
      }
      throw fault;
    } catch (IOException fault) {
      throw new UncheckedIOException(fault.getMessage(), fault);
    }
  }

  @Override
  public int size(Split split, DataFiles files) throws IOException {
    return same(parts(files)).chosen(split).length;
  }

  @Override
  public Examples open(Split split, DataFiles files) throws IOException {
    return same(parts(files)).open(split);
  }

  private CsvParts same(CsvParts parts) {
    refuseOther(task(), parts.task());
    return parts;
  }

  /** The task may have been counted in another file of that name than the one that is opened. */
  void refuseOther(Task counted, Task opened) {
    if (!counted.equals(opened)) {
      throw new IllegalArgumentException(
          "csv: %s is there twice: where data is always looked for with %s, and under --data with %s"
              .formatted(file, words(counted), words(opened)));
    }
  }

  private static String words(Task task) {
    return task instanceof Task.Classification classes
        ? "%d inputs and %d classes".formatted(task.input().size(), classes.classes())
        : task.input().size() + " inputs";
  }

  /** Returns a digest of the files as they lie there. */
  @Override
  public String fingerprint(DataFiles files) throws IOException {
    Digest digest = new Digest();
    for (Path path : paths(files)) {
      digest.add((Files.size(path) + "\n").getBytes(StandardCharsets.UTF_8));
      digest.add(Files.newInputStream(path));
    }
    return digest.hex();
  }

  private List<Path> paths(DataFiles files) {
    if (file.isBlank()) {
      throw new IllegalArgumentException(
          "csv needs a file, as in csv: {file: houses.csv, target: price}");
    }
    List<Path> paths = new ArrayList<>();
    paths.add(Whereabouts.of(file, files));
    if (!testFile.isBlank()) {
      paths.add(Whereabouts.of(testFile, files));
    }
    return paths;
  }

  private CsvParts parts(DataFiles files) throws IOException {
    char between = separator.equals("tab") ? '\t' : separator.charAt(0);
    List<CsvFile> tables =
        paths(files).stream().map(path -> new CsvFile(path, between, header)).toList();
    return CsvMemo.of(this, tables);
  }
}
