package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Guice;
import io.secateur.SecateurModule;
import io.secateur.plugin.Catalogs;
import io.secateur.study.Setup;
import io.secateur.study.StudyException;
import io.secateur.study.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;

/** What the documents name is there: links, figures, studies, and commands with their options. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
  private static final Pattern STUDY = Pattern.compile("studies/[\\w/-]+\\.yaml");

  /** In a block a line of its own, after a prompt or not; in a sentence between backquotes. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:\\$ )?\\./secateur (.+)$|`\\./secateur ([^`]+)`");

  /** An argument as the shell takes it: quoted, or up to a blank. */
  private static final Pattern ARGUMENT = Pattern.compile("(?:'[^']*'|[^\\s'])+");

  static Stream<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("", "docs")) {
      try (Stream<Path> files = Files.list(Cli.root().resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages.stream();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatAPageLinksToAndWhichStudiesItNamesIsThere(Path page) throws IOException {
    String text = Files.readString(page);
    assertThat(absent(page, text)).as("not there, named in %s", page).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theCommandsOfAPageAreUnderstood(Path page) throws IOException {
    for (List<String> command : commands(Files.readString(page))) {
      if (command.size() == 1 && Main.commandLine().getSubcommands().containsKey(command.get(0))) {
        // Named in a sentence, not shown with what it takes.
        continue;
      }
      try {
        Main.commandLine().parseArgs(command.toArray(String[]::new));
      } catch (ParameterException e) {
        throw new AssertionError("%s: ./secateur %s".formatted(page, command), e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lab4.md", "exercises.md"})
  void theStudiesOfTheExercisesCanBeRead(String page) throws IOException {
    Catalogs catalogs =
        Guice.createInjector(new SecateurModule(new Setup(List.of(), Optional.empty(), "cpu")))
            .getInstance(Catalogs.class);
    Set<String> studies = studies(Files.readString(Cli.root().resolve("docs").resolve(page)));
    assertThat(studies).isNotEmpty();
    for (String study : studies) {
      assertThat(faults(Cli.root().resolve(study), catalogs))
          .as(study)
          // Published weights, which are not in the repository.
          .allMatch(fault -> fault.matches(".*: there is no file .*\\.safetensors"));
    }
  }

  @Test
  void whatIsNotThereIsFound() throws IOException {
    String text =
        """
        # A page
        [here](#a-page), [nowhere](#no-page), ![figure](figures/none.png), [web](https://example.org)
        `./secateur run studies/none.yaml --out 'a b'` and [results](results.md#results)
        """;
    assertThat(absent(Cli.root().resolve("docs/page.md"), text))
        .containsExactly("#no-page", "figures/none.png", "studies/none.yaml");
    assertThat(commands(text + "\n./secateur plan x > y  # a word\n"))
        .containsExactly(List.of("run", "studies/none.yaml", "--out", "a b"), List.of("plan", "x"));
    assertThatThrownBy(() -> Main.commandLine().parseArgs("run", "x", "--no-such-option"))
        .isInstanceOf(ParameterException.class);
  }

  private static List<String> faults(Path study, Catalogs catalogs) {
    try {
      StudyFile.read(study, List.of(), catalogs);
      return List.of();
    } catch (StudyException e) {
      return e.faults();
    }
  }

  /** Returns the links and studies of a page that lead nowhere. */
  private static List<String> absent(Path page, String text) throws IOException {
    List<String> absent = new ArrayList<>();
    Matcher link = LINK.matcher(text);
    while (link.find()) {
      String target = link.group(1);
      if (!target.contains("://") && !leads(page, text, target)) {
        absent.add(target);
      }
    }
    studies(text).stream()
        .filter(study -> !Files.exists(Cli.root().resolve(study)))
        .forEach(absent::add);
    return absent;
  }

  private static boolean leads(Path page, String text, String target) throws IOException {
    int sharp = target.indexOf('#');
    String path = sharp < 0 ? target : target.substring(0, sharp);
    Path file = path.isEmpty() ? page : page.resolveSibling(path);
    if (sharp < 0 || (!path.isEmpty() && !Files.isRegularFile(file))) {
      return Files.exists(file);
    }
    Matcher heading = HEADING.matcher(path.isEmpty() ? text : Files.readString(file));
    return heading.results().anyMatch(h -> anchor(h.group(1)).equals(target.substring(sharp + 1)));
  }

  /** Returns the name that a heading has in links. */
  private static String anchor(String heading) {
    return heading
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  private static Set<String> studies(String text) {
    Set<String> studies = new TreeSet<>();
    STUDY.matcher(text).results().forEach(study -> studies.add(study.group()));
    return studies;
  }

  private static List<List<String>> commands(String text) {
    List<List<String>> commands = new ArrayList<>();
    Matcher command = COMMAND.matcher(text.replace("\\\n", " "));
    while (command.find()) {
      String line = command.group(1) != null ? command.group(1) : command.group(2);
      List<String> arguments = new ArrayList<>();
      Matcher argument = ARGUMENT.matcher(line.replaceFirst("\\s[#>].*", ""));
      while (argument.find()) {
        arguments.add(argument.group().replace("'", ""));
      }
      commands.add(arguments);
    }
    return commands;
  }
}
