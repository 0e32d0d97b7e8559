package io.secateur.cli;

import io.secateur.study.Stock;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code secateur store size}. */
@Command(
    name = "size",
    header = "Shows what takes how much room in a store.",
    description = {
      "By kinds of steps; tensors that several steps have in common are stored, and counted, once."
          + " Of a run that has ended also what it does not use."
    },
    footer = {"", "Example:", "  secateur store size --store shared-store"})
final class StoreSizeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StorePlace place = new StorePlace();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Stock stock = place.stock();
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, long[]> kind : stock.kinds().entrySet()) {
      rows.add(
          List.of(
              kind.getKey().isEmpty() ? "damaged" : kind.getKey(),
              Layout.count(kind.getValue()[0]),
              Layout.bytes(kind.getValue()[1])));
    }
    if (!rows.isEmpty()) {
      out.println(Layout.table(List.of("STEP", "COUNT>", "SIZE>"), rows));
    }
    out.println(sum(stock));
    if (stock.idleBytes() > 0) {
      out.println(
          Layout.bytes(stock.idleBytes())
              + " of it are needed by no step; 'store clean' frees them");
    }
    if (place.run().isPresent()) {
      out.println(
          Layout.counted(stock.unused(place.uses().keySet()).size(), "step")
              + " not used by "
              + place.run().get());
    }
    return 0;
  }

  /** Returns how much there is, in a line. */
  static String sum(Stock stock) {
    return "%s, %s in %s"
        .formatted(
            Layout.counted(stock.steps().size(), "step"),
            Layout.bytes(stock.bytes()),
            Layout.counted(stock.files(), "file"));
  }
}
