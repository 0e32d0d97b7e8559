package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("engine")
class CsvTest {
  private static final String HOUSES =
      """
      rooms,town,area,price
      3,Bern,70,100
      4,Chur,90,200
      2,Bern,50,300
      5,Aarau,110,400
      """;

  @TempDir private Path home;
  private DataFiles files = DataLocations.of(Optional.empty(), Map.of(), "Linux", Path.of("/none"));

  @BeforeEach
  void locate() {
    files = DataLocations.of(Optional.empty(), Map.of(), "Linux", home);
  }

  /** A data set of settings as a study file gives them, the others at their defaults. */
  private static final class Written {
    private String file = "";
    private String target = "";
    private Csv.Problem problem = Csv.Problem.AUTO;
    private List<String> features = List.of();
    private List<String> ignore = List.of();
    private List<String> categories = List.of();
    private String separator = ",";
    private boolean header = true;
    private String testFile = "";
    private double test = 0.25;
    private double validation;
    private int limit;
    private Normalise normalise = new Normalise.Computed();
    private boolean scaleTarget;
    private int inputs;
    private int classes;

    Csv csv() {
      return new Csv(
          file,
          target,
          problem,
          features,
          ignore,
          categories,
          separator,
          header,
          testFile,
          test,
          0,
          validation,
          limit,
          normalise,
          scaleTarget,
          inputs,
          classes);
    }
  }

  private Written written(String name, String text) throws IOException {
    return written(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Written written(String name, byte[] bytes) throws IOException {
    Written written = new Written();
    written.file = Files.write(home.resolve(name), bytes).toString();
    return written;
  }

  private float[] inputs(Csv csv, Split split) throws IOException {
    return batch(csv, split, true);
  }

  private float[] targets(Csv csv, Split split) throws IOException {
    return batch(csv, split, false);
  }

  private float[] batch(Csv csv, Split split, boolean inputs) throws IOException {
    Examples examples = csv.open(split, files);
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] all = IntStream.range(0, examples.size()).toArray();
      Examples.Batch batch = examples.batch(all, manager);
      if (inputs) {
        return batch.inputs().toFloatArray();
      }
      if (csv.task() instanceof Task.Regression) {
        assertThat(batch.targets().getShape()).isEqualTo(new Shape(all.length, 1));
        return batch.targets().toFloatArray();
      }
      long[] numbers = batch.targets().toLongArray();
      float[] targets = new float[numbers.length];
      IntStream.range(0, numbers.length).forEach(i -> targets[i] = numbers[i]);
      return targets;
    }
  }

  @Test
  void predictsTheLastColumnFromTheOthersWithAnInputForEachText() throws IOException {
    Written houses = written("houses.csv", HOUSES);
    houses.testFile = houses.file;
    houses.normalise = new Normalise.None();

    assertThat(houses.csv().task()).isEqualTo(new Task.Regression(new Shape(5), 1));
    assertThat(houses.csv().size(Split.TRAIN, files)).isEqualTo(4);
    // rooms, Aarau, Bern, Chur, area
    assertThat(inputs(houses.csv(), Split.TRAIN))
        .containsExactly(3, 0, 1, 0, 70, 4, 0, 0, 1, 90, 2, 0, 1, 0, 50, 5, 1, 0, 0, 110);
    assertThat(targets(houses.csv(), Split.TEST)).containsExactly(100, 200, 300, 400);
  }

  @Test
  void standardisesNumbersByTheRowsTrainedOnAndLeavesTextsAlone() throws IOException {
    Written houses = written("houses.csv", HOUSES);
    houses.testFile = houses.file;
    houses.limit = 2;
    houses.scaleTarget = true;

    // Trained on: rooms 3 and 4, area 70 and 90, price 100 and 200. All texts of the file count.
    assertThat(inputs(houses.csv(), Split.TRAIN)).containsExactly(-1, 0, 1, 0, -1, 1, 0, 0, 1, 1);
    assertThat(inputs(houses.csv(), Split.TEST))
        .startsWith(-1, 0, 1, 0, -1, 1, 0, 0, 1, 1, -3, 0, 1, 0, -3);
    assertThat(targets(houses.csv(), Split.TEST)).containsExactly(-1, 1, 3, 5);
  }

  @Test
  void scalesByGivenNumbersInTheOrderOfTheFeatures() throws IOException {
    Written houses = written("houses.csv", HOUSES);
    houses.features = List.of("area", "rooms");
    houses.testFile = houses.file;
    houses.normalise = new Normalise.Given(List.of(50.0, 2.0), List.of(10.0, 1.0));

    assertThat(inputs(houses.csv(), Split.TRAIN)).startsWith(2, 1, 4, 2, 0, 0);
    houses.normalise = new Normalise.Given(List.of(50.0), List.of(10.0));
    assertThatThrownBy(() -> houses.csv().size(Split.TRAIN, files))
        .hasMessage(
            "csv: normalise gives 1 means, %s has 2 features of numbers".formatted(houses.file));
  }

  @Test
  void aTextThatOnlyTestRowsHaveGivesZeros() throws IOException {
    Written houses = written("houses.csv", HOUSES);
    houses.features = List.of("town");
    houses.target = "price";
    houses.testFile = written("other.csv", "price,town\n7,Genf\n8,Chur\n").file;

    assertThat(inputs(houses.csv(), Split.TEST)).containsExactly(0, 0, 0, 0, 0, 1);
    assertThat(targets(houses.csv(), Split.TEST)).containsExactly(7, 8);
  }

  @Test
  void aTargetOfTextsMakesClassesInTheOrderOfTheirNames() throws IOException {
    Written houses = written("houses.csv", HOUSES);
    houses.target = "town";
    houses.testFile = houses.file;

    assertThat(houses.csv().task()).isEqualTo(new Task.Classification(new Shape(3), 3));
    assertThat(targets(houses.csv(), Split.TRAIN)).containsExactly(1, 2, 1, 0);
  }

  @Test
  void numbersAreClassesOrCategoriesWhereThatIsAskedFor() throws IOException {
    Written table = written("t.csv", "postcode,grade\n8000,10\n3000,9\n8000,9\n");
    table.testFile = table.file;
    table.problem = Csv.Problem.CLASSIFICATION;
    table.categories = List.of("postcode");

    assertThat(table.csv().task()).isEqualTo(new Task.Classification(new Shape(2), 2));
    // By size: 9 is the first class, 3000 the first category.
    assertThat(targets(table.csv(), Split.TRAIN)).containsExactly(1, 0, 0);
    assertThat(inputs(table.csv(), Split.TRAIN)).containsExactly(0, 1, 1, 0, 0, 1);
  }

  @Test
  void drawsTestAndValidationRowsBySeedAndFractionAlone() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    IntStream.range(0, 100).forEach(i -> text.append(i + "," + (i + 0.5) + "\n"));
    Written table = written("t.csv", text.toString());
    table.validation = 0.2;
    table.normalise = new Normalise.None();

    assertThat(table.csv().size(Split.TEST, files)).isEqualTo(25);
    assertThat(table.csv().size(Split.VALIDATION, files)).isEqualTo(15);
    float[] all =
        concat(
            targets(table.csv(), Split.TRAIN),
            targets(table.csv(), Split.VALIDATION),
            targets(table.csv(), Split.TEST));
    Arrays.sort(all);
    for (int i = 0; i < 100; i++) {
      assertThat(all[i]).isEqualTo(i + 0.5f);
    }
    float[] first = targets(table.csv(), Split.TEST);
    table.limit = 10;
    assertThat(targets(table.csv(), Split.TEST)).containsExactly(first);
    assertThat(table.csv().size(Split.TRAIN, files)).isEqualTo(10);
  }

  private static float[] concat(float[]... parts) {
    List<Float> all = new ArrayList<>();
    for (float[] part : parts) {
      for (float value : part) {
        all.add(value);
      }
    }
    float[] joined = new float[all.size()];
    IntStream.range(0, joined.length).forEach(i -> joined[i] = all.get(i));
    return joined;
  }

  @Test
  void readsQuotesMarksLineEndsTabsAndGzip() throws IOException {
    String text =
        "\ufeffname;\"of; two\"\r\n\"say \"\"hi\"\"\";1.5e1\r\n\"two\nlines\"; 2 \r\n\r\n";
    Written table = written("t.csv.gz", IdxFolder.gzip(text.getBytes(StandardCharsets.UTF_8)));
    table.separator = ";";
    table.target = "of; two";
    table.testFile = table.file;

    assertThat(targets(table.csv(), Split.TRAIN)).containsExactly(15, 2);
    Written tabs = written("t.tsv", "1\t2\n3\t4\n");
    tabs.separator = "tab";
    tabs.header = false;
    tabs.target = "1";
    tabs.testFile = tabs.file;
    assertThat(targets(tabs.csv(), Split.TRAIN)).containsExactly(1, 3);
  }

  @Test
  void readsAFileAnewWhenItChanges() throws IOException {
    Written table = written("t.csv", "x,y\n1,2\n3,4\n");
    table.testFile = table.file;
    String before = table.csv().fingerprint(files);
    assertThat(table.csv().task()).isEqualTo(new Task.Regression(new Shape(1), 1));

    Files.writeString(Path.of(table.file), "x,z,y\n1,5,2\n3,5,4\n");

    assertThat(table.csv().task()).isEqualTo(new Task.Regression(new Shape(2), 1));
    assertThat(table.csv().fingerprint(files)).isNotEqualTo(before);
  }

  @Test
  void needsNoFileForATaskThatTheSettingsTellAndSaysWhereTheyAreWrong() throws IOException {
    Written table = new Written();
    table.file = "only-where-data-says.csv";
    assertThatThrownBy(() -> table.csv().task())
        .hasMessageStartingWith("only-where-data-says.csv is nowhere; looked for ")
        .hasMessageEndingWith("; for one that only --data finds, write inputs, and classes if any");
    table.inputs = 3;
    table.classes = 2;
    assertThat(table.csv().task()).isEqualTo(new Task.Classification(new Shape(3), 2));

    table.file = written("t.csv", HOUSES).file;
    table.target = "town";
    table.testFile = table.file;
    assertThatThrownBy(() -> table.csv().open(Split.TRAIN, files))
        .hasMessage("csv: classes says 2, but %s has 3".formatted(table.file));
  }

  @Test
  void refusesAFileThatIsNotTheOneItCounted() throws IOException {
    Path given = Files.createDirectories(home.resolve("given"));
    DataFiles both = DataLocations.of(Optional.of(given), Map.of(), "Linux", home);
    Written table = new Written();
    table.file = "t.csv";
    table.inputs = 1;
    table.problem = Csv.Problem.REGRESSION;
    Files.writeString(given.resolve("t.csv"), "x,y\n1,2\n3,4\n5,6\n7,9\n");
    assertThat(table.csv().open(Split.TRAIN, both).size()).isEqualTo(3);

    Files.writeString(given.resolve("t.csv"), "x,z,y\n1,2,3\n3,4,5\n5,6,7\n7,8,9\n");
    assertThatThrownBy(() -> table.csv().open(Split.TRAIN, both))
        .hasMessage("csv: inputs says 1, but %s has 2".formatted(given.resolve("t.csv")));
    Task three = new Task.Classification(new Shape(3), 2);
    table.csv().refuseOther(three, new Task.Classification(new Shape(3), 2));
    assertThatThrownBy(() -> table.csv().refuseOther(three, new Task.Regression(new Shape(4), 1)))
        .hasMessage(
            "csv: t.csv is there twice: where data is always looked for with 3 inputs and 2"
                + " classes, and under --data with 4 inputs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`x,y~1,2~,4` | `:3: column 'x' is empty; fill it in, or take the row out`",
        "`x,y~1,2~3,4~NaN,5` | `:4: column 'x' holds 'NaN' here; fill it in, or take the row out`",
        "`x,y~1,2~3,4~three,5` | `:4: column 'x' holds 'three' here and numbers elsewhere; if its"
            + " numbers are names of categories, list the column: categories: [x]`",
        "`x,y~1,2~1e99,4` | `:3: column 'x' holds '1e99' here, which is too large a number`",
        "`x,y~1,2~3,4,5` | `:3: 3 values, but there are 2 columns`",
        "`x,y~1,2~3` | `:3: 1 values, but there are 2 columns`",
        "`x,x~1,2` | `:1: two columns are called 'x'`",
        "`,y~1,2` | `:1: column 1 has no name; a row index, which some programs write, is best"
            + " left out`",
        "`x,y` | `: there are no rows below the header`",
        "`` | `: there are no rows below the header`",
        "`x,y~\"1,2~3,4` | `:2: the row that begins here cannot be read: (startline 2) EOF"
            + " reached before encapsulated token finished`",
        "`x,y~1,2` | `: 1 rows leave 1 to train on and 0 to test on; at least 1 each would be"
            + " right`",
        "`x,y~1,a~2,a~3,a` | `: the target 'y' is the same in all rows`"
      })
  void tellsWhereAFileIsWrong(String text, String message) throws IOException {
    Written table = written("t.csv", text.replace('~', '\n'));

    assertThatThrownBy(() -> table.csv().open(Split.TRAIN, files)).hasMessage(table.file + message);
    assertThatThrownBy(() -> table.csv().task()).hasMessage(table.file + message);
  }

  @Test
  void tellsOfColumnsThatThereAreNot() throws IOException {
    Written houses = written("houses.csv", HOUSES);
    houses.target = "prize";
    assertThatThrownBy(() -> houses.csv().task())
        .hasMessage(
            houses.file
                + " has no column 'prize'; did you mean 'price'? its columns: rooms, town, area,"
                + " price");
    houses.target = "price";
    houses.features = List.of("area", "price");
    assertThatThrownBy(() -> houses.csv().task())
        .hasMessage("csv: 'price' is the target, and among the features");
    houses.features = List.of();
    houses.ignore = List.of("rooms", "town", "area");
    assertThatThrownBy(() -> houses.csv().task())
        .hasMessage(
            "csv: %s has no column to predict 'price' from; columns are separated by ',' here, and separator says by what else"
                .formatted(houses.file));
  }

  @Test
  void refusesRegressionOnTextsAndTooManyTexts() throws IOException {
    Written houses = written("houses.csv", HOUSES);
    houses.target = "town";
    houses.problem = Csv.Problem.REGRESSION;
    assertThatThrownBy(() -> houses.csv().task())
        .hasMessage(
            "csv: problem is regression, but column 'town' of %s holds texts such as 'Bern'"
                .formatted(houses.file));
    StringBuilder text = new StringBuilder("street,y\n");
    IntStream.range(0, 200).forEach(i -> text.append("street " + i + "," + i + "\n"));
    Written streets = written("streets.csv", text.toString());
    streets.testFile = streets.file;
    assertThatThrownBy(() -> streets.csv().task())
        .hasMessage(
            streets.file
                + ": column 'street' has 200 different texts, more than 100: too many for an input"
                + " each; ignore the column, or write its values as numbers");
  }

  @Test
  void tellsOfBytesThatAreNoTextAndOfABrokenGzip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("x,y\n1,2\n".getBytes(StandardCharsets.UTF_8));
    bytes.write(0xff);
    Written latin = written("t.csv", bytes.toByteArray());
    assertThatThrownBy(() -> latin.csv().task())
        .hasMessageStartingWith(latin.file + ": after line ")
        .hasMessageEndingWith(" there is no text in UTF-8");
    byte[] whole = IdxFolder.gzip(HOUSES.repeat(50).getBytes(StandardCharsets.UTF_8));
    Written torn = written("torn.csv.gz", Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> torn.csv().task()).hasMessageStartingWith(torn.file + ":");
  }

  @Test
  void refusesSettingsOutsideTheirRange() {
    Written table = new Written();
    table.test = 1;
    assertThatThrownBy(table::csv)
        .hasMessage("test must be a fraction of the rows, above 0 and below 1, was 1.0");
    table.test = 0.5;
    table.separator = ";;";
    assertThatThrownBy(table::csv).hasMessage("separator is one character, or tab, was ';;'");
    assertThatThrownBy(() -> new Csv().fingerprint(files))
        .hasMessage("csv needs a file, as in csv: {file: houses.csv, target: price}");
  }
}
