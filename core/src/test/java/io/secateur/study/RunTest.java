package io.secateur.study;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.Controls;
import io.secateur.study.RunInfo.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on toys, each with worker processes of its own. */
class RunTest {
  private static final String RUN =
      Lab.study(
          "seeds: [1, 2]",
          "pipeline:",
          "  - train: {label: dense}",
          "  - ${arm}",
          "grid:",
          "  arm:",
          "    once: [{prune: {cells: 6}}, nap]",
          "    rewound: {rounds: 2, stages: [prune, rewind: {step: 3}, train]}",
          "measure: [total, sparsity, accuracy, jitter]");

  @TempDir Path folder;
  private final List<String> heard = new ArrayList<>();

  private final RunListener listener =
      new RunListener() {
        @Override
        public void finished(Piece piece, double seconds) {
          heard.add("finished " + piece.what());
        }

        @Override
        public void said(Piece piece, String line) {
          heard.add(line);
        }

        @Override
        public void failed(Piece piece, String message) {
          heard.add("failed " + piece.what() + ": " + message);
        }

        @Override
        public void warned(String line) {
          heard.add("warning: " + line);
        }
      };

  private RunOutcome run(String text) throws IOException {
    Path file = folder.resolve("toy.yaml");
    Files.writeString(file, text);
    heard.clear();
    return Lab.studies(Clock.systemUTC())
        .run(file, new RunOptions().out(folder.resolve("run")).listener(listener));
  }

  private String result(String name) throws IOException {
    return Files.readString(folder.resolve("run").resolve(name));
  }

  @Test
  void writesItsFolderAndRunsNothingTwice() throws IOException {
    RunOutcome first = run(RUN);
    assertThat(first.exitCode()).isZero();
    assertThat(first.info().reused()).isZero();
    assertThat(heard.stream().filter(line -> line.startsWith("finished")))
        .hasSize(first.plan().nodes().size());
    assertThat(heard).contains("trained from step 3 to 8");
    String results = result("results.jsonl");
    assertThat(results.lines().findFirst().orElseThrow())
        .startsWith("{\"key\":\"")
        .contains(
            "\"arm\":\"once\",\"axes\":{\"arm\":\"once\"},\"seed\":1,\"round\":0,"
                + "\"stage\":\"train\",\"label\":\"dense\",\"branch\":\"\",\"source\":\"stage\","
                + "\"metric\":\"loss\"");
    assertThat(results).doesNotContain("jitter");
    assertThat(result("timings.jsonl")).contains("jitter", "\"machine\":", "\"at\":");
    assertThat(Json.read(result("run.json"), RunInfo.class)).isEqualTo(first.info());
    assertThat(result("study.yaml")).isEqualTo(RUN);
    assertThat(result("provenance.jsonl").lines()).hasSize(first.plan().nodes().size());

    RunOutcome second = run(RUN);
    assertThat(second.info().reused()).isEqualTo(first.plan().nodes().size());
    assertThat(heard).isEmpty();
    assertThat(result("results.jsonl")).isEqualTo(results);

    RunOutcome more = run(RUN.replace("seeds: [1, 2]", "seeds: [2]"));
    assertThat(more.info().reused()).isEqualTo(more.plan().nodes().size());
    namesItsCheckpoints();
    mendsADamagedStep(results);
  }

  @Test
  @Tag("engine")
  void keepsTheFilesOfMeasurementsAndMakesDamagedOnesAnew() throws IOException {
    String text = Lab.study("pipeline: [train, prune: {cells: 6}]", "measure: [total, keeper]");
    assertThat(run(text).exitCode()).isZero();
    Path run = folder.resolve("run");
    String line =
        result("results.jsonl")
            .lines()
            .filter(l -> l.contains("keeper/pruned"))
            .findFirst()
            .orElseThrow();
    String key = Json.read(line, ResultRow.class).key();
    assertThat(Archive.of(run).kept(key, "pruned.txt")).hasValue("6".getBytes(UTF_8));
    assertThat(Archive.of(run).kept(key, "other.txt")).isEmpty();

    Store store = Store.open(run.resolve("store"), Clock.systemUTC());
    Blobs.Ref blob = store.manifest(key).orElseThrow().blobs().get(0);
    Files.writeString(
        run.resolve("store/blobs").resolve(blob.sha256().substring(0, 2)).resolve(blob.sha256()),
        "7");
    assertThatThrownBy(() -> Archive.of(run).kept(key, "pruned.txt"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not have its checksum");

    RunOutcome again = run(text);
    assertThat(again.info().reused()).isEqualTo(again.plan().nodes().size() - 1);
    assertThat(Archive.of(run).kept(key, "pruned.txt")).hasValue("6".getBytes(UTF_8));
  }

  private void namesItsCheckpoints() throws IOException {
    Runs runs = new Runs();
    String run = folder.resolve("run").toString();
    assertThat(runs.resolve(run + "#rewound/2/1").stage()).isEqualTo("train");
    assertThat(runs.resolve(run + "#rewound/2").round()).isEqualTo(2);
    assertThat(runs.resolve(run + "#once/2/dense").label()).isEqualTo("dense");
    assertThat(runs.read(run + "#once/2").mask("fc.weight").pruned()).isEqualTo(6);
    assertThatThrownBy(() -> runs.resolve(run + "#rewond/2/1"))
        .isInstanceOf(StudyException.class)
        .hasMessageStartingWith(
            "the run has no checkpoint 'rewond/2/1'. Did you mean 'rewound/2/1'?");
    assertThatThrownBy(() -> runs.checkpoints(folder))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("is no folder of a finished run");
  }

  private void mendsADamagedStep(String results) throws IOException {
    Path store = folder.resolve("run/store");
    String open = Lab.studies(Clock.systemUTC()).plan(Lab.parse(RUN)).nodes().get(0).key();
    try (Stream<Path> steps = Files.list(store.resolve("steps"))) {
      for (Path step : steps.toList()) {
        // All but the models as opened are to be made again, from a model that is damaged.
        if (!step.endsWith(open)) {
          WholeFiles.delete(step);
        }
      }
    }
    Manifest manifest = Store.open(store, Clock.systemUTC()).manifest(open).orElseThrow();
    Blobs.Ref blob = manifest.blobs().get(0);
    Path file =
        store.resolve("blobs").resolve(blob.sha256().substring(0, 2)).resolve(blob.sha256());
    Files.write(file, new byte[(int) blob.bytes()]);
    assertThat(run(RUN).exitCode()).isZero();
    assertThat(heard).anyMatch(line -> line.matches("warning: stored step .{8} is damaged .*"));
    assertThat(result("results.jsonl")).isEqualTo(results);

    // All is done: it is mended all the same.
    Files.write(file, new byte[(int) blob.bytes()]);
    RunOutcome mended = run(RUN);
    assertThat(mended.exitCode()).isZero();
    assertThat(mended.info().reused()).isLessThan(mended.plan().nodes().size());
    assertThat(Digests.sha256(List.of(ByteBuffer.wrap(Files.readAllBytes(file)))))
        .isEqualTo(blob.sha256());
  }

  @Test
  void anotherStudysRunIsNotWrittenOver() throws IOException {
    run(RUN);
    String there = result("results.jsonl");
    assertThatThrownBy(() -> run(RUN.replaceFirst("study: \\S+", "study: another")))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("holds a run of the study");
    assertThat(result("results.jsonl")).isEqualTo(there);
  }

  @Test
  void aDamagedRunFileIsWrittenAnew() throws IOException {
    run(RUN);
    Path file = folder.resolve("run/run.json");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> Runs.info(folder.resolve("run")))
        .hasMessage(file + " is damaged; running the study again writes it anew");
    run(RUN);
    assertThat(Runs.info(folder.resolve("run")).seeds()).containsExactly(1L, 2L);
  }

  @Test
  void letsAFailingArmFailAlone() throws IOException {
    RunOutcome outcome =
        run(
            Lab.study(
                "pipeline: [train, \"${arm}\"]",
                "grid:",
                "  arm:",
                "    diverging: [burst, tune]",
                "    quitting: quit",
                "    fine: {prune: {cells: 2}}",
                "measure: [total]"));
    assertThat(outcome.exitCode()).isEqualTo(1);
    String log = folder.resolve("run/worker.log").toString();
    assertThat(outcome.info().failures())
        .containsExactly(
            new Failure(
                "diverging",
                1,
                0,
                "burst",
                "the loss is NaN in epoch 1; try a smaller learning rate"),
            new Failure(
                "quitting",
                1,
                0,
                "quit",
                "ended its worker process twice (exit status 0); the log is " + log));
    assertThat(result("results.jsonl").lines().filter(line -> line.contains("\"fine\"")))
        .hasSize(2);
  }

  @Test
  void saysThatAWorkerCannotBeStarted() throws IOException {
    Path file = folder.resolve("toy.yaml");
    Files.writeString(file, RUN);
    Studies studies =
        new Studies(
            Toys.catalogs(),
            new Lab.NoFiles(),
            new Planners(Toys.catalogs(), new Lab.NoFiles(), new Setup(), Controls.NONE),
            new Setup(),
            new WorkerCommand("no.such.Worker", List.of()),
            Clock.systemUTC());
    assertThatThrownBy(() -> studies.run(file, new RunOptions().out(folder.resolve("run"))))
        .isInstanceOf(StudyException.class)
        .hasMessageStartingWith(
            "the worker process ends before it has done anything (exit status 1)");
  }

  @Test
  void opensTheModelAnewForAStageThatAsks() throws IOException {
    run(Lab.study("seeds: [1]", "pipeline: [prune, anew]", "measure: [total]"));
    Runs runs = new Runs();
    String arm = folder.resolve("run") + "#default/1";
    Checkpoint anew = runs.read(arm);
    assertThat(anew.mask("fc.weight").pruned()).isEqualTo(3);
    assertThat(anew.parameters())
        .isEqualTo(
            new Toys.Model().open(new Toys.Data().task(), Seeds.of(1, "anew", 0)).parameters())
        .isNotEqualTo(
            new Toys.Model()
                .open(new Toys.Data().task(), Seeds.of(1, "initialise", 0))
                .parameters());
  }

  @Test
  void everyArmStartsFromItsOwnModel() throws IOException {
    run(
        Lab.study(
                "seeds: [1, 2]",
                "pipeline: [prune]",
                "grid: {net: {fresh: toy-model, filed: toy-filed}}",
                "measure: [total]")
            .replace("model: toy-model", "model: ${net}"));
    Path out = folder.resolve("run");
    Runs runs = new Runs();
    assertThat(runs.read(out + "#filed/1").parameters())
        .isEqualTo(runs.read(out + "#filed/2").parameters());
    assertThat(runs.read(out + "#fresh/1").parameters())
        .isNotEqualTo(runs.read(out + "#fresh/2").parameters());
    RunInfo info = Runs.info(out);
    assertThat(info.model()).isEqualTo("toy-model{fits=true}; toy-filed");
    assertThat(info.arms())
        .extracting(RunInfo.Arm::model)
        .containsExactly("toy-model{fits=true}", "toy-filed");
  }

  @Test
  void planTellsWhatIsDoneAndWhatTheRestTakes() throws IOException {
    String text = Lab.study("seeds: [1]", "pipeline: [train, prune]", "measure: [total]");
    run(text);
    Studies studies = Lab.studies(Clock.systemUTC());
    RunOptions options = new RunOptions().out(folder.resolve("run"));
    Plan more = studies.plan(Lab.parse(text, "seeds=[1, 2]"));
    assertThat(studies.tree(more, options))
        .contains(
            "open  [1 of 2 done]", "in the store already: 4 of 8", "time for the rest: about ")
        .doesNotContain("a kind that has not run");
    assertThat(studies.tree(more, options.workers(2)))
        .contains("time for the rest (2 workers): about ");
    assertThat(studies.done(more, options)).hasSize(4);
  }
}
