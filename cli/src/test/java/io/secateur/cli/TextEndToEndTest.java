package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study on a handful of sentences: words as ids, and a vocabulary that goes with the models. */
@Tag("engine")
class TextEndToEndTest {
  private static final String STUDY =
      """
      study: words
      threads: 1
      data: {sst2: {length: 8, vocabulary: 60}}
      model: MODEL
      pipeline:
        - train: {epochs: 8, batch: 4, optimizer: {adam: {learning-rate: 0.01}}, label: dense}
        - ${arm}
      grid:
        arm:
          imp: {imp: {rounds: 1, rate: 0.5}}
          taylor: [{prune: {method: taylor, amount: 0.5}}, finetune: {epochs: 1}, compact]
      measure: [accuracy, loss, sparsity, latency, disk-size, parameters]
      """;

  @TempDir private static Path folder = Path.of("");

  private static final List<String> WORDS =
      List.of("fine", "warm", "kind", "wise", "dull", "cold", "loud", "flat");

  /** The first four words are good, the others bad, and a text has two of either. */
  @BeforeAll
  static void write() throws IOException {
    StringBuilder train = new StringBuilder("sentence\tlabel\n");
    StringBuilder dev = new StringBuilder("sentence\tlabel\n");
    for (int i = 0; i < 64; i++) {
      int label = i % 2;
      int from = label == 1 ? 0 : 4;
      String first = WORDS.get(from + i / 2 % 4);
      String second = WORDS.get(from + i / 8 % 4);
      StringBuilder part = i % 8 < 6 ? train : dev;
      part.append("a %s and %s one\t%d\n".formatted(first, second, label));
    }
    Path own = Files.createDirectory(folder.resolve("sst2"));
    Files.writeString(own.resolve("train.tsv"), train);
    Files.writeString(own.resolve("dev.tsv"), dev);
  }

  private static Path run(String model) throws IOException {
    Path file = Files.writeString(folder.resolve("words.yaml"), STUDY.replace("MODEL", model));
    Path run = Files.createTempDirectory(folder, "run");
    Cli.Result ran =
        Cli.run("run", file.toString(), "--out", run.toString(), "--data", folder.toString());
    assertThat(ran.err()).doesNotContain("failed");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("imp", "taylor", "50.00");
    return run;
  }

  @Test
  void networksForTextsLearnWordsAndCarryTheirVocabulary() throws IOException {
    for (String model :
        List.of(
            "{sst-ffn: {hidden: [8], embedding: 8}}",
            "{transformer-encoder: {width: 8, layers: 1, heads: 2, mlp: 8, dropout: 0}}")) {
      Path run = run(model);
      assertThat(Files.readAllLines(run.resolve("results.jsonl")))
          .filteredOn(
              row ->
                  row.contains("\"source\":\"measure\"")
                      && row.contains("\"round\":0,\"stage\":\"train\"")
                      && row.contains("\"metric\":\"accuracy\""))
          .isNotEmpty()
          .allMatch(row -> row.contains("\"value\":100.0"));
      for (String leaf : List.of("#imp/1/0", "#imp/1/1", "#taylor/1/0")) {
        assertThat(Cli.run("inspect", run + leaf).out()).contains("attached: vocabulary.txt, ");
      }
      refusesAnotherVocabulary(run + "#imp/1/1");
    }
  }

  private static void refusesAnotherVocabulary(String checkpoint) {
    Cli.Result same = evaluate(checkpoint, "{sst2: {length: 8, vocabulary: 60}}");
    assertThat(same.err()).isEmpty();
    assertThat(same.out()).contains("accuracy");
    Cli.Result other = evaluate(checkpoint, "{sst2: {length: 8, vocabulary: 60, limit: 3}}");
    assertThat(other.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(other.err())
        .contains("was trained with another vocabulary.txt than 'sst2' has")
        .hasLineCount(1);
    Cli.Result smaller = evaluate(checkpoint, "{sst2: {length: 8, vocabulary: 5}}");
    assertThat(smaller.exitCode()).isEqualTo(Main.BAD_INPUT);
  }

  private static Cli.Result evaluate(String checkpoint, String data) {
    return Cli.run(
        "evaluate", checkpoint, "--set-data", data, "--data", folder.toString(), "--threads", "1");
  }
}
