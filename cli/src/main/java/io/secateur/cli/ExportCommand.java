package io.secateur.cli;

import io.secateur.model.Encoding;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.Format;
import io.secateur.study.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur export}. */
@Command(
    name = "export",
    header = "Writes a checkpoint for other programs.",
    description = {
      "Prints what was written, and what of the checkpoint the format does not hold. Formats are"
          + " plugins: 'secateur plugins' lists them, 'secateur describe torch' says more of one. A"
          + " Llama goes back into the files that it came from with hugging-face."
    },
    footer = {
      "",
      "Examples:",
      "  secateur export 'runs/quickstart#imp/1/3' --format torch -o half.pth",
      "  secateur export 'runs/quickstart#imp/1/3' --format safetensors -o half/",
      "  secateur export 'runs/quickstart#imp/1/3' --format safetensors \\",
      "      --encoding bitmask -o half.safetensors",
      "  secateur export 'runs/wanda-stories#wanda-0.5/0' --format hugging-face \\",
      "      -o half/"
    })
final class ExportCommand implements Callable<Integer> {
  private static final String SAFETENSORS = "safetensors";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "CHECKPOINT",
      description =
          "A folder, a safetensors file, RUN#arm/seed/round, or with --model a state dict.")
  private String checkpoint = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      description = "What is written: safetensors, torch, hugging-face, or that of a plugin.")
  private String format = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "OUT",
      required = true,
      description = "The file or folder to write: whole, or not at all.")
  private Path out = Path.of("");

  @Option(
      names = "--encoding",
      paramLabel = "ENCODING",
      description = {
        "Of a single file, that is with --format safetensors and an OUT that ends in"
            + " .safetensors: dense, coo, weights-and-masks, bitmask; of a quantized model int8 or"
            + " int8-bitmask. Default: dense, of a quantized model int8."
      })
  private Optional<String> encoding = Optional.empty();

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private PluginOptions plugins = new PluginOptions();

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(Path.of(checkpoint)) && !Runs.isReference(checkpoint)) {
      throw Subject.absent(checkpoint);
    }
    Catalogs catalogs = plugins.catalogs();
    String named = Bound.plugin(format, Format.class, catalogs, "--format").name();
    boolean file = named.equals(SAFETENSORS) && out.toString().endsWith(".safetensors");
    checkEncoding(file);
    NewPath.check("-o", out);
    ExportQuestion question =
        new ExportQuestion(
            checkpoint,
            model,
            format,
            file ? encoding.or(() -> Optional.of(Encoding.DENSE.label())) : Optional.empty(),
            encoding.isEmpty(),
            out,
            plugins.folders());
    print(
        ChildJvm.answer(
            "io.secateur.cli.ExportChild",
            question.asMap(),
            Runtime.getRuntime().availableProcessors(),
            "exports"));
    return 0;
  }

  private void checkEncoding(boolean file) {
    if (encoding.isEmpty()) {
      return;
    }
    String asked = encoding.get();
    List<String> labels = Arrays.stream(Encoding.values()).map(Encoding::label).toList();
    if (!labels.contains(asked)) {
      throw CommandException.badInput(
          "--encoding %s: there is no such encoding, there are %s"
              .formatted(asked, String.join(", ", labels)));
    }
    if (!file) {
      throw CommandException.badInput(
          ("--encoding %s: only a single safetensors file has one; use --format safetensors and let"
                  + " OUT end in .safetensors")
              .formatted(asked));
    }
  }

  private void print(Map<String, String> answer) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s as %s, written to %s:".formatted(checkpoint, answer.getOrDefault("as", format), out));
    List<List<String>> rows = new ArrayList<>();
    long bytes = 0;
    for (Path each : written()) {
      long size = Files.size(each);
      bytes += size;
      Path within = each.equals(out) ? out.getFileName() : out.relativize(each);
      rows.add(List.of("  " + within, Layout.bytes(size)));
    }
    if (rows.size() > 1) {
      rows.add(List.of("  together", Layout.bytes(bytes)));
    }
    Layout.table(List.of("", ">"), rows).lines().forEach(lines::add);
    lines.addAll(told(answer));
    lines.forEach(spec.commandLine().getOut()::println);
  }

  /** Returns what an answer says of the checkpoint. */
  static List<String> told(Map<String, String> answer) {
    List<String> lines = new ArrayList<>();
    int parameters = Integer.parseInt(answer.getOrDefault("parameters", "0"));
    long numbers = Long.parseLong(answer.getOrDefault("numbers", "0"));
    lines.add(
        "%s, %s numbers".formatted(Layout.counted(parameters, "tensor"), Layout.count(numbers)));
    answer.forEach(
        (name, line) -> {
          if (name.startsWith("w")) {
            lines.add("left behind: " + line);
          }
        });
    return lines;
  }

  private List<Path> written() throws IOException {
    try (Stream<Path> walk = Files.walk(out)) {
      return walk.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
  }
}
