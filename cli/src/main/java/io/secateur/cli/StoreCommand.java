package io.secateur.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code secateur store}. */
@Command(
    name = "store",
    header = "Looks after stores: the folders of finished steps.",
    description = {
      "A run keeps every step that it has finished in its store, and takes from there what it"
          + " finds. Nothing in a store is ever removed unless 'store clean' is asked to."
    },
    subcommands = {
      StoreListCommand.class,
      StoreSizeCommand.class,
      StoreVerifyCommand.class,
      StoreCleanCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  secateur store list runs/quickstart",
      "  secateur store verify runs/quickstart",
      "  secateur store clean runs/quickstart --dry-run"
    })
final class StoreCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "'store' is followed by 'list', 'size', 'verify' or 'clean'");
  }
}
