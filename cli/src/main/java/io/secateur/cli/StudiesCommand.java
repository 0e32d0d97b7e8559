package io.secateur.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code secateur studies}. */
@Command(
    name = "studies",
    header = "Lists the studies that lie ready.",
    description = {
      "Those of studies/ in the working folder and in the installation: name, what it is, and what"
          + " it gave and cost where it was measured."
    },
    footer = {"", "Example:", "  secateur run quickstart"})
final class StudiesCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    List<ShippedStudies.Shipped> all = ShippedStudies.standard().all();
    if (all.isEmpty()) {
      out.println("There are none: neither studies/ here nor one in the installation.");
      return;
    }
    for (ShippedStudies.Shipped study : all) {
      out.println(study.name() + "  (" + study.file() + ")");
      for (String line : study.opening()) {
        Layout.wrapped(line, "    ", Layout.WIDTH).forEach(out::println);
      }
    }
  }
}
