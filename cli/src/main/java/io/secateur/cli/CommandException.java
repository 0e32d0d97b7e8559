package io.secateur.cli;

/** Ends a command with one line on standard error and an exit code. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What was typed cannot be done. */
  static CommandException badInput(String message) {
    return new CommandException(Main.BAD_INPUT, message);
  }

  /** What was typed was right, and doing it failed. */
  static CommandException failed(String message) {
    return new CommandException(Main.FAILED, message);
  }

  /** What was typed was right, and doing it failed with this. */
  static CommandException failed(String message, Throwable cause) {
    return new CommandException(Main.FAILED, message, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
