package io.secateur.cli;

import com.google.inject.Injector;
import io.secateur.study.Plan;
import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import io.secateur.study.Runs;
import io.secateur.study.Stock;
import io.secateur.study.StoredStep;
import io.secateur.study.Studies;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur store clean}. */
@Command(
    name = "clean",
    header = "Removes the steps of a store that nothing named uses.",
    description = {
      "Name every run and study whose steps are to stay: what none of them uses is listed and"
          + " removed. A study counts as its file is now, a run as it last ended. While a run is at"
          + " work in the store nothing is removed."
    },
    footer = {
      "",
      "Examples:",
      "  secateur store clean runs/quickstart --dry-run",
      "  secateur store clean runs/one runs/two next.yaml --store shared-store"
    })
final class StoreCleanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN|STUDY",
      description = "Folders of runs, study files, and names of shipped studies.")
  private List<String> keep = List.of();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "The store. Default: that of the first run named.")
  private Optional<Path> store = Optional.empty();

  @Option(names = "--dry-run", description = "List what would be removed, and remove nothing.")
  private boolean dry;

  @Mixin private SetupOptions setup = new SetupOptions();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Injector injector = setup.injector();
    Runs runs = injector.getInstance(Runs.class);
    Set<String> used = new HashSet<>();
    List<Path> folders = new ArrayList<>();
    for (String name : keep) {
      if (Files.isDirectory(Path.of(name))) {
        folders.add(Path.of(name));
        used.addAll(runs.uses(Path.of(name)).keySet());
      } else {
        used.addAll(planned(name, injector.getInstance(Studies.class)));
      }
    }
    Path folder =
        store
            .or(() -> folders.stream().findFirst().map(runs::store))
            .orElseThrow(
                () -> CommandException.badInput("studies alone name no store; give it by --store"));
    Stock stock = dry ? new Stock(folder) : Stock.open(folder, injector.getInstance(Clock.class));
    clean(stock, used, out);
    return 0;
  }

  private static Set<String> planned(String name, Studies studies) {
    Path file = ShippedStudies.standard().resolve(name);
    RunOptions options = new RunOptions().listener(RunListener.SILENT);
    Set<String> keys = new HashSet<>();
    for (Plan.Node node : studies.plan(studies.read(file, options)).nodes()) {
      keys.add(node.key());
    }
    return keys;
  }

  private void clean(Stock stock, Set<String> used, PrintWriter out) throws IOException {
    List<StoredStep> unused = stock.unused(used);
    Set<String> keys = new HashSet<>();
    unused.forEach(step -> keys.add(step.key()));
    long bytes = stock.bytesWithout(keys);
    if (unused.isEmpty() && bytes == 0) {
      out.println("nothing to remove: all of " + StoreSizeCommand.sum(stock) + " is used");
      return;
    }
    StoreListCommand.print(unused, Map.of(), out);
    String what =
        "%d of %s, %s"
            .formatted(
                unused.size(), Layout.counted(stock.steps().size(), "step"), Layout.bytes(bytes));
    if (dry) {
      out.println("would remove " + what);
      return;
    }
    out.println("removing " + what);
    out.flush();
    out.println("freed " + Layout.bytes(stock.remove(unused)));
  }
}
