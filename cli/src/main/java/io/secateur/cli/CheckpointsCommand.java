package io.secateur.cli;

import com.google.inject.Guice;
import io.secateur.SecateurModule;
import io.secateur.study.CheckpointRef;
import io.secateur.study.Runs;
import io.secateur.study.Setup;
import java.nio.file.Path;
import java.util.List;
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
          + " last; RUN#arm/seed means the last of all, RUN#arm/seed/label the one of that label."
    },
    footer = {
      "",
      "Examples:",
      "  secateur checkpoints runs/quickstart",
      "  secateur inspect 'runs/quickstart#imp/1/3'"
    })
final class CheckpointsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", description = "The folder of a run.")
  private Path run = Path.of("");

  @Override
  public void run() {
    Runs runs = Guice.createInjector(new SecateurModule(new Setup())).getInstance(Runs.class);
    List<CheckpointRef> all = runs.checkpoints(run);
    List<List<String>> rows =
        all.stream()
            .map(
                each ->
                    List.of(
                        run + "#" + each.name(),
                        each.stage(),
                        each.label(),
                        each.branch().isEmpty() ? "" : "branch " + each.branch()))
            .toList();
    boolean plain = all.stream().allMatch(each -> each.label().isEmpty());
    boolean straight = all.stream().allMatch(each -> each.branch().isEmpty());
    int columns = straight ? plain ? 2 : 3 : 4;
    List<String> headings = List.of("checkpoint", "stage", "label", "branch");
    spec.commandLine()
        .getOut()
        .println(
            Layout.table(
                headings.subList(0, columns),
                rows.stream().map(row -> row.subList(0, columns)).toList()));
  }
}
