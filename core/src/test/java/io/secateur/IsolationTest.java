package io.secateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.util.Modules;
import io.secateur.model.Checkpoint;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.JarWorkshop;
import io.secateur.sparsity.Mask;
import io.secateur.spi.PruningMethod;
import io.secateur.study.RunInfo;
import io.secateur.study.RunInfo.Failure;
import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import io.secateur.study.RunOutcome;
import io.secateur.study.Runs;
import io.secateur.study.Setup;
import io.secateur.study.Stock;
import io.secateur.study.Studies;
import io.secateur.study.StudyException;
import io.secateur.study.WorkerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that do what they should not, in real worker processes: each hurts its own step alone. */
@Tag("engine")
class IsolationTest {
  /** A method that misbehaves in the way that its setting names. */
  private static final String HOSTILE =
      """
      package my;
      import ai.djl.ndarray.*;
      import ai.djl.ndarray.types.*;
      import io.secateur.spi.*;
      import java.io.*;
      public record Hostile(String how) implements ScoringMethod {
        static final NDManager ELSEWHERE = NDManager.newBaseManager();
        public Hostile() { this("fine"); }
        public String name() { return "hostile"; }
        static long deeper(long n) { return deeper(n + 1) + 1; }
        public NDArray scores(Weight w, Statistics s) {
          NDArray fine = w.matrix().abs();
          switch (how) {
            case "throws": throw new IndexOutOfBoundsException("no such cell");
            case "breaks": throw new AssertionError("never so");
            case "gives-nan": return fine.mul(Float.NaN);
            case "gives-infinities": return fine.mul(Float.POSITIVE_INFINITY).neg();
            case "gives-one-row": return fine.get(0);
            case "gives-doubles": return fine.toType(DataType.FLOAT64, true);
            case "gives-null": return null;
            case "gives-closed": fine.close(); return fine;
            case "gives-another-managers": return ELSEWHERE.create(fine.toFloatArray(), fine.getShape());
            case "gives-the-weight": return w.matrix();
            case "writes-to-the-weight": return w.matrix().muli(-3).addi(1);
            case "closes-the-weight": w.matrix().close(); return fine;
            case "closes-the-manager": w.matrix().getManager().close(); return fine;
            case "interrupts": Thread.currentThread().interrupt(); return fine;
            case "overflows": return fine.add(deeper(0));
            case "exhausts": return fine.add(new java.util.ArrayList<>(java.util.Collections.nCopies(Integer.MAX_VALUE - 8, 1)).size());
            case "prints":
              System.out.println("\\u001e{\\"kind\\":\\"FAILED\\"}");
              try { new FileOutputStream(FileDescriptor.out).write("half a line \\u001e{".getBytes()); } catch (IOException e) { throw new UncheckedIOException(e); }
              return fine;
            case "leaves-a-thread":
              new Thread(() -> { try { Thread.sleep(10_000_000); } catch (InterruptedException e) { } }).start();
              return fine;
            case "exits": System.exit(0);
            case "halts": Runtime.getRuntime().halt(7);
            case "hangs": while (true) { try { Thread.sleep(1000); } catch (InterruptedException e) { } }
            case "aborts": w.matrix().toType(DataType.BFLOAT16, true).toByteBuffer();
            default: return fine;
          }
        }
      }
      """;

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private Path plugins() throws IOException {
    return Files.createDirectories(folder.resolve("plugins"));
  }

  /** What a study over the jars gives, each method an arm of its own. */
  private RunOutcome run(Map<String, String> methods, Duration limit, int workers)
      throws IOException {
    String arms =
        methods.entrySet().stream()
            .map(arm -> "    " + arm.getKey() + ": " + arm.getValue() + "\n")
            .collect(Collectors.joining());
    Path file =
        Files.writeString(
            folder.resolve("guests.yaml"),
            """
            study: guests
            seeds: [1]
            threads: 1
            data: {digits: {train: 100, test: 50}}
            model: {ffn: {hidden: [8]}}
            pipeline: [{prune: {method: "${method}", amount: 0.5}}]
            measure: [sparsity]
            grid:
              method:
            """
                + arms);
    Setup setup = new Setup(List.of(plugins()), Optional.empty(), "cpu");
    WorkerCommand command =
        new WorkerCommand(
            WorkerMain.class.getName(), List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    AbstractModule quick =
        new AbstractModule() {
          @Override
          protected void configure() {
            bind(WorkerCommand.class).toInstance(command);
          }
        };
    RunListener listener =
        new RunListener() {
          @Override
          public void warned(String line) {
            warnings.add(line);
          }
        };
    warnings.clear();
    return Guice.createInjector(Modules.override(new SecateurModule(setup)).with(quick))
        .getInstance(Studies.class)
        .run(
            file,
            new RunOptions(
                Optional.of(folder.resolve("run")),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                workers,
                Optional.of("300m"),
                limit,
                listener));
  }

  private Map<String, String> hostile(List<String> ways) throws IOException {
    new JarWorkshop(folder)
        .type("my.Hostile", HOSTILE)
        .service(PruningMethod.class, "my.Hostile")
        .pack(plugins().resolve("hostile.jar"));
    Map<String, String> arms = new LinkedHashMap<>();
    ways.forEach(way -> arms.put(way, "{hostile: {how: " + way + "}}"));
    return arms;
  }

  private static Map<String, String> reasons(RunOutcome outcome) {
    return outcome.info().failures().stream()
        .collect(Collectors.toMap(Failure::arm, Failure::message));
  }

  private Checkpoint checkpoint(String arm) throws IOException {
    return new Runs().read(folder.resolve("run") + "#" + arm + "/1/0");
  }

  private Mask mask(String arm) throws IOException {
    return checkpoint(arm).mask("layers.0.weight");
  }

  /** What did not fail has results, and every step that is stored is whole. */
  private void assertTheRestIsWhole(RunOutcome outcome, List<String> failed) throws IOException {
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(reasons(outcome).keySet()).containsExactlyInAnyOrderElementsOf(failed);
    String results = Files.readString(folder.resolve("run/results.jsonl"));
    for (RunInfo.Arm arm : outcome.info().arms()) {
      boolean pruned =
          results
              .lines()
              .anyMatch(
                  line ->
                      line.contains("\"arm\":\"" + arm.name() + "\"")
                          && line.contains("\"round\":0,\"stage\":\"prune\""));
      assertThat(pruned).as(arm.name()).isEqualTo(!failed.contains(arm.name()));
    }
    Stock stock = new Stock(folder.resolve("run/store"));
    assertThat(stock.damage()).isEmpty();
    assertThat(folder.resolve("run/store/tmp")).isEmptyDirectory();
  }

  @Test
  void whateverAMethodDoesEndsItsOwnArmAndNoOther() throws IOException {
    List<String> failing =
        List.of(
            "throws",
            "breaks",
            "gives-nan",
            "gives-one-row",
            "gives-doubles",
            "gives-null",
            "gives-closed",
            "closes-the-manager",
            "overflows",
            "exhausts",
            "aborts");
    List<String> harmless =
        List.of(
            "gives-infinities",
            "gives-another-managers",
            "gives-the-weight",
            "writes-to-the-weight",
            "closes-the-weight",
            "interrupts",
            "prints",
            "leaves-a-thread",
            "fine");
    RunOutcome outcome =
        run(
            hostile(Stream.concat(failing.stream(), harmless.stream()).toList()),
            RunOptions.STEP_LIMIT,
            1);
    assertTheRestIsWhole(outcome, failing);
    assertThat(reasons(outcome))
        .containsEntry(
            "throws",
            "IndexOutOfBoundsException: no such cell (in my.Hostile.scores of hostile.jar)")
        .containsEntry("breaks", "AssertionError: never so (in my.Hostile.scores of hostile.jar)")
        .containsEntry(
            "gives-nan",
            "layers.0.weight: the score of flat index 0 (row 0, column 0) is NaN; scores must be"
                + " numbers or infinite")
        .containsEntry("overflows", "StackOverflowError (in my.Hostile.deeper of hostile.jar)")
        .containsEntry(
            "exhausts", "OutOfMemoryError: Java heap space (in my.Hostile.scores of hostile.jar)")
        .containsEntry(
            "gives-null",
            "method 'hostile' gave layers.0.weight scores that are null; they must be an open"
                + " array")
        .containsEntry(
            "gives-closed",
            "method 'hostile' gave layers.0.weight scores that are closed; they must be an open"
                + " array")
        .hasEntrySatisfying("gives-one-row", why -> assertThat(why).contains("of shape (784)"))
        .hasEntrySatisfying("gives-doubles", why -> assertThat(why).contains("of type float64"))
        .hasEntrySatisfying(
            "aborts", why -> assertThat(why).startsWith("ended its worker process twice (exit"));
    // Only an abort is news beside its own arm's failure.
    assertThat(warnings).singleElement().asString().contains("while running prune");
    Checkpoint written = checkpoint("writes-to-the-weight");
    Checkpoint untouched = checkpoint("fine");
    float[] left = untouched.parameter("layers.0.weight").toFloats();
    Mask fine = mask("fine");
    Mask other = mask("writes-to-the-weight");
    float[] same = written.parameter("layers.0.weight").toFloats();
    for (int i = 0; i < left.length; i++) {
      boolean both = fine.keeps(i) && other.keeps(i);
      assertThat(both ? same[i] : left[i]).isEqualTo(left[i]);
    }
    assertThat(mask("prints")).isEqualTo(mask("fine")).isEqualTo(mask("gives-another-managers"));
  }

  @Test
  @Tag("stress")
  void whatEndsItsWorkerEndsItsOwnArmAndNoOther() throws IOException {
    List<String> failing = List.of("hangs", "exits", "halts");
    RunOutcome outcome =
        run(hostile(List.of("hangs", "exits", "halts", "fine")), Duration.ofSeconds(8), 2);
    assertTheRestIsWhole(outcome, failing);
    assertThat(reasons(outcome).get("hangs"))
        .startsWith("gave no sign of life for 8 s, and was ended; --step-limit sets how long");
    assertThat(reasons(outcome).get("exits")).contains("process twice (exit status 0)");
    assertThat(reasons(outcome).get("halts")).contains("process twice (exit status 7)");
  }

  /** A jar whose method takes its sign from a library that the jar brings along. */
  private void signed(String jar, String name, int sign) throws IOException {
    new JarWorkshop(folder)
        .classes(
            Map.of(
                "lib.Version",
                "package lib; public class Version { public static int sign() { return %d; } }"
                    .formatted(sign),
                "my.Signed",
                """
                package my;
                import ai.djl.ndarray.*;
                import io.secateur.spi.*;
                public record Signed() implements ScoringMethod {
                  public String name() { return "%s"; }
                  public NDArray scores(Weight w, Statistics s) {
                    return w.matrix().abs().mul((float) lib.Version.sign());
                  }
                }
                """
                    .formatted(name)),
            entry -> true)
        .service(PruningMethod.class, "my.Signed")
        .pack(plugins().resolve(jar));
  }

  @Test
  void jarsBringTheirOwnVersionsAndAChangedOneExpiresItsOwnStepsAlone() throws IOException {
    signed("a.jar", "up", 1);
    signed("b.jar", "down", -1);
    Map<String, String> both = Map.of("up", "up", "down", "down");
    RunOutcome first = run(both, RunOptions.STEP_LIMIT, 1);
    assertThat(first.exitCode()).as(reasons(first).toString()).isZero();
    Mask up = mask("up");
    assertThat(mask("down")).isEqualTo(Mask.of(up.form(), cell -> !up.keeps(cell)));

    signed("b.jar", "down", 1);
    RunOutcome changed = run(both, RunOptions.STEP_LIMIT, 1);
    // The pruning by the changed jar, and what is measured behind it.
    assertThat(changed.info().reused()).isEqualTo(changed.plan().nodes().size() - 2);
    assertThat(mask("up")).isEqualTo(up).isEqualTo(mask("down"));
  }

  @Test
  void whatThrowsWhilePlanningIsNamedWithItsJar() throws IOException {
    new JarWorkshop(folder)
        .type(
            "my.Rash",
            """
            package my;
            import io.secateur.spi.*;
            public record Rash() implements ScoringMethod {
              public String name() { return "rash"; }
              public String description() { throw new IllegalStateException("no words"); }
              public int version() { throw new NoSuchMethodError("no plan"); }
              public ai.djl.ndarray.NDArray scores(Weight w, Statistics s) { return w.matrix(); }
            }
            """)
        .service(PruningMethod.class, "my.Rash")
        .pack(plugins().resolve("rash.jar"));
    assertThatThrownBy(() -> run(Map.of("rash", "rash"), RunOptions.STEP_LIMIT, 1))
        .isInstanceOf(StudyException.class)
        .hasMessageEndingWith(
            "guests.yaml: the study cannot be planned: my.Rash.version of rash.jar threw"
                + " NoSuchMethodError: no plan");
    assertThat(
            Catalogs.load(List.of(plugins())).of(PruningMethod.class).named("rash").description())
        .isEqualTo("Its description() threw IllegalStateException: no words.");
  }
}
