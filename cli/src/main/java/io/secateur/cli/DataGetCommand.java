package io.secateur.cli;

import io.secateur.data.DataLocations;
import io.secateur.data.Download;
import io.secateur.data.Publication;
import io.secateur.plugin.DidYouMean;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur data get}. */
@Command(
    name = "get",
    header = "Fetches a published data set.",
    description = {
      "From where its authors publish it, or a mirror that is commonly used; 'data list' says from"
          + " where, how large it is, and on which terms. Checksums are compared. What broke off is"
          + " gone on with when the same is typed again."
    },
    footer = {
      "",
      "Examples:",
      "  secateur data get mnist",
      "  secateur data get cifar10 --to data"
    })
final class DataGetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "As 'data list' calls it.")
  private List<String> names = List.of();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = {
        "Put it into a folder of its name in DIR, where --data DIR finds it. Default: the user's"
            + " cache, where it is always found."
      })
  private Optional<Path> to = Optional.empty();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Publication> asked = new ArrayList<>();
    for (String name : names) {
      asked.add(Publication.named(name).orElseThrow(() -> unknown(name)));
    }
    Path folder = to.orElseGet(() -> DataLocations.of(Optional.empty()).own());
    PrintWriter err = spec.commandLine().getErr();
    DownloadProgress progress = DownloadProgress.on(err);
    Interruption interruption =
        Interruption.announced(
            err,
            progress::undraw,
            "interrupted; what has arrived is kept. To go on: ",
            Main.typed(spec));
    try {
      for (Publication each : asked) {
        Path own = folder.resolve(each.name());
        new Download(progress).fetch(each, own);
        spec.commandLine().getOut().println(each.name() + " is in " + own);
      }
    } finally {
      progress.undraw();
      interruption.close();
    }
    return 0;
  }

  private static CommandException unknown(String name) {
    List<String> known = Publication.all().stream().map(Publication::name).toList();
    return CommandException.badInput(
        "no data set '%s' is fetched.%s There are: %s"
            .formatted(name, DidYouMean.among(name, known), String.join(", ", known)));
  }
}
