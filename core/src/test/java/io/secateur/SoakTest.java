package io.secateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.util.Modules;
import io.secateur.plugin.JarWorkshop;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Stage;
import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import io.secateur.study.RunOutcome;
import io.secateur.study.Setup;
import io.secateur.study.Studies;
import io.secateur.study.WorkerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory of one worker over a long study: 10,000 steps of training in 1,500 stages. */
@Tag("engine")
@Tag("stress")
class SoakTest {
  private static final int ROUNDS = 500;
  private static final int STEPS_PER_ROUND = 20;
  private static final int WARM = 100;

  /** One array of 16 KiB left open in every step would be 125 MiB after the warm-up. */
  private static final long MOST_GROWTH = 16 << 20;

  private static final String DATA =
      """
      package my;
      import ai.djl.ndarray.*;
      import ai.djl.ndarray.types.Shape;
      import io.secateur.evaluate.ArrayExamples;
      import io.secateur.spi.*;
      import java.util.*;
      public record Blobs(boolean leaks) implements DatasetSource {
        private static final List<NDArray> LEFT = new ArrayList<>();
        private static final Task.Classification TASK = new Task.Classification(new Shape(32), 4);
        public Blobs() { this(false); }
        public String name() { return "blobs"; }
        public Task task() { return TASK; }
        public int size(Split split, DataFiles files) { return split == Split.TRAIN ? 640 : 64; }
        public String fingerprint(DataFiles files) { return "blobs"; }
        public Examples open(Split split, DataFiles files) {
          Random random = new Random(split.ordinal());
          float[][] inputs = new float[size(split, files)][32];
          int[] classes = new int[inputs.length];
          for (int i = 0; i < inputs.length; i++) {
            classes[i] = random.nextInt(4);
            for (int j = 0; j < 32; j++) {
              inputs[i][j] = (float) random.nextGaussian() + (j % 4 == classes[i] ? 1 : 0);
            }
          }
          Examples sound = ArrayExamples.of(TASK, inputs, classes);
          return new Examples() {
            public int size() { return sound.size(); }
            public Batch batch(int[] indices, NDManager manager) {
              if (leaks) {
                NDArray open = NDManager.newBaseManager().ones(new Shape(4096));
                // Else it would be closed with whatever else the training's step has made.
                NDScope.unregister(open);
                LEFT.add(open);
              }
              return sound.batch(indices, manager);
            }
          };
        }
      }
      """;

  private static final String LOOK =
      """
      package my;
      import io.secateur.model.Checkpoint;
      import io.secateur.spi.Stage;
      import java.io.IOException;
      import java.lang.management.*;
      import java.nio.file.*;
      import javax.management.*;
      public record Look() implements Stage {
        public String name() { return "look"; }
        public Checkpoint run(Checkpoint input, Context context) throws IOException {
          System.gc();
          long resident = 0;
          for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
              resident = 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
          }
          long arrays = 0;
          for (String line : histogram().lines().toList()) {
            String[] words = line.strip().split(" +");
            if (words.length > 3 && words[3].equals("ai.djl.pytorch.engine.PtNDArray")) {
              arrays = Long.parseLong(words[1]);
            }
          }
          long metaspace = 0;
          for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getName().equals("Metaspace")) {
              metaspace = pool.getUsage().getUsed();
            }
          }
          context.say("look %d %d %d %d".formatted(resident,
              arrays,
              ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(), metaspace));
          return input;
        }
        /** What is on Java's heap and in use: the engine itself does not say what it holds. */
        private static String histogram() {
          try {
            return (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
          } catch (JMException e) {
            throw new IllegalStateException(e);
          }
        }
      }
      """;

  private static final String SIZE =
      """
      package my;
      import ai.djl.ndarray.NDArray;
      import io.secateur.spi.*;
      public record Size() implements ScoringMethod {
        public String name() { return "size"; }
        public NDArray scores(Weight w, Statistics s) { return w.matrix().abs(); }
      }
      """;

  @TempDir Path folder;

  /** What a worker has: bytes of resident memory, arrays, classes, bytes of metaspace. */
  private record Look(long resident, long arrays, long classes, long metaspace) {
    static Look of(String line) {
      long[] numbers = Arrays.stream(line.split(" ")).skip(1).mapToLong(Long::parseLong).toArray();
      return new Look(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    @Override
    public String toString() {
      return "%.1f MiB resident, %d arrays, %d classes, %.1f MiB metaspace"
          .formatted(resident / 1048576.0, arrays, classes, metaspace / 1048576.0);
    }
  }

  /** Trains and prunes in so many rounds, and looks at the worker after each. */
  private List<Look> looks(boolean leaks, int rounds) throws IOException {
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    new JarWorkshop(folder)
        .type("my.Blobs", DATA)
        .type("my.Look", LOOK)
        .type("my.Size", SIZE)
        .service(DatasetSource.class, "my.Blobs")
        .service(Stage.class, "my.Look")
        .service(PruningMethod.class, "my.Size")
        .pack(plugins.resolve("soak.jar"));
    Path file =
        Files.writeString(
            folder.resolve("soak.yaml"),
            """
            study: soak
            seeds: [1]
            threads: 1
            data: {blobs: {leaks: %s}}
            model: {ffn: {hidden: [64]}}
            pipeline:
              - rounds:
                  rounds: %d
                  stages:
                    - train: {epochs: 1, batch: 32, optimizer: {adam: {learning-rate: 0.001}}}
                    - prune: {method: size, scope: global, amount: {of-remaining: 0.002}}
                    - look
            measure: [accuracy, sparsity]
            """
                .formatted(leaks, rounds));
    List<Look> looks = new ArrayList<>();
    RunListener listener =
        new RunListener() {
          @Override
          public void said(Piece piece, String line) {
            if (line.startsWith("look ")) {
              looks.add(Look.of(line));
            }
          }
        };
    // A heap that is all there from the beginning: what grows then is native.
    WorkerCommand command =
        new WorkerCommand(
            WorkerMain.class.getName(),
            List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch"));
    AbstractModule own =
        new AbstractModule() {
          @Override
          protected void configure() {
            bind(WorkerCommand.class).toInstance(command);
          }
        };
    Setup setup = new Setup(List.of(plugins), Optional.empty(), "cpu");
    RunOutcome outcome =
        Guice.createInjector(Modules.override(new SecateurModule(setup)).with(own))
            .getInstance(Studies.class)
            .run(file, new RunOptions().out(folder.resolve("run")).listener(listener));
    assertThat(outcome.info().failures()).isEmpty();
    assertThat(looks).hasSize(rounds);
    return looks;
  }

  private static void print(String what, List<Look> looks) {
    System.out.println(what);
    for (int round = WARM; round <= looks.size(); round += WARM / 2) {
      System.out.printf(
          "%6d steps, %5d stages: %s%n", round * STEPS_PER_ROUND, 3 * round, looks.get(round - 1));
    }
  }

  private static void flat(List<Look> looks) {
    Look warm = looks.get(WARM - 1);
    Look last = looks.get(looks.size() - 1);
    assertThat(last.arrays()).as("arrays").isEqualTo(warm.arrays());
    assertThat(last.resident() - warm.resident())
        .as("growth of resident memory")
        .isLessThan(MOST_GROWTH);
    assertThat(last.classes() - warm.classes()).as("classes").isLessThan(100);
    assertThat(last.metaspace() - warm.metaspace()).as("metaspace").isLessThan(2 << 20);
  }

  @Test
  void theMemoryOfAWorkerIsFlatOverALongStudy() throws IOException {
    List<Look> looks = looks(false, ROUNDS);
    print("sound", looks);
    flat(looks);
  }

  @Test
  void anArrayThatStaysOpenInEveryStepIsSeen() throws IOException {
    List<Look> looks = looks(true, 2 * WARM);
    print("leaking", looks);
    assertThatThrownBy(() -> flat(looks)).isInstanceOf(AssertionError.class);
    Look warm = looks.get(WARM - 1);
    Look last = looks.get(2 * WARM - 1);
    assertThat(last.arrays() - warm.arrays()).isGreaterThanOrEqualTo(WARM * STEPS_PER_ROUND);
    assertThat(last.resident() - warm.resident()).isGreaterThan(MOST_GROWTH);
  }
}
