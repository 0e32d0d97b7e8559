package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of {@code docs}, followed as a reader would: its commands are run in a folder, in their
 * order, and print what the page shows; what it shows of a file stands in a file there, or is
 * written to it. {@code -Dgolden.write=true} writes what was printed into the page.
 */
final class Guide {
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern TITLE = Pattern.compile("`([\\w./-]+\\.yaml)`:\\s*\\z");
  private static final Pattern STUDY = Pattern.compile("(?m)^study: (\\S+)$");
  private static final Pattern VERDICT =
      Pattern.compile("(?i)no difference shown|difference|better|worse|[:().=<]");
  private static final Pattern NUMBER = Pattern.compile("[-−+]?\\d[\\d,.]*");
  private static final Set<String> FOLDERS = Set.of("--plugins", "--out", "--dir", "--store", "-o");

  private final Path page;
  private final Path folder;
  private final Path jars;
  private final boolean running;
  private final List<String> done = new ArrayList<>();

  /**
   * A page, and where it is followed.
   *
   * @param jars what Maven would have made of the projects that it starts
   * @param running whether studies are run; else they are planned in the place of it
   */
  Guide(String name, Path folder, Path jars, boolean running) {
    this.page = Cli.root().resolve("docs").resolve(name + ".md");
    this.folder = folder;
    this.jars = jars;
    this.running = running;
  }

  /** Follows the page, and returns the commands that were run. */
  List<String> follow() throws IOException {
    String text = Files.readString(page);
    StringBuilder followed = new StringBuilder();
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      String before = text.substring(0, blocks.start());
      String block = follow(blocks.group(1), blocks.group(2), before);
      blocks.appendReplacement(
          followed, Matcher.quoteReplacement("```" + blocks.group(1) + "\n" + block + "```"));
    }
    blocks.appendTail(followed);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(page, followed);
    }
    assertThat(followed.toString()).as(page.toString()).isEqualTo(Files.readString(page));
    return done;
  }

  /** Follows a block, and returns it as it should be. */
  private String follow(String language, String block, String before) throws IOException {
    switch (language) {
      case "sh" -> block.replace("\\\n", "").lines().forEach(this::line);
      case "java" -> assertStandsInAFile(block);
      case "yaml" -> {
        Matcher title = TITLE.matcher(before);
        if (title.find()) {
          Files.writeString(folder.resolve(title.group(1)), block);
        } else {
          assertStandsInAFile(block);
        }
      }
      default -> {
        if (block.startsWith("$ secateur ")) {
          return transcript(block);
        }
        assertStandsInAFile(block);
      }
    }
    return block;
  }

  private void assertStandsInAFile(String block) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> texts =
          new ArrayList<>(List.of(Files.readString(Cli.root().resolve("pom.xml"))));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().matches(".*\\.(jar|bin|safetensors)")) {
          texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
      String latin =
          new String(block.strip().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      assertThat(texts).as("%s shows%n%s", page, block).anyMatch(text -> text.contains(latin));
    }
  }

  private void line(String line) {
    for (String command : line.replaceFirst("\\s+# .*", "").split(" && ", -1)) {
      List<String> words = List.of(command.strip().split("\\s+", -1));
      try {
        switch (words.get(0)) {
          case "secateur" -> {
            Cli.Result result = secateur(words.subList(1, words.size()));
            assertThat(result.exitCode()).as("%s: %s", command, result.err()).isZero();
          }
          case "mvn" -> maven(words);
          case "mkdir" -> Files.createDirectories(folder.resolve(words.get(words.size() - 1)));
          case "cp" -> copy(words.get(1), words.get(2));
          default -> throw new AssertionError(page + " has a command not known here: " + command);
        }
      } catch (IOException e) {
        throw new AssertionError(page + ": " + command, e);
      }
    }
  }

  /** What Maven makes of a project that has just been started is made already. */
  private void maven(List<String> words) throws IOException {
    if (words.contains("install")) {
      return;
    }
    assertThat(words).hasSize(4).startsWith("mvn", "-f").endsWith("verify");
    Path project = folder.resolve(words.get(2));
    assertThat(project.resolve("pom.xml")).isRegularFile();
    String jar = words.get(2) + "-1.0.jar";
    Files.createDirectories(project.resolve("target"));
    Files.copy(
        jars.resolve(jar),
        project.resolve("target").resolve(jar),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void copy(String from, String to) throws IOException {
    Path file = folder.resolve(from);
    Files.copy(file, folder.resolve(to).resolve(String.valueOf(file.getFileName())));
  }

  /** Runs the command of a block, and returns the block with what was printed. */
  private String transcript(String block) throws IOException {
    int end = block.indexOf('\n');
    String command = block.substring("$ secateur ".length(), end);
    String shown = block.substring(end + 1);
    Cli.Result result =
        secateur(Arrays.stream(command.split("\\s+", -1)).map(Guide::unquoted).toList());
    String printed = (result.out() + result.err()).replace(folder + "/", "").replace("\r\n", "\n");
    if (shown.contains("...\n")) {
      int from = 0;
      for (String part : shown.split("(?m)^\\.\\.\\.\n", -1)) {
        int at = masked(printed).indexOf(masked(part), from);
        assertThat(at).as("%s shows%n%s%nprinted is%n%s", page, part, printed).isNotNegative();
        from = at + masked(part).length();
      }
      return block;
    }
    // Numbers that were measured differ from one kind of processor to the other.
    return masked(printed).equals(masked(shown)) ? block : block.substring(0, end + 1) + printed;
  }

  private static String unquoted(String word) {
    return word.replace("'", "");
  }

  /**
   * Where studies are run, numbers are left out, what follows from them, and the blanks and rules
   * that suit their width.
   */
  private String masked(String text) {
    if (!running) {
      return text;
    }
    String numbers = NUMBER.matcher(text).replaceAll("#");
    String verdicts = VERDICT.matcher(numbers).replaceAll("");
    return verdicts.replaceAll("-{2,}", "-").replaceAll("\\s+", " ");
  }

  private Cli.Result secateur(List<String> words) throws IOException {
    done.add(String.join(" ", words));
    List<String> arguments = new ArrayList<>();
    String before = "";
    for (String word : words) {
      boolean path = FOLDERS.contains(before) || word.endsWith(".yaml") || word.startsWith("runs/");
      arguments.add(path ? folder.resolve(word).toString() : word);
      before = word;
    }
    boolean starts = words.get(0).equals("plugins") && words.contains("new");
    if (starts && !words.contains("--dir")) {
      arguments.addAll(List.of("--dir", folder.resolve(words.get(2)).toString()));
    }
    if (words.get(0).equals("run") && !running) {
      arguments.set(0, "plan");
    }
    boolean runs = Set.of("run", "plan").contains(words.get(0));
    if (runs && !words.contains("--out")) {
      Path study = Path.of(arguments.get(1));
      String name =
          STUDY.matcher(Files.readString(study)).results().findFirst().orElseThrow().group(1);
      arguments.addAll(List.of("--out", folder.resolve("runs").resolve(name).toString()));
    }
    Path plugins = folder.resolve("plugins");
    boolean takesPlugins = runs || (words.get(0).matches("plugins|describe") && !starts);
    if (takesPlugins && !words.contains("--plugins") && Files.isDirectory(plugins)) {
      arguments.addAll(List.of("--plugins", plugins.toString()));
    }
    return Cli.run(arguments.toArray(String[]::new));
  }
}
