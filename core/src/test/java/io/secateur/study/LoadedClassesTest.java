package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedClassesTest {
  @TempDir private Path folder;

  /** Prints, and keeps its classes if it was started for that. */
  public static final class Keeper {
    private Keeper() {}

    /** Starts it. */
    public static void main(String[] arguments) {
      System.out.println("works");
      LoadedClasses.keep();
    }
  }

  /** The JVM keeps classes of jars only, so that these here are put into one. */
  private Path jar() throws IOException {
    Path jar = folder.resolve("keeper.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> each : List.of(Keeper.class, LoadedClasses.class)) {
        String name = each.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        try (var in = each.getClassLoader().getResourceAsStream(name)) {
          in.transferTo(out);
        }
      }
    }
    return jar;
  }

  private static List<String> started(Path jar, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(flags));
    command.add("-cp");
    command.add(
        Stream.concat(
                Stream.of(jar.toString()),
                Arrays.stream(System.getProperty("java.class.path").split(":"))
                    .filter(path -> path.endsWith(".jar")))
            .collect(Collectors.joining(":")));
    command.add(Keeper.class.getName());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).isZero();
    return lines;
  }

  @Test
  void nextProcessTakesClassesFromWhatOneHasKept() throws Exception {
    Path jar = jar();
    Path cache = Files.createDirectory(folder.resolve("a user's cache"));
    Path kept = cache.resolve("kept.jsa");
    List<String> lines =
        started(
            jar, "-XX:+RecordDynamicDumpInfo", "-Xlog:disable", "-Dsecateur.classes.keep=" + kept);
    assertThat(lines).containsExactly("works");
    assertThat(kept).isRegularFile();
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files).containsExactly(kept);
    }
    assertThat(started(jar, "-XX:SharedArchiveFile=" + kept, "-Xlog:class+load"))
        .anyMatch(line -> line.contains("LoadedClasses source: shared objects file (top)"));
  }

  @Test
  void keepsNothingUnlessStartedForIt() throws Exception {
    Path jar = jar();
    assertThat(started(jar)).containsExactly("works");
    // Named, but the JVM has not recorded: it says so, and that is kept quiet.
    assertThat(started(jar, "-Dsecateur.classes.keep=" + folder.resolve("kept.jsa")))
        .containsExactly("works");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(jar);
    }
  }

  @Test
  void workerUsesWhatIsThereAndLeavesItOnlyWhereItIsAlone() throws Exception {
    String before = System.getProperty("secateur.classes");
    Path file = folder.resolve("classes.worker.jsa");
    try {
      System.clearProperty("secateur.classes");
      assertThat(LoadedClasses.flags(true)).isEmpty();
      System.setProperty("secateur.classes", folder.resolve("classes").toString());
      assertThat(LoadedClasses.flags(false)).isEmpty();
      assertThat(LoadedClasses.flags(true))
          .contains("-XX:+RecordDynamicDumpInfo", "-Dsecateur.classes.keep=" + file);
      Files.createFile(file);
      assertThat(LoadedClasses.flags(true)).containsExactly("-XX:SharedArchiveFile=" + file);
      assertThat(LoadedClasses.flags(false)).isEqualTo(LoadedClasses.flags(true));
    } finally {
      if (before == null) {
        System.clearProperty("secateur.classes");
      } else {
        System.setProperty("secateur.classes", before);
      }
    }
  }
}
