package io.secateur.cli;

import com.google.inject.Guice;
import io.secateur.SecateurModule;
import io.secateur.study.Archive;
import io.secateur.study.CheckpointRef;
import io.secateur.study.Runs;
import io.secateur.study.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur checkpoints}. */
@Command(
    name = "checkpoints",
    header = "Lists the checkpoints of a run.",
    description = {
      "Each as other commands name it. Where several stages of a round have one, the name means the"
          + " last; RUN#arm/seed means the last of all, RUN#arm/seed/label the one of that label. A"
          + " quantized one is marked int8."
    },
    footer = {
      "",
      "Examples:",
      "  secateur checkpoints runs/quickstart",
      "  secateur inspect 'runs/quickstart#imp/1/3'"
    })
final class CheckpointsCommand implements Runnable {
  /** How many columns are there in any case. */
  private static final int ALWAYS = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", description = "The folder of a run.")
  private Path run = Path.of("");

  @Override
  public void run() {
    Runs runs = Guice.createInjector(new SecateurModule(new Setup())).getInstance(Runs.class);
    List<CheckpointRef> all = runs.checkpoints(run);
    Optional<Archive> archive = archive();
    List<Function<CheckpointRef, String>> columns =
        List.of(
            each -> run + "#" + each.name(),
            CheckpointRef::stage,
            CheckpointRef::label,
            each -> each.branch().isEmpty() ? "" : "branch " + each.branch(),
            each -> numbers(archive, each));
    List<String> headings = List.of("checkpoint", "stage", "label", "branch", "numbers");
    List<String> shown = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    all.forEach(each -> rows.add(new ArrayList<>()));
    for (int column = 0; column < columns.size(); column++) {
      List<String> cells = all.stream().map(columns.get(column)).toList();
      // What no checkpoint has needs no column.
      if (column < ALWAYS || cells.stream().anyMatch(cell -> !cell.isEmpty())) {
        shown.add(headings.get(column));
        for (int row = 0; row < rows.size(); row++) {
          rows.get(row).add(cells.get(row));
        }
      }
    }
    spec.commandLine().getOut().println(Layout.table(shown, rows));
  }

  private Optional<Archive> archive() {
    try {
      return Optional.of(Archive.of(run));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static String numbers(Optional<Archive> archive, CheckpointRef checkpoint) {
    try {
      return archive.isPresent() && archive.get().quantized(checkpoint) ? "int8" : "";
    } catch (IOException gone) {
      // A list is a list without its store too.
      return "";
    }
  }
}
