package io.secateur.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command {@code secateur}.
 *
 * <p>Exit codes: 0 done, 1 failed while running, 2 bad input.
 */
@Command(
    name = "secateur",
    description = "Prunes neural networks: studies from a file to a report.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Without a command: the usage. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param arguments as typed, without the program's name
   */
  public static void main(String... arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
