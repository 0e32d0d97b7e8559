package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.TinyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say, and end with, on a disk that is full or read-only. */
class FullDiskTest {
  private static final int PLENTY = 100_000;
  private static final String STUDY =
      """
      study: tiny
      threads: 1
      data: {digits: {train: 300, test: 100}}
      model: {ffn: {hidden: [16]}}
      pipeline:
        - train: {epochs: 1, label: dense}
        - prune: {method: l1, amount: 0.5}
      measure: [accuracy, sparsity]
      """;

  @TempDir private Path folder = Path.of("");
  private List<TinyDisk> mounted = List.of();

  private TinyDisk disk(int kilobytes) throws IOException {
    TinyDisk disk = TinyDisk.of(folder.resolve("disk"), kilobytes);
    mounted = List.of(disk);
    return disk;
  }

  @AfterEach
  void unmount() throws IOException {
    for (TinyDisk disk : mounted) {
      disk.close();
    }
  }

  private Path out() {
    return folder.resolve("disk/run");
  }

  private Cli.Result run() throws IOException {
    Path study = Files.writeString(folder.resolve("tiny.yaml"), STUDY);
    return Cli.run("run", study.toString(), "--out", out().toString(), "-q");
  }

  private static void seeOneLine(Cli.Result result, int exitCode, String start) {
    assertThat(result.err()).hasLineCount(1).startsWith("secateur: " + start);
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.out()).isEmpty();
  }

  private Map<Path, String> files() throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve("disk"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.getLastModifiedTime(file) + " " + Files.size(file));
      }
    }
    return files;
  }

  @Test
  void aRunOnAFullDiskFailsInOneLine() throws IOException {
    disk(64);
    seeOneLine(run(), Main.FAILED, "no space left: " + out());
    assertThat(run().err()).contains("make room").contains("--store");
  }

  @Test
  void aRunOnAReadOnlyDiskIsRefusedInOneLine() throws IOException {
    TinyDisk disk = disk(PLENTY);
    Files.createDirectories(out().resolve("store/steps"));
    disk.readOnly(true);
    seeOneLine(
        run(), Main.BAD_INPUT, out() + " cannot be written to: it, or its disk, is read-only");
    String store = out().resolve("store").toString();
    for (String command : List.of("list", "size", "verify")) {
      Cli.Result result = Cli.run("store", command, "--store", store);
      assertThat(result.exitCode()).as("%s: %s", command, result.err()).isZero();
    }
  }

  /**
   * Ends where there is no more room, and goes on; then all that reads works where none can write.
   */
  @Test
  @Tag("engine")
  @Tag("stress")
  void aRunThatFoundNoRoomGoesOnAndIsReadOnAReadOnlyDisk() throws IOException {
    TinyDisk disk = disk(1024 + 150);
    seeOneLine(run(), Main.FAILED, "no space left: ");
    disk.resize(PLENTY);
    Cli.Result whole = run();
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    String table = Cli.run("report", out().toString()).out();
    disk.readOnly(true);
    final Map<Path, String> before = files();
    for (List<String> command :
        List.of(
            List.of("store", "list", out().toString()),
            List.of("store", "size", out().toString()),
            List.of("store", "verify", out().toString()),
            List.of("checkpoints", out().toString()),
            List.of("inspect", out() + "#default/1"),
            List.of("plan", folder.resolve("tiny.yaml").toString(), "--out", out().toString()))) {
      Cli.Result result = Cli.run(command.toArray(String[]::new));
      assertThat(result.exitCode()).as("%s: %s", command, result.err()).isZero();
      assertThat(result.out()).as("%s", command).isNotEmpty();
    }
    Cli.Result report = Cli.run("report", out().toString());
    assertThat(report.exitCode()).as(report.err()).isZero();
    assertThat(report.out())
        .contains("Sparsity", out() + " cannot be written to")
        .isNotEqualTo(table);
    assertThat(Cli.run("report", out().toString(), "--pdf").exitCode()).isEqualTo(Main.BAD_INPUT);
    seeOneLine(run(), Main.BAD_INPUT, out() + " cannot be written to");
    seeOneLine(
        Cli.run(
            "prune",
            out() + "#default/1",
            "--method",
            "l1",
            "--amount",
            "0.5",
            "--out",
            out().resolve("pruned").toString()),
        Main.BAD_INPUT,
        out().toString());
    assertThat(files()).containsExactlyEntriesOf(before);
  }
}
