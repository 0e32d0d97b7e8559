package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.secateur.spi.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Javadoc says of settings arrives where they are described. */
class SettingsProcessorTest {
  private static final String SOURCE =
      """
      package my;

      import io.secateur.spi.Schedule;
      import java.util.List;

      /**
       * A schedule.
       *
       * @param learningRate how fast,
       *     from 0 to <b>1</b>; see {@link Pace#of(int) the pace} and {@link Pace}
       * @param paces {@code {of: [a < b]}} &amp; C:\\temp = more
       * @throws IllegalArgumentException never
       */
      public record Steady(double learningRate, List<Pace> paces, int silent) implements Schedule {
        /** @param times not a setting of Steady */
        public record Pace(int times) {
          static Pace of(int n) { return new Pace(n); }
        }

        /** @param unseen of a record that no setting holds */
        public record Other(int unseen) {}

        public Steady() { this(0.1, List.of(), 1); }
        public String name() { return "my-steady"; }
        public double sparsity(double progress, double target) { return target; }
      }
      """;

  @TempDir private Path scratch;

  @Test
  void javacFindsItUnaskedAndTheTextsTravelInTheJar() throws IOException {
    Path out = compiled();
    JarWorkshop jar = new JarWorkshop(scratch).service(Schedule.class, "my.Steady");
    for (Path file : files(out)) {
      jar.entry(out.relativize(file).toString(), Files.readAllBytes(file));
    }
    Path folder = Files.createDirectory(scratch.resolve("plugins"));
    jar.pack(folder.resolve("steady.jar"));
    Catalogs catalogs = Catalogs.load(List.of(folder));

    List<Setting> settings =
        Settings.describe(catalogs.of(Schedule.class).named("my-steady").type(), catalogs);

    assertThat(settings)
        .extracting(Setting::name, Setting::text)
        .containsExactly(
            tuple("learning-rate", "how fast, from 0 to 1; see the pace and Pace"),
            tuple("paces", "{of: [a < b]} & C:\\temp = more"),
            tuple("silent", ""));
  }

  @Test
  void writesOfPluginsAndOfWhatTheirSettingsHoldAlone() throws IOException {
    Path out = compiled();

    assertThat(files(out.resolve("META-INF")))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("my.Steady$Pace.properties", "my.Steady.properties");
  }

  /** Compiles as the page does: with the jars on the class path, and nothing said of processors. */
  private Path compiled() throws IOException {
    Path source = Files.createDirectories(scratch.resolve("my")).resolve("Steady.java");
    Files.writeString(source, SOURCE);
    Path out = Files.createDirectories(scratch.resolve("out"));
    List<String> arguments =
        new ArrayList<>(List.of("--release", "17", "-cp", System.getProperty("java.class.path")));
    if (Runtime.version().feature() > 22) {
      arguments.add("-proc:full");
    }
    arguments.addAll(List.of("-d", out.toString(), source.toString()));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).isZero();
    return out;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
