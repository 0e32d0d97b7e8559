package io.secateur.cli;

import io.secateur.model.TensorArchive;
import io.secateur.plugin.Catalogs;
import io.secateur.prune.FilePruning;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ScoringMethod;
import io.secateur.study.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** A child that prunes tensors in files. */
final class PruneChild {
  private PruneChild() {}

  /** Answers the question in the file named first into the file named second. */
  public static void main(String[] arguments) throws IOException {
    PruneQuestion question = PruneQuestion.of(ChildFiles.read(Path.of(arguments[0])));
    Map<String, String> answered;
    try {
      answered = answer(question, Path.of(arguments[1]));
    } catch (IOException | RuntimeException e) {
      answered =
          Map.of(
              "error",
              String.join("\n", Errors.lines(e)),
              "exit",
              Integer.toString(Errors.exitCode(e)));
    }
    ChildFiles.write(answered, Path.of(arguments[1]));
    // Not exit: natives need no farewell, and threads of plugins must not delay it.
    Runtime.getRuntime().halt(0);
  }

  /** Counts stand under their place in the order of the archive, warnings behind a letter. */
  private static Map<String, String> answer(PruneQuestion question, Path to) throws IOException {
    Catalogs catalogs =
        Catalogs.load(
            question.plugins().isEmpty() ? Catalogs.standardFolders() : question.plugins());
    FilePruning pruning =
        new FilePruning(
            Bound.plugin(question.method(), ScoringMethod.class, catalogs, "--method"),
            Bound.value(question.scope(), Scope.class, catalogs, "--scope"),
            Bound.value(question.amount(), Amount.class, catalogs, "--amount"),
            // As a study's stages that stand in no rounds have them.
            name -> Seeds.of(question.seed(), "random " + name, 0));
    FilePruning.Outcome outcome =
        pruning.run(
            TensorArchive.open(question.file(), question.within()),
            new HashSet<>(question.names()),
            question.to(),
            (pass, last, done, total) ->
                ChildFiles.progress(to, new PruneProgress.State(pass, last, done, total).text()));
    Map<String, String> answer = new LinkedHashMap<>();
    for (FilePruning.Count count : outcome.counts()) {
      answer.put(
          "%08d".formatted(answer.size()),
          "%d %d %d %s".formatted(count.before(), count.pruned(), count.weights(), count.name()));
    }
    for (String warning : outcome.warnings()) {
      answer.put("w%08d".formatted(answer.size()), warning);
    }
    return answer;
  }
}
