package io.secateur.data;

import ai.djl.ndarray.types.Shape;
import io.secateur.data.CsvTable.Column;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table's rows divided into parts, and its columns laid out as a model's inputs. */
final class CsvParts {
  private static final Logger LOG = LoggerFactory.getLogger(CsvParts.class);
  private static final int MOST_TEXTS = 100;
  private static final int FEW = 20;

  /** Apart from what validation parts are drawn by. */
  private static final long TEST_KEY = 21;

  private final Csv csv;
  private final CsvTable table;
  private final CsvFile file;
  private final int[] trainPart;
  private final int[] testPart;
  private final List<Encoding> features;
  private final Encoding target;

  private CsvParts(Csv csv, CsvFile file, CsvTable table) {
    this.csv = csv;
    this.file = file;
    this.table = table;
    int count = table.rows().size();
    if (csv.testFile().isBlank()) {
      Splits drawn = Splits.of(count, csv.test(), TEST_KEY, csv.seed());
      this.trainPart = drawn.kept();
      this.testPart = drawn.apart();
    } else {
      this.trainPart = IntStream.range(0, table.first()).toArray();
      this.testPart = IntStream.range(table.first(), count).toArray();
    }
    int last = table.columns().size() - 1;
    this.features =
        IntStream.range(0, last).mapToObj(i -> Encoding.of(table, i, trainPart)).toList();
    this.target = Encoding.of(table, last, IntStream.range(0, count).toArray());
    check();
  }

  static CsvParts read(Csv csv, List<CsvFile> files) throws IOException {
    CsvFile first = files.get(0);
    List<String> used = used(csv, first);
    String target = used.get(used.size() - 1);
    Set<String> texts = new HashSet<>(csv.categories());
    if (csv.problem() == Csv.Problem.CLASSIFICATION) {
      texts.add(target);
    }
    return new CsvParts(csv, first, CsvTable.read(files, used, texts::contains));
  }

  /** Returns the columns used: the features in order, the target last. */
  private static List<String> used(Csv csv, CsvFile file) throws IOException {
    List<String> columns = file.columns();
    String target = csv.target().isEmpty() ? columns.get(columns.size() - 1) : csv.target();
    file.indexOf(target, columns);
    for (List<String> named : List.of(csv.features(), csv.ignore(), csv.categories())) {
      named.forEach(name -> file.indexOf(name, columns));
    }
    List<String> used =
        new ArrayList<>(csv.features().isEmpty() ? columns : new ArrayList<>(csv.features()));
    used.removeAll(csv.ignore());
    if (csv.features().isEmpty()) {
      used.remove(target);
    }
    if (used.contains(target) || csv.ignore().contains(target)) {
      throw new IllegalArgumentException(
          "csv: '%s' is the target, and %s"
              .formatted(
                  target, used.contains(target) ? "among the features" : "among those ignored"));
    }
    if (used.isEmpty()) {
      throw new IllegalArgumentException(
          "csv: %s has no column to predict '%s' from; columns are separated by '%s' here, and"
                  .formatted(file.path(), target, csv.separator())
              + " separator says by what else");
    }
    used.add(target);
    return used;
  }

  private boolean isRegression() {
    return target.column().isNumbers();
  }

  private int inputs() {
    return features.stream().mapToInt(Encoding::width).sum();
  }

  Task task() {
    return isRegression()
        ? new Task.Regression(new Shape(inputs()), 1)
        : new Task.Classification(new Shape(inputs()), target.width());
  }

  private void check() {
    for (Encoding feature : features) {
      if (feature.width() > MOST_TEXTS && !feature.column().isNumbers()) {
        throw new IllegalArgumentException(
            ("%s: column '%s' has %d different texts, more than %d: too many for an input each;"
                    + " ignore the column, or write its values as numbers")
                .formatted(file.path(), feature.column().name(), feature.width(), MOST_TEXTS));
      }
    }
    if (trainPart.length == 0 || testPart.length == 0) {
      throw new IllegalArgumentException(
          "%s: %d rows leave %d to train on and %d to test on; at least 1 each would be right"
              .formatted(file.path(), table.rows().size(), trainPart.length, testPart.length));
    }
    checkTarget();
    checkCount("inputs", csv.inputs(), inputs());
    if (csv.normalise() instanceof Normalise.Given given) {
      long numbers = features.stream().filter(each -> each.column().isNumbers()).count();
      if (given.mean().size() != numbers) {
        throw new IllegalArgumentException(
            "csv: normalise gives %d means, %s has %d features of numbers"
                .formatted(given.mean().size(), file.path(), numbers));
      }
    }
  }

  private void checkTarget() {
    String name = target.column().name();
    if (isRegression()) {
      if (csv.problem() == Csv.Problem.AUTO) {
        if (csv.classes() > 0) {
          throw new IllegalArgumentException(
              "csv: '%s' holds numbers; write problem: classification to take them for classes"
                  .formatted(name));
        }
        warnOfClasses(name);
      }
      return;
    }
    if (csv.problem() == Csv.Problem.REGRESSION) {
      throw new IllegalArgumentException(
          "csv: problem is regression, but column '%s' of %s holds texts such as '%s'"
              .formatted(name, file.path(), target.column().texts().orElseThrow().get(0)));
    }
    if (csv.scaleTarget()) {
      throw new IllegalArgumentException(
          "csv: scale-target is for numbers, and '%s' holds classes".formatted(name));
    }
    if (target.width() < 2) {
      throw new IllegalArgumentException(
          "%s: the target '%s' is the same in all rows".formatted(file.path(), name));
    }
    checkCount("classes", csv.classes(), target.width());
  }

  private void warnOfClasses(String name) {
    int last = table.columns().size() - 1;
    long distinct =
        table.rows().stream().mapToDouble(row -> row[last]).distinct().limit(FEW + 1).count();
    boolean whole = table.rows().stream().allMatch(row -> row[last] == Math.rint(row[last]));
    if (whole && distinct <= FEW && 2 * distinct <= table.rows().size()) {
      LOG.warn(
          "csv: '{}' holds {} different whole numbers and is predicted as a number; problem:"
              + " classification would take them for classes, problem: regression says that this is"
              + " meant",
          name,
          distinct);
    }
  }

  private void checkCount(String what, int said, int counted) {
    if (said > 0 && said != counted) {
      throw new IllegalArgumentException(
          "csv: %s says %d, but %s has %d".formatted(what, said, file.path(), counted));
    }
  }

  /** Returns the rows of a part. */
  int[] chosen(Split split) {
    if (split == Split.TEST) {
      return testPart.clone();
    }
    int[] within = Splits.of(trainPart.length, csv.validation()).of(split);
    int[] rows = Arrays.stream(within).map(i -> trainPart[i]).toArray();
    if (split == Split.VALIDATION || csv.limit() == 0) {
      return rows;
    }
    if (csv.limit() > rows.length) {
      throw new IllegalArgumentException(
          "csv: limit is %d, but there are %d training rows; 0 uses all"
              .formatted(csv.limit(), rows.length));
    }
    return Arrays.copyOf(rows, csv.limit());
  }

  Examples open(Split split) {
    int[] rows = chosen(split);
    if (rows.length == 0) {
      throw new IllegalArgumentException(
          "csv: there is no validation part; set validation to the fraction of the training part"
              + " to choose by");
    }
    Standard standard = standard();
    float[][] inputs = new float[rows.length][inputs()];
    for (int i = 0; i < rows.length; i++) {
      int at = 0;
      for (int k = 0; k < features.size(); k++) {
        features.get(k).write(table.rows().get(rows[i])[k], k, standard, inputs[i], at);
        at += features.get(k).width();
      }
    }
    return isRegression()
        ? Rows.ofNumbers(inputs, numbers(rows, standard))
        : Rows.ofClasses(inputs, classes(rows));
  }

  private float[] numbers(int[] rows, Standard standard) {
    int last = table.columns().size() - 1;
    float[] numbers = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double value = table.rows().get(rows[i])[last];
      numbers[i] = (float) (csv.scaleTarget() ? standard.apply(last, value) : value);
    }
    return numbers;
  }

  private long[] classes(int[] rows) {
    int last = table.columns().size() - 1;
    return Arrays.stream(rows)
        .mapToLong(row -> target.place(table.rows().get(row)[last]))
        .toArray();
  }

  /** Returns how each column is shifted and scaled; texts are not, and their numbers are unused. */
  private Standard standard() {
    int columns = table.columns().size();
    List<double[]> trained =
        Arrays.stream(chosen(Split.TRAIN)).mapToObj(table.rows()::get).toList();
    Standard computed = Standard.of(trained, columns);
    if (csv.normalise() instanceof Normalise.Computed) {
      return computed;
    }
    double[] means = computed.means();
    double[] deviations = computed.deviations();
    int number = 0;
    for (int i = 0; i < features.size(); i++) {
      if (csv.normalise() instanceof Normalise.Given given
          && features.get(i).column().isNumbers()) {
        means[i] = given.mean().get(number);
        deviations[i] = given.deviation().get(number++);
      } else {
        means[i] = 0;
        deviations[i] = 1;
      }
    }
    return new Standard(means, deviations);
  }

  /**
   * How a column becomes inputs.
   *
   * @param places of each text, by its number in the table; −1 for one that the training part lacks
   * @param width how many inputs there are
   */
  private record Encoding(Column column, List<Integer> places, int width) {
    static Encoding of(CsvTable table, int index, int[] rows) {
      Column column = table.columns().get(index);
      if (column.isNumbers()) {
        return new Encoding(column, List.of(), 1);
      }
      List<String> texts = column.texts().orElseThrow();
      List<Integer> known =
          Arrays.stream(rows)
              .map(row -> (int) table.rows().get(row)[index])
              .distinct()
              .boxed()
              .sorted((a, b) -> CsvTable.compare(texts.get(a), texts.get(b)))
              .toList();
      Integer[] places = new Integer[texts.size()];
      Arrays.fill(places, -1);
      for (int i = 0; i < known.size(); i++) {
        places[known.get(i)] = i;
      }
      return new Encoding(column, List.of(places), known.size());
    }

    int place(double text) {
      return places.get((int) text);
    }

    void write(double value, int index, Standard standard, float[] inputs, int at) {
      if (column.isNumbers()) {
        inputs[at] = (float) standard.apply(index, value);
      } else if (place(value) >= 0) {
        inputs[at + place(value)] = 1;
      }
    }
  }
}
