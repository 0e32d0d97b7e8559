package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {
  @TempDir static Path shared;
  private static Summary summary;

  @TempDir Path folder;

  @BeforeAll
  static void writeOne() {
    new RunFixture().filled().writeTo(shared);
    summary = Report.write(shared);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Document xml(String text) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void writesEveryNumberOnALineOfItsOwn() {
    List<String> lines = read(shared.resolve("results.csv")).lines().toList();

    assertThat(lines.get(0))
        .isEqualTo(
            "arm,seed,round,metric,value,split,stage,epoch,layer,unit,label,branch,source,grid.arm");
    assertThat(lines).hasSize(1 + new RunFixture().filled().rows().size());
    assertThat(lines).contains("imp,3,5,disk-size/dense,5.884,test,prune,,,MB,,,measure,imp");
  }

  @Test
  void writesTheLabsTable() throws IOException {
    try (InputStream golden = ReportTest.class.getResourceAsStream("/golden/report/table.md")) {
      assertThat(golden).as("src/test/resources/golden/report/table.md").isNotNull();
      assertThat(read(shared.resolve("table.md")))
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void givesMeanHalfWidthAndSeedsOfEveryQuantityInTheCsv() {
    List<String> lines = read(shared.resolve("table.csv")).lines().toList();

    assertThat(lines.get(0))
        .startsWith("Arm,Iteration,Sparsity (%),± Sparsity (%),n Sparsity (%),Accuracy (%),")
        .contains("Disk size (MB): COO", "Loss", "Parameters (non-zero)");
    assertThat(lines).hasSize(1 + 2 * (1 + RunFixture.ROUNDS));
    assertThat(lines.get(2)).startsWith("one-shot,1,32.9999");
  }

  @Test
  void returnsTheTableAndTheSentencesForTheTerminal() {
    assertThat(summary.columns()).startsWith("Arm", "Iteration", "Sparsity (%)", "Accuracy (%)");
    assertThat(summary.columns()).doesNotContain("Seeds");
    assertThat(summary.rows()).hasSize(12);
    assertThat(summary.sentences()).anyMatch(line -> line.startsWith("Unstructured zeros"));
    assertThat(summary.notes()).isEmpty();
    assertThat(summary.page()).isEqualTo(shared.resolve("report.html")).exists();
    assertThat(summary.table(80).lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void drawsEveryFigureAsSvgAndPng() throws Exception {
    for (String name : new RunFixture().info().figures()) {
      String svg = read(shared.resolve("figures/" + name + ".svg"));
      Document parsed = xml(svg);
      assertThat(parsed.getDocumentElement().getLocalName()).isEqualTo("svg");
      assertThat(parsed.getElementsByTagNameNS("*", "circle").getLength()).isGreaterThan(5);
      assertThat(svg).contains("'DejaVu Sans', Verdana, sans-serif", "one-shot", "imp");
      byte[] png = Files.readAllBytes(shared.resolve("figures/" + name + ".png"));
      assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isGreaterThan(1400);
    }
    assertThat(read(shared.resolve("figures/latency-accuracy.svg")))
        .contains("batch 64, median, 2 threads");
    assertThat(read(shared.resolve("figures/disk-size-accuracy.svg")))
        .doesNotContain("weights + masks")
        .contains("encodings: COO and bitmask");
  }

  @Test
  void writesAPageThatIsXmlAndLoadsNothing() throws Exception {
    String page = read(shared.resolve("report.html"));

    Document parsed = xml(page);
    assertThat(parsed.getElementsByTagNameNS("*", "figure").getLength()).isEqualTo(5);
    assertThat(page).doesNotContain("<script", "<link", "<img", "@import", "src=", "href=\"http");
    assertThat(page.replace("url(#", "")).doesNotContain("url(");
    assertThat(page)
        .contains("Example processor 3000", "libtorch 2.7.1", "pipeline.0.train.epochs=2")
        .contains("COO is not in proportion");
  }

  @Test
  void namesTheDataSetFirstAndItsFingerprintAmongTheFacts() {
    String fingerprint = "418e70e56ab68111fb73119e1f3a9ad826e63f4d4f99a2e03140ab3c4a796914";
    new RunFixture().data("mnist{crop=20} " + fingerprint).filled().writeTo(folder);

    Report.write(folder);

    assertThat(read(folder.resolve("report.html")))
        .contains(
            "ffn {hidden: [1024, 1024]} on mnist {crop: 20}, 2 arms",
            "<td>" + fingerprint + "</td>")
        .containsOnlyOnce(fingerprint);
    assertThat(read(folder.resolve("table.md")))
        .contains("Data: mnist {crop: 20} (fingerprint 418e70e56ab6).");
  }

  @Test
  void givesFullPrecisionInTheCsvWhereTablesAreRounded() {
    List<String> lines = read(shared.resolve("table.csv")).lines().toList();
    List<String> header = List.of(lines.get(0).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
    List<String> row = List.of(lines.get(1).split(","));
    int mean = header.indexOf("\"Latency (s), batch 64, median\"");

    assertThat(header.get(mean + 1)).startsWith("\"± ");
    assertThat(header.get(mean + 2)).startsWith("\"n ");
    assertThat(summary.rows().get(0)).contains("0.001540 ± 0.000030");
    assertThat(row.get(mean)).hasSizeGreaterThan(14);
    assertThat(row.get(mean + 1)).hasSizeGreaterThan(14);
    assertThat(row.get(mean + 2)).isEqualTo("3");
  }

  @Test
  void givesEveryIdOfThePageOnce() throws Exception {
    List<String> ids =
        Pattern.compile(" id=\"([^\"]+)\"")
            .matcher(read(shared.resolve("report.html")))
            .results()
            .map(match -> match.group(1))
            .toList();

    assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void givesTheSameBytesAgain() throws IOException {
    Map<String, List<Byte>> before = bytes();

    Report.write(shared);

    assertThat(bytes()).isEqualTo(before);
  }

  private static Map<String, List<Byte>> bytes() throws IOException {
    Map<String, List<Byte>> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(shared)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        List<Byte> boxed = new ArrayList<>(content.length);
        for (byte one : content) {
          boxed.add(one);
        }
        bytes.put(shared.relativize(file).toString(), boxed);
      }
    }
    return bytes;
  }

  @Test
  void leavesOutAFigureWithoutItsMetricAndRemovesTheStaleOne() {
    new RunFixture().figures("latency-accuracy").filled().writeTo(folder);
    Report.write(folder);
    assertThat(folder.resolve("figures/latency-accuracy.svg")).exists();

    new RunFixture().figures("latency-accuracy").untimed().filled().writeTo(folder);
    Summary untimed = Report.write(folder);

    assertThat(untimed.notes())
        .containsExactly("The figure latency-accuracy was not drawn: latency was not measured.");
    assertThat(folder.resolve("figures/latency-accuracy.svg")).doesNotExist();
    assertThat(folder.resolve("figures/latency-accuracy.png")).doesNotExist();
    assertThat(read(folder.resolve("report.html"))).contains("latency was not measured");
    assertThat(untimed.columns()).noneMatch(column -> column.contains("Latency"));
  }

  @Test
  void saysWhichArmDidNotFinishAndWhy() {
    new RunFixture()
        .figures("sparsity-accuracy")
        .failing("imp", 2, 3, "loss is NaN at epoch 1")
        .filled()
        .writeTo(folder);

    Summary failed = Report.write(folder);

    assertThat(failed.notes())
        .containsExactly(
            "did not finish: imp, seed 2, iteration 3, stage train: loss is NaN at epoch 1");
    assertThat(read(folder.resolve("report.html"))).contains("Not everything finished");
    assertThat(failed.columns()).endsWith("Seeds");
    assertThat(failed.rows().get(11)).startsWith("imp", "5").endsWith("2");
    assertThat(failed.rows().get(7)).startsWith("imp", "1").endsWith("3");
  }

  @Test
  void saysThatOneSeedHasNoInterval() {
    new RunFixture().seeds(7L).figures().filled().writeTo(folder);

    Summary one = Report.write(folder);

    assertThat(one.rows()).noneMatch(row -> row.toString().contains("±"));
    assertThat(read(folder.resolve("table.md"))).contains("There is one seed");
  }

  @Test
  void escapesWhatUsersName() throws Exception {
    String arm = "a<b>&\"|'\u0001";
    new RunFixture()
        .study("<script>alert(1)</script>")
        .arms(arm)
        .failing(arm, 3, 5, "x < y & \u001b[31m]]>")
        .filled()
        .writeTo(folder);

    Report.write(folder);

    String page = read(folder.resolve("report.html"));
    xml(page);
    assertThat(page).doesNotContain("<script>").contains("a&lt;b&gt;&amp;&quot;|'\uFFFD");
    assertThat(read(folder.resolve("table.md"))).contains("a&lt;b>&\"\\|'");
    assertThat(read(folder.resolve("results.csv"))).contains("\"a<b>&\"\"|'\u0001\",1,0,");
  }

  @Test
  void survivesNumbersThatAreNotFinite() throws Exception {
    RunFixture fixture = new RunFixture().arms("imp").figures("sparsity-accuracy");
    for (int round = 0; round < 2; round++) {
      fixture.with(RunFixture.measured("imp", 1, round, "sparsity", 50 * round, "%"));
      fixture.with(RunFixture.measured("imp", 1, round, "accuracy", Double.NaN, "%"));
      fixture.with(
          RunFixture.measured("imp", 1, round, "compression", Double.POSITIVE_INFINITY, "x"));
    }
    fixture.writeTo(folder);

    Summary odd = Report.write(folder);

    assertThat(odd.notes())
        .containsExactly(
            "The figure sparsity-accuracy was not drawn: no point of it has finite values.");
    assertThat(read(folder.resolve("table.md"))).contains("NaN", "∞");
    xml(read(folder.resolve("report.html")));
  }

  @Test
  void reportsARunThatMeasuredNothing() throws Exception {
    new RunFixture().writeTo(folder);

    Summary empty = Report.write(folder);

    assertThat(empty.sentences()).containsExactly("Nothing was measured.");
    assertThat(empty.rows()).isEmpty();
    xml(read(folder.resolve("report.html")));
  }
}
