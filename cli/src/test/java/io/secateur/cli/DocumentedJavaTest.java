package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java of {@code docs/java-api.md} and {@code docs/tutorial.md} compiles, runs, and prints what
 * stands under it; so do the shell and the Python of {@code docs/notebooks.md}.
 */
@Tag("engine")
class DocumentedJavaTest {
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

  /** Results of training differ from one processor to the next, and so what is pruned of each. */
  private static final Pattern REAL = Pattern.compile("-?\\d+\\.\\d+");

  private static final String MARK = "~~~~";

  private static final String IMPORTS =
      """
      import io.secateur.*;
      import io.secateur.evaluate.*;
      import io.secateur.model.*;
      import io.secateur.sparsity.*;
      import io.secateur.spi.*;
      import io.secateur.study.*;
      import java.nio.file.*;
      import java.util.*;
      """;

  @TempDir private Path folder;

  private record Block(String language, String text) {}

  private static List<Block> blocks(String page) throws IOException {
    Matcher matcher = BLOCK.matcher(Files.readString(Cli.root().resolve("docs").resolve(page)));
    List<Block> blocks = new ArrayList<>();
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private static String text(List<Block> blocks, String language) {
    return blocks.stream()
        .filter(block -> block.language().equals(language))
        .findFirst()
        .orElseThrow()
        .text();
  }

  @Test
  void theApiDoesWhatItsPageSays() throws Exception {
    List<Block> blocks = blocks("java-api.md");
    Files.writeString(folder.resolve("study.yaml"), text(blocks, "yaml"));
    check(blocks);
    readByPython(blocks("notebooks.md"), folder.resolve("run/results.csv"));
  }

  @Test
  void theTutorialDoesWhatItSays() throws Exception {
    check(blocks("tutorial.md"));
  }

  @Test
  void theShellRunsAFile() throws Exception {
    List<Block> blocks = blocks("notebooks.md");
    Path script = folder.resolve("summary.jsh");
    Files.writeString(script, text(blocks, "jshell"));
    Path printed = folder.resolve("printed");
    Process shell =
        JshellCommand.process(
                Path.of(System.getProperty("java.home")),
                folder.resolve("startup.jsh"),
                List.of(script.toString()))
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    shell.getOutputStream().close();
    assertThat(shell.waitFor(2, TimeUnit.MINUTES)).isTrue();
    // The first start for a user may also say that it made a folder for preferences.
    assertThat(Files.readString(printed)).endsWithIgnoringCase(text(blocks, "text"));
  }

  @Test
  void theShellSaysThatARuntimeHasNone() {
    assertThatThrownBy(
            () -> JshellCommand.process(folder, folder.resolve("startup.jsh"), List.of()))
        .isInstanceOf(CommandException.class)
        .hasMessage(
            "jshell is not in %s, which is a Java runtime; install a JDK 17 or newer, or set JAVA_HOME to one",
            folder);
  }

  /** Runs the Java of a page, and compares what each block prints with what stands under it. */
  private void check(List<Block> blocks) throws Exception {
    StringBuilder body = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (Block block : blocks) {
      if (block.language().equals("java")) {
        expected.add("");
        body.append(block.text()).append("System.out.print(\"~~~~\");\n");
      } else if (block.language().equals("text")) {
        expected.set(expected.size() - 1, block.text());
      }
    }
    assertThat(expected).hasSizeGreaterThan(5);
    List<String> printed = List.of(printed(body.toString()).split(MARK, -1));
    String marked = String.join("\n" + MARK + "\n", printed.subList(0, expected.size()));
    assertThat(compared(marked))
        .as(marked)
        .isEqualTo(compared(String.join("\n" + MARK + "\n", expected)));
  }

  private static String compared(String text) {
    return REAL.matcher(text.replaceAll("\\s*\\n\\s*", "\n").strip())
        .replaceAll("#")
        .replaceAll("[\\d,]+ +# %", "# # %");
  }

  private String printed(String body) throws Exception {
    Path source = folder.resolve("Page.java");
    String here = folder.toString().replace("\\", "\\\\") + "/";
    Files.writeString(
        source,
        IMPORTS
            + "public class Page { public static void main(String[] arguments) throws Exception {\n"
            + body.replace("\"work/", "\"" + here)
            + "} }\n");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean compiles =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of("-proc:none", "-d", folder.toString()),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    assertThat(compiles).as(said.toString()).isTrue();
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Page")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private void readByPython(List<Block> blocks, Path results) throws Exception {
    String header = Files.readAllLines(results).get(0);
    Matcher named =
        Pattern.compile("`([a-z]+)`").matcher(String.join("\n", tableOf("notebooks.md")));
    List<String> columns = new ArrayList<>();
    while (named.find()) {
      columns.add(named.group(1));
    }
    assertThat(columns).containsExactlyInAnyOrder(header.split(","));
    Path script = folder.resolve("read.py");
    Files.writeString(
        script, text(blocks, "python").replace("work/run/results.csv", results.toString()));
    Path printed = folder.resolve("python");
    boolean pandas = python(List.of("-c", "import pandas"), printed) == 0;
    if (!pandas) {
      System.err.println("skipped: python3 with pandas is not here; only columns were compared");
      return;
    }
    assertThat(python(List.of(script.toString()), printed)).as(Files.readString(printed)).isZero();
    assertThat(Files.readString(printed)).contains("mean").contains("default");
  }

  /** Returns the first cells of the page's table. */
  private static List<String> tableOf(String page) throws IOException {
    return Files.readAllLines(Cli.root().resolve("docs").resolve(page)).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|", -1)[1])
        .toList();
  }

  private static int python(List<String> arguments, Path printed) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(arguments);
    try {
      Process python =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start();
      return python.waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}
