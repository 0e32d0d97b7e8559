package io.secateur.cli;

import io.secateur.model.Tensor;
import io.secateur.model.TensorArchive;
import io.secateur.plugin.Catalogs;
import io.secateur.prune.FilePruning;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur prune}. */
@Command(
    name = "prune",
    header = "Prunes a file of tensors, of any size, without a model or data.",
    description = {
      "Sets exactly as many numbers to 0 as are asked for; all other bytes stay as they are. Takes a"
          + " safetensors file, a folder as Hugging Face keeps it, or a file of torch.save or"
          + " TorchScript (a zip file, since PyTorch 1.6). It is read tensor by tensor, never into"
          + " memory as a whole; every number keeps its type.",
      "",
      "Pruned is every floating tensor of two or more dimensions; in a folder with a config.json not"
          + " its embeddings, heads and masks of attentions. What was chosen is printed. Zeros that are there count as"
          + " pruned before. With scope global, of equals the first in the file goes first."
    },
    footer = {
      "",
      "Examples:",
      "  secateur prune net.safetensors --amount 0.5 -o half.safetensors",
      "  secateur prune llama/ --pattern 2:4 -o llama-2-4/",
      "  secateur prune net.safetensors --scope layer --amount 0.8 --exclude 'head.*'",
      "      --dry-run",
      "  secateur prune train.pth --within state_dict --amount 0.5 -o half.pth"
    })
final class PruneCommand implements Callable<Integer> {
  private static final Pattern N_OF_M = Pattern.compile("([0-9]{1,4}):([0-9]{1,4})");

  /** Of tensors with fewer bytes nobody needs to be told how far they are. */
  private static final long LARGE = 1L << 28;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "CHECKPOINT", description = "The file or folder.")
  private Path file = Path.of("");

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      defaultValue = "l1",
      description =
          "What scores weights, as in a study file; one that needs no data. Default:"
              + " ${DEFAULT-VALUE}.")
  private String method = "l1";

  @Option(
      names = "--scope",
      paramLabel = "layer|global|row",
      description =
          "Who competes: the numbers of a tensor, of all tensors, of a row. Default: global.")
  private Optional<String> scope = Optional.empty();

  @Option(
      names = "--amount",
      paramLabel = "AMOUNT",
      description =
          "How much goes, as in a study file: 0.5, or '{of-remaining: 0.2}', '{count: 100}',"
              + " '{below: 0.01}'.")
  private Optional<String> amount = Optional.empty();

  @Option(
      names = "--pattern",
      paramLabel = "N:M",
      description =
          "In place of scope and amount: of every M inputs of a row that follow each other (at one"
              + " position of a kernel), N stay. If the width is no multiple of M, the last group"
              + " has the r inputs that are left, and r - rint((1 - N/M) r) of them stay, half to"
              + " even: never more than N.")
  private Optional<String> pattern = Optional.empty();

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description =
          "Prunes the tensors whose names match, and no others: '*.mlp.*'. May be given several"
              + " times.")
  private List<String> include = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "Tensors that stay as they are. May be given several times.")
  private List<String> exclude = List.of();

  @Option(
      names = "--within",
      paramLabel = "KEY",
      defaultValue = "",
      description =
          "Of a file of torch.save with several dicts: the one that is pruned, as in state_dict.")
  private String within = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The seed of random methods. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "OUT",
      description = "The file or folder to write: whole, or not at all.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--report", paramLabel = "FILE", description = "Also writes the table as JSON.")
  private Optional<Path> report = Optional.empty();

  @Option(
      names = {"-q", "--quiet"},
      description = "Does not show how the pruning of a large file gets on.")
  private boolean quiet;

  @Option(names = "--dry-run", description = "Prints the table and writes nothing.")
  private boolean dryRun;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine. Default: all processors.")
  private Optional<Integer> threads = Optional.empty();

  @Mixin private PluginOptions plugins = new PluginOptions();

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(file)) {
      throw CommandException.badInput(file + ": there is no such file or folder");
    }
    Catalogs catalogs = plugins.catalogs();
    FilePruning.fault(Bound.plugin(method, PruningMethod.class, catalogs, "--method"))
        .ifPresent(
            fault -> {
              throw CommandException.badInput("--method " + method + ": " + fault);
            });
    checkOut();
    int lanes = threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    if (lanes < 1) {
      throw CommandException.badInput("--threads: at least 1, was " + lanes);
    }
    String competing = scope(catalogs);
    String much = amount(catalogs);
    TensorArchive archive = TensorArchive.open(file, within);
    boolean ends = Files.isRegularFile(file.resolve("config.json"));
    ChosenTensors chosen = ChosenTensors.of(archive, include, exclude, ends);
    if (chosen.names().isEmpty()) {
      throw CommandException.badInput(
          file + ": nothing is left to prune; " + String.join("; ", chosen.lines()));
    }
    PruneQuestion question =
        new PruneQuestion(
            file,
            within,
            method,
            competing,
            much,
            seed,
            chosen.names(),
            plugins.folders(),
            dryRun ? Optional.empty() : out);
    Map<String, String> answer = ask(question, lanes, archive);
    PruneReport pruned = PruneReport.of(question, archive.tensors(), chosen, answer);
    pruned.lines().forEach(spec.commandLine().getOut()::println);
    if (report.isPresent()) {
      Files.writeString(report.get(), pruned.json());
    }
    return 0;
  }

  private void checkOut() {
    report.ifPresent(to -> NewPath.requireFolder("--report", to));
    if (dryRun) {
      return;
    }
    Path to =
        out.orElseThrow(
            () ->
                CommandException.badInput(
                    "say where the result goes, as in -o half.safetensors, or --dry-run to see what"
                        + " would be pruned"));
    NewPath.check("-o", to);
  }

  private String scope(Catalogs catalogs) {
    if (pattern.isPresent()) {
      return "{tile: %d}".formatted(group(2));
    }
    String text = scope.orElse("global");
    Bound.value(text, Scope.class, catalogs, "--scope");
    return text;
  }

  private String amount(Catalogs catalogs) {
    if (pattern.isPresent()) {
      return Double.toString(1 - (double) group(1) / group(2));
    }
    String text =
        amount.orElseThrow(
            () ->
                CommandException.badInput(
                    "say how much goes, as in --amount 0.5 or --pattern 2:4"));
    Bound.value(text, Amount.class, catalogs, "--amount");
    return text;
  }

  /** Returns N or M of the pattern. */
  private int group(int which) {
    String text = pattern.orElse("");
    Matcher matcher = N_OF_M.matcher(text);
    boolean fine = matcher.matches();
    int n = fine ? Integer.parseInt(matcher.group(1)) : 0;
    int m = fine ? Integer.parseInt(matcher.group(2)) : 0;
    if (n < 1 || n >= m) {
      throw CommandException.badInput(
          "--pattern %s: write how many of how many stay, as in 2:4".formatted(text));
    }
    if (scope.isPresent() || amount.isPresent()) {
      throw CommandException.badInput(
          "--pattern %s says who competes and how much goes; leave --scope and --amount out"
              .formatted(text));
    }
    return which == 1 ? n : m;
  }

  private Map<String, String> ask(PruneQuestion question, int lanes, TensorArchive archive)
      throws IOException {
    long bytes =
        question.names().stream()
            .map(name -> Objects.requireNonNull(archive.tensors().get(name)))
            .mapToLong(Tensor::bytes)
            .sum();
    try (PruneProgress progress =
        PruneProgress.of(spec.commandLine().getErr(), file, quiet || bytes < LARGE)) {
      return ChildJvm.answer(
          "io.secateur.cli.PruneChild", question.asMap(), lanes, "prunes", progress::show);
    }
  }
}
