package io.secateur.cli;

import io.secateur.plugin.Broken;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.DidYouMean;
import io.secateur.study.Figure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur describe}. */
@Command(
    name = "describe",
    header = "Says what a plugin does and how it is set.",
    description = {
      "Equation, paper, why it should work; settings with their defaults and what may be written;"
          + " what it needs and what it gives. Methods, schedules, stages, recipes, metrics, models,"
          + " data sets and formats alike; 'plugins' lists them. The figures of a report, too:"
          + " sparsity-accuracy, disk-size-accuracy, latency-accuracy, onnx-latency-accuracy,"
          + " parameters-accuracy, macs-accuracy, compression-accuracy, curve, layer-sparsity,"
          + " training-curves, kernels, weight-histograms, masks, samples, sensitivity."
    },
    footer = {
      "",
      "Examples:",
      "  secateur describe l1",
      "  secateur describe imp",
      "  secateur describe kernels"
    })
final class DescribeCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PluginOptions options = new PluginOptions();

  @Parameters(paramLabel = "NAME", description = "The name, as study files write it.")
  private String name = "";

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Catalogs catalogs = options.catalogs();
    List<List<String>> descriptions = new ArrayList<>();
    catalogs.everywhere(name).forEach(e -> descriptions.add(Descriptions.lines(e, catalogs)));
    Figure.examples().stream()
        .filter(figure -> figure.name().equals(name))
        .forEach(figure -> descriptions.add(Descriptions.lines(figure, catalogs)));
    if (descriptions.isEmpty()) {
      throw CommandException.badInput(absence(catalogs));
    }
    for (int i = 0; i < descriptions.size(); i++) {
      if (i > 0) {
        out.println();
      }
      descriptions.get(i).forEach(out::println);
    }
  }

  private String absence(Catalogs catalogs) {
    List<String> names =
        Stream.concat(
                catalogs.all().stream().flatMap(catalog -> catalog.names().stream()),
                Figure.names().stream())
            .distinct()
            .sorted()
            .toList();
    StringBuilder message = new StringBuilder("there is no plugin or figure '" + name + "'.");
    message.append(DidYouMean.among(name, names));
    message.append(" There are: ").append(String.join(", ", names)).append('.');
    for (Broken broken : catalogs.broken()) {
      message.append(" Could not be loaded: ").append(broken).append('.');
    }
    return message.toString();
  }
}
