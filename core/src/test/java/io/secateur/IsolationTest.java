package io.secateur;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.util.Modules;
import io.secateur.model.Checkpoint;
import io.secateur.plugin.JarWorkshop;
import io.secateur.sparsity.Mask;
import io.secateur.spi.PruningMethod;
import io.secateur.study.RunInfo.Failure;
import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import io.secateur.study.RunOutcome;
import io.secateur.study.Runs;
import io.secateur.study.Setup;
import io.secateur.study.Studies;
import io.secateur.study.WorkerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

  private Mask mask(String arm) throws IOException {
    Checkpoint pruned =
        new Runs(Clock.systemUTC()).read(folder.resolve("run") + "#" + arm + "/1/0");
    return pruned.mask("layers.0.weight");
  }

  @Test
  void whateverAMethodDoesEndsItsOwnArmAndNoOther() throws IOException {
    RunOutcome outcome =
        run(
            hostile(
                List.of(
                    "throws",
                    "breaks",
                    "gives-nan",
                    "gives-infinities",
                    "gives-one-row",
                    "gives-doubles",
                    "gives-null",
                    "gives-closed",
                    "gives-another-managers",
                    "gives-the-weight",
                    "writes-to-the-weight",
                    "closes-the-weight",
                    "closes-the-manager",
                    "interrupts",
                    "overflows",
                    "exhausts",
                    "prints",
                    "leaves-a-thread",
                    "fine")),
            RunOptions.STEP_LIMIT,
            1);
    System.err.println(reasons(outcome));
    System.err.println(warnings);
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  void whatEndsAWorkerEndsItsOwnArmAndNoOther() throws IOException {
    RunOutcome outcome =
        run(
            hostile(List.of("hangs", "exits", "halts", "aborts", "fine")), Duration.ofSeconds(6), 2);
    System.err.println(reasons(outcome));
    System.err.println(warnings);
    assertThat(outcome.exitCode()).isEqualTo(1);
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      System.err.println(files.toList());
    }
  }
}
