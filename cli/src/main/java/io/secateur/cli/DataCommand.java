package io.secateur.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code secateur data}. */
@Command(
    name = "data",
    header = "Lists data sets, and fetches published ones.",
    description = {
      "Nothing is ever fetched unless 'data get' asks for it. Your own tables and images need no"
          + " fetching: 'describe csv' and 'describe image-folder' say how a study names them."
    },
    subcommands = {DataListCommand.class, DataGetCommand.class},
    footer = {"", "Examples:", "  secateur data list", "  secateur data get mnist"})
final class DataCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "'data' is followed by 'list' or 'get'");
  }
}
