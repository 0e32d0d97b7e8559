package io.secateur.cli;

import com.google.inject.Injector;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Settings;
import io.secateur.report.Report;
import io.secateur.sparsity.Granularity;
import io.secateur.spi.Metric;
import io.secateur.spi.PruningMethod;
import io.secateur.study.Figure;
import io.secateur.study.RunOptions;
import io.secateur.study.RunOutcome;
import io.secateur.study.Studies;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur sensitivity}. */
@Command(
    name = "sensitivity",
    header = "Prunes each layer alone: what a metric loses by it.",
    description = {
      "Writes a study, a grid over layers and fractions, into the run's folder and runs it: what is"
          + " finished is not run again, whatever is asked next. Prints a table and what it shows;"
          + " leaves sensitivity.csv, a figure and the report, and with --target amounts.yaml: the"
          + " amounts per layer that reach that sparsity at the least predicted loss.",
      "",
      "Of a study, the model is taken as it stands at a label; steps that the study's own run has in"
          + " its store are taken from there."
    },
    footer = {
      "",
      "Examples:",
      "  secateur sensitivity quickstart --target 0.8",
      "  secateur sensitivity 'runs/quickstart#imp/1/0' --granularity output-units",
      "  secateur sensitivity study.yaml --group early/late --limit 1000",
      "  secateur sensitivity net.safetensors --model lenet-300-100 --set-data mnist",
      "  secateur sensitivity study.yaml --group attention='*attn*' --group mlp='*mlp*'"
    })
final class SensitivityCommand implements Callable<Integer> {
  private static final List<String> TENTHS =
      List.of("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "STUDY|CHECKPOINT",
      description = "A study, or a folder, a safetensors file, or RUN#arm/seed/round.")
  private String subject = "";

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      defaultValue = "l1",
      description = "What scores weights, as in a study file. Default: ${DEFAULT-VALUE}.")
  private String method = "l1";

  @Option(
      names = "--granularity",
      paramLabel = "UNIT",
      defaultValue = "element",
      description = {
        "What is removed as one: element, output-units, or"
            + " '{block: {height: 4, width: 4}}'. Default: ${DEFAULT-VALUE}."
      })
  private String granularity = "element";

  @Option(
      names = "--sparsity",
      paramLabel = "LIST",
      split = ",",
      description = "Fractions pruned of each layer. Default: 0.1,0.2 ... 0.9.")
  private List<String> fractions = List.of();

  @Option(
      names = "--group",
      paramLabel = "NAME=PATTERN",
      description = {
        "Prunes weights that match together: hidden='fc*,out.*'. Or early/late,"
            + " first/middle/last, kinds (of layers). May be given several times. Default: every"
            + " layer on its own."
      })
  private List<String> groups = List.of();

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      defaultValue = "accuracy",
      description = "What is lost. Default: ${DEFAULT-VALUE}.")
  private String metric = "accuracy";

  @Option(
      names = "--target",
      paramLabel = "SPARSITY",
      description = "Also writes amounts.yaml for this share of all prunable weights: 0.8.")
  private Optional<Double> target = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Measures on N test examples, spread over the split. Default: all.")
  private Optional<Integer> limit = Optional.empty();

  @Mixin private SensitivityOptions options = new SensitivityOptions();
  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private SetupOptions setup = new SetupOptions();

  @Override
  public Integer call() throws IOException {
    Injector injector = setup.injector();
    Catalogs catalogs = injector.getInstance(Catalogs.class);
    Studies studies = injector.getInstance(Studies.class);
    PruningMethod scores = Bound.plugin(method, PruningMethod.class, catalogs, "--method");
    Granularity unit = Bound.value(granularity, Granularity.class, catalogs, "--granularity");
    Metric lost = Bound.plugin(metric, Metric.class, catalogs, "--metric");
    SensitivitySubject start =
        new SensitivitySubject.Reader(injector, options, model).read(subject);
    boolean grouped = !groups.isEmpty();
    Map<String, List<String>> layers =
        new SweptLayers(start.architecture(), unit.coupled()).groups(groups);
    check(limit);
    SensitivityStudy study =
        new SensitivityStudy(
            start.name(),
            start.seeds(),
            start.threads(),
            start.data(),
            start.model(),
            start.before(),
            Settings.written(scores),
            Settings.written(unit),
            grouped ? "group" : "layer",
            layers,
            fractions(),
            Settings.written(lost),
            lost.quantities().get(0).name(),
            limit.map(OptionalInt::of).orElse(OptionalInt.empty()),
            checked(target));
    return run(studies, start, study);
  }

  private Integer run(Studies studies, SensitivitySubject start, SensitivityStudy study)
      throws IOException {
    Path folder = start.folder();
    Path file = folder.resolve("sensitivity.yaml");
    Files.createDirectories(folder);
    Files.writeString(file, study.text(Main.typed(spec)));
    PrintWriter err = spec.commandLine().getErr();
    err.println(start.told());
    err.flush();
    Progress progress = Progress.of(err, options.quiet(), false, options.workers());
    RunOptions how = new RunOptions().out(folder).workers(options.workers()).listener(progress);
    RunOutcome outcome =
        RunCommand.run(
            studies,
            file,
            start.store().map(how::store).orElse(how),
            progress,
            err,
            Main.typed(spec));
    Ending.print(Report.write(folder), spec.commandLine().getOut(), options.quiet());
    RunCommand.failures(outcome.info().failures(), options.quiet(), err);
    return outcome.exitCode();
  }

  private static void check(Optional<Integer> limit) {
    if (limit.orElse(1) < 1) {
      throw CommandException.badInput("--limit: at least 1 example, was " + limit.orElse(0));
    }
  }

  private static Optional<Double> checked(Optional<Double> target) {
    target.ifPresent(
        share -> {
          if (!(share > 0 && share < 1)) {
            throw CommandException.badInput(
                "--target: a share of the weights between 0 and 1, such as 0.8, was " + share);
          }
        });
    return target;
  }

  private List<String> fractions() {
    Set<String> read = new LinkedHashSet<>();
    for (String text : fractions.isEmpty() ? TENTHS : fractions) {
      double fraction = Figure.Sensitivity.fraction(text).orElse(0);
      if (fraction <= 0 || !read.add(new BigDecimal(text).stripTrailingZeros().toPlainString())) {
        throw CommandException.badInput(
            "--sparsity %s: expected fractions above 0 and up to 1, each once, as in 0.5,0.9"
                .formatted(text));
      }
    }
    return List.copyOf(read);
  }
}
