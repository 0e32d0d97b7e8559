package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandsTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void aSetIsHereOnceAllItsFilesAre() throws IOException {
    Path mnist = Files.createDirectory(folder.resolve("mnist"));
    List<String> names =
        List.of(
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz");
    for (String name : names) {
      assertThat(list()).doesNotContain("here: " + mnist);
      Files.createFile(mnist.resolve(name));
      assertThat(list()).contains(mnist.toString());
    }
    assertThat(list())
        .contains("here: " + mnist)
        .contains("from https://ossci-datasets.s3.amazonaws.com/mnist/")
        .contains("\ncinic10\n", "\ndigits\n", "nothing to fetch");
  }

  private String list() {
    Cli.Result result = Cli.run("data", "list", "--data", folder.toString());
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    // Paths are not broken.
    assertThat(result.out().lines())
        .allMatch(line -> line.length() <= Layout.WIDTH || line.contains("/"));
    return result.out().replace(System.lineSeparator(), "\n").replaceAll("here:\\s+", "here: ");
  }

  @Test
  void progressIsALineForEachTenthWhereNobodyLooksOn() {
    StringWriter text = new StringWriter();
    DownloadProgress progress = new DownloadProgress(new PrintWriter(text), false);
    progress.begins("a.gz", 0, 1000);
    for (int done = 50; done <= 300; done += 50) {
      progress.progresses("a.gz", done, 1000);
    }
    progress.ends("a.gz", false);
    progress.begins("b.gz", 700, 0);
    progress.progresses("b.gz", 900, 0);
    progress.ends("b.gz", true);
    assertThat(text.toString().lines())
        .containsExactly(
            "a.gz: 1.00 kB",
            "a.gz: 100 B of 1.00 kB, 10 %",
            "a.gz: 200 B of 1.00 kB, 20 %",
            "a.gz: 300 B of 1.00 kB, 30 %",
            "a.gz: whole, its checksum is right",
            "b.gz: of unknown size, going on from 700 B",
            "b.gz: is here already");
  }

  @Test
  void progressIsOneLineDrawnAnewOnATerminal() {
    StringWriter text = new StringWriter();
    DownloadProgress progress = new DownloadProgress(new PrintWriter(text), true);
    progress.begins("a.gz", 0, 1000);
    progress.progresses("a.gz", 1000, 1000);
    progress.ends("a.gz", false);
    assertThat(text.toString().split("\n"))
        .containsExactly(
            "a.gz: 1.00 kB",
            "\r\u001b[Ka.gz: 1.00 kB of 1.00 kB, 100 %\r\u001b[Ka.gz: whole, its checksum is right");
  }
}
