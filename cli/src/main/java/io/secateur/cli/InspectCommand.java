package io.secateur.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import io.secateur.SecateurModule;
import io.secateur.plugin.Catalogs;
import io.secateur.study.Runs;
import io.secateur.study.Setup;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur inspect}. */
@Command(
    name = "inspect",
    header = "Shows what a model consists of, or how two differ.",
    description = {
      "Layers, shapes, parameters, those that are not zero, sparsity, multiply-accumulates, and the"
          + " size in each encoding. Of two checkpoints: which parameters are equal, the largest"
          + " difference, and how far the masks agree."
    },
    footer = {
      "",
      "Examples:",
      "  secateur inspect lenet-300-100",
      "  secateur inspect mnist-cnn --groups",
      "  secateur inspect 'runs/quickstart#imp/1/3'",
      "  secateur inspect 'runs/quickstart#imp/1/3' 'runs/quickstart#one-shot/1/3'",
      "  secateur inspect 'runs/quickstart#imp/1/3' --values out"
    })
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "CHECKPOINT|MODEL",
      description = "A folder, a safetensors file, RUN#arm/seed/round, or a model's name.")
  private String subject = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OTHER",
      description = "A checkpoint to compare with.")
  private Optional<String> other = Optional.empty();

  @Option(
      names = "--values",
      paramLabel = "LAYER",
      description = "Print the weight and the mask of a layer, or of a parameter by its name.")
  private Optional<String> values = Optional.empty();

  @Option(names = "--all", description = "With --values: print every row and column.")
  private boolean all;

  @Option(
      names = "--groups",
      description = "Print the units that can only go together, and why some cannot go.")
  private boolean groups;

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private PluginOptions plugins = new PluginOptions();

  @Override
  public Integer call() throws IOException {
    Injector injector =
        Guice.createInjector(
            new SecateurModule(new Setup(plugins.folders(), Optional.empty(), "cpu")));
    Subject.Reader reader =
        new Subject.Reader(
            injector.getInstance(Runs.class), injector.getInstance(Catalogs.class), model);
    PrintWriter out = spec.commandLine().getOut();
    lines(reader).forEach(out::println);
    return 0;
  }

  private List<String> lines(Subject.Reader reader) throws IOException {
    if (other.isPresent()) {
      return Comparison.lines(
          subject, reader.checkpoint(subject), other.get(), reader.checkpoint(other.get()));
    }
    Subject read = reader.subject(subject);
    if (groups) {
      return Groups.lines(read);
    }
    if (values.isEmpty()) {
      return Anatomy.lines(read);
    }
    if (read.checkpoint().isEmpty()) {
      throw CommandException.badInput(
          "--values %s: %s is a model without numbers; name a checkpoint"
              .formatted(values.get(), subject));
    }
    return Values.lines(read.checkpoint().get(), values.get(), all);
  }
}
