package io.secateur.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code secateur}.
 *
 * <p>Exit codes: 0 done, 1 failed while running, 2 bad input. A damaged file that planning or the
 * command reads is bad input; one that a step of a study finds damaged fails that step. Results go
 * to standard output, progress and errors to standard error. What a command needs it makes when it
 * runs, so that help is there at once.
 */
@Command(
    name = "secateur",
    header = "Prunes neural networks: from a study file to a report.",
    description = "With no command: what this is, and three commands to try.",
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      ReportCommand.class,
      CheckpointsCommand.class,
      StoreCommand.class,
      InspectCommand.class,
      EvaluateCommand.class,
      MeasureCommand.class,
      SensitivityCommand.class,
      QuantizeCommand.class,
      PruneCommand.class,
      ExportCommand.class,
      PluginsCommand.class,
      DescribeCommand.class,
      SchemaCommand.class,
      StudiesCommand.class,
      NewCommand.class,
      DataCommand.class,
      DoctorCommand.class,
      JshellCommand.class,
      AutoComplete.GenerateCompletion.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 failed while running, 2 bad input.",
      "A CHECKPOINT is a path, or RUN#arm/seed/round: runs/quickstart#imp/1/3."
    })
public final class Main implements Runnable {
  /** Exit code when a command failed while running. */
  static final int FAILED = 1;

  /** Exit code when what was typed, or a file that it names, is wrong. */
  static final int BAD_INPUT = 2;

  private static final List<String> PICOCLI = List.of("help", "generate-completion");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "With an error, also print where in the program it arose.")
  private boolean stacktrace;

  /** Without a command: what this is, and what to try. */
  @Override
  public void run() {
    String self = self();
    String study =
        Files.exists(Path.of("studies/quickstart.yaml")) ? "studies/quickstart.yaml" : "quickstart";
    List.of(
            "Secateur prunes neural networks. A study file names data, a model and what is",
            "compared; Secateur trains, prunes, rewinds and measures, and writes a report.",
            "",
            "Try:",
            "  %-39s  a first study, on digits it draws".formatted(self + " run " + study),
            "  %-39s  what a study file can name".formatted(self + " plugins"),
            "  %-39s  whether this machine has all it takes".formatted(self + " doctor"),
            "",
            "'%s --help' lists all commands.".formatted(self))
        .forEach(spec.commandLine().getOut()::println);
  }

  /** Returns the command line, ready to execute. */
  static CommandLine commandLine() {
    CommandLine main = new CommandLine(new Main());
    dress(main);
    main.getSubcommands().values().forEach(Main::dress);
    // What follows is jshell's to understand.
    Objects.requireNonNull(main.getSubcommands().get("jshell"))
        .setUnmatchedOptionsArePositionalParams(true)
        .setStopAtPositional(true);
    Errors errors = new Errors();
    return main.setParameterExceptionHandler(errors).setExecutionExceptionHandler(errors);
  }

  /** Gives a command what all commands have. */
  private static void dress(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    if (PICOCLI.contains(spec.name())) {
      return;
    }
    command.getSubcommands().values().forEach(Main::dress);
    spec.mixinStandardHelpOptions(true);
    spec.versionProvider(new Version());
    spec.usageMessage()
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .parameterListHeading("%n")
        .optionListHeading("%n")
        .commandListHeading("%nCommands:%n")
        .descriptionHeading("%n");
  }

  /** Returns whether errors are to be shown with their stack trace. */
  static boolean wantsStackTrace(CommandLine command) {
    return command.getCommandSpec().root().userObject() instanceof Main main && main.stacktrace;
  }

  /** Returns the arguments of this call as one would type them again. */
  static String typed(CommandSpec spec) {
    StringBuilder line = new StringBuilder("secateur");
    for (String argument : spec.root().commandLine().getParseResult().originalArgs()) {
      boolean plain = argument.matches("[A-Za-z0-9_@%+=:,./-]+");
      line.append(' ').append(plain ? argument : "'" + argument.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }

  /** Returns how one calls this program from the working folder. */
  static String self() {
    boolean fromSources =
        System.getenv("SECATEUR_HOME") != null && Files.exists(Path.of("secateur"));
    return fromSources ? "./secateur" : "secateur";
  }

  /** Returns the folder of the installation, or of the sources; the working folder without one. */
  static Path home() {
    return Path.of(Objects.requireNonNullElse(System.getProperty("secateur.home"), ""));
  }

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param arguments as typed, without the program's name
   */
  public static void main(String... arguments) {
    System.exit(commandLine().execute(arguments));
  }
}
