package io.secateur.cli;

import io.secateur.study.Stock;
import io.secateur.study.StoredStep;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code secateur store list}. */
@Command(
    name = "list",
    header = "Lists the steps of a store, oldest first.",
    description = {
      "Of each the first digits of its key, what it is, the size of its tensors (files that steps"
          + " have in common count for each), how long it took and when. Of a run that has ended"
          + " also the arm, seed and round that it first serves; - is a step that it does not use."
    },
    footer = {"", "Example:", "  secateur store list runs/quickstart"})
final class StoreListCommand implements Callable<Integer> {
  /** As many digits of a key as tell steps apart; 'warning: stored step …' shows eight. */
  static final int DIGITS = 12;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StorePlace place = new StorePlace();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Stock stock = place.stock();
    print(stock.steps(), place.uses(), out);
    out.println(StoreSizeCommand.sum(stock));
    return 0;
  }

  /**
   * Prints a table.
   *
   * @param uses the steps of a run, each with its place; without any no places are shown
   */
  static void print(List<StoredStep> steps, Map<String, String> uses, PrintWriter out) {
    List<String> headings = new ArrayList<>(List.of("KEY", "STEP"));
    if (!uses.isEmpty()) {
      headings.add("PLACE");
    }
    headings.addAll(List.of("SIZE>", "TOOK>", "STARTED"));
    List<List<String>> rows = new ArrayList<>();
    for (StoredStep step : steps.stream().sorted(Comparator.comparing(StoredStep::at)).toList()) {
      List<String> row = new ArrayList<>();
      row.add(step.key().substring(0, Math.min(DIGITS, step.key().length())));
      row.add(step.damage().isPresent() ? "damaged" : step.what());
      if (!uses.isEmpty()) {
        row.add(uses.getOrDefault(step.key(), "-"));
      }
      row.add(step.bytes() == 0 ? "" : Layout.bytes(step.bytes()));
      row.add(step.damage().isPresent() ? "" : Layout.duration(step.seconds()));
      row.add(step.at().replaceFirst("(\\d\\d:\\d\\d:\\d\\d).*", "$1").replace('T', ' '));
      rows.add(row);
    }
    if (!rows.isEmpty()) {
      out.println(Layout.table(headings, rows));
    }
  }
}
