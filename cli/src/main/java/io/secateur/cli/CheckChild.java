package io.secateur.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import io.secateur.SecateurModule;
import io.secateur.conformance.Conformance;
import io.secateur.conformance.Findings;
import io.secateur.conformance.Rule;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Plugin;
import io.secateur.study.Setup;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A child that tries a plugin by the rules of its kind. */
final class CheckChild {
  private CheckChild() {}

  /** Answers the question in the file named first into the file named second. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> answered;
    try {
      answered = answer(ChildFiles.read(Path.of(arguments[0])));
    } catch (ReflectiveOperationException | RuntimeException e) {
      answered = Map.of("violation 0", "it cannot be checked: " + e);
    }
    ChildFiles.write(answered, Path.of(arguments[1]));
    // Not exit: natives need no farewell, and threads of plugins must not delay it.
    Runtime.getRuntime().halt(0);
  }

  private static Map<String, String> answer(Map<String, String> question)
      throws ReflectiveOperationException {
    String folders = question.getOrDefault("plugins", "");
    Setup setup =
        new Setup(
            folders.isEmpty()
                ? List.of()
                : Arrays.stream(folders.split(File.pathSeparator, -1)).map(Path::of).toList(),
            Optional.ofNullable(question.get("data")).map(Path::of),
            "cpu");
    Injector injector = Guice.createInjector(new SecateurModule(setup));
    Catalogs catalogs = injector.getInstance(Catalogs.class);
    Class<? extends Plugin> kind =
        Class.forName(question.getOrDefault("kind", "")).asSubclass(Plugin.class);
    Plugin plugin = Bound.plugin(question.getOrDefault("plugin", ""), kind, catalogs, "the plugin");
    Conformance conformance = new Conformance(catalogs, injector.getInstance(DataFiles.class));
    Map<String, String> answer = new LinkedHashMap<>();
    List<Rule> rules = conformance.rules(plugin);
    answer.put("rules", Integer.toString(rules.size()));
    for (Rule rule : rules) {
      Findings findings = rule.check();
      findings
          .violations()
          .forEach(each -> answer.put("violation %04d".formatted(answer.size()), "" + each));
      findings.untried().forEach(each -> answer.put("untried %04d".formatted(answer.size()), each));
    }
    return answer;
  }
}
