package io.secateur.cli;

import io.secateur.study.Stock;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code secateur store verify}. */
@Command(
    name = "verify",
    header = "Reads a whole store, and names what is not as it was written.",
    description = {
      "Every manifest and every file is compared with its checksum. Exit code 1 when one differs or"
          + " is missing: running the study again mends it."
    },
    footer = {"", "Example:", "  secateur store verify runs/quickstart"})
final class StoreVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StorePlace place = new StorePlace();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Stock stock = place.stock();
    List<String> damage = stock.damage();
    damage.forEach(out::println);
    if (damage.isEmpty()) {
      out.println(StoreSizeCommand.sum(stock) + ": all as they were written");
      return 0;
    }
    out.println(
        StoreSizeCommand.sum(stock)
            + ": "
            + damage.size()
            + " damaged, see above; running the study again mends them");
    return Main.FAILED;
  }
}
