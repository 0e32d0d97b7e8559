package io.secateur.cli;

import com.google.inject.ProvisionException;
import io.secateur.model.MalformedFileException;
import io.secateur.plugin.PluginException;
import io.secateur.study.StudyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says on standard error why a command ended, and with which exit code. Faults of a file stand as
 * compilers print them, {@code file:line:column: message}; everything else starts with the
 * program's name.
 */
final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final Pattern PLACED = Pattern.compile("\\S.*:\\d+:\\d+: .+");

  @Override
  public int handleParseException(ParameterException fault, String[] arguments) {
    CommandLine command = fault.getCommandLine();
    PrintWriter err = command.getErr();
    say(err, message(fault));
    UnmatchedArgumentException.printSuggestions(fault, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName(" ") + " --help'.");
    err.flush();
    return Main.BAD_INPUT;
  }

  private static String message(ParameterException fault) {
    if (fault instanceof UnmatchedArgumentException unmatched
        && !fault.getCommandLine().getSubcommands().isEmpty()
        && !unmatched.isUnknownOption()) {
      return "there is no command '" + unmatched.getUnmatched().get(0) + "'";
    }
    return Objects.requireNonNullElse(fault.getMessage(), "the arguments cannot be read");
  }

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    Exception fault = unwrapped(thrown);
    PrintWriter err = command.getErr();
    if (!Interruption.isUnderWay()) {
      lines(fault).forEach(line -> say(err, line));
      if (Main.wantsStackTrace(command)) {
        thrown.printStackTrace(err);
      }
      err.flush();
    }
    return exitCode(fault);
  }

  /** What the composition root could not make has its reason in the cause. */
  private static Exception unwrapped(Exception thrown) {
    return thrown instanceof ProvisionException && thrown.getCause() instanceof Exception cause
        ? cause
        : thrown;
  }

  /** Prints a line, led by the program's name unless it already says where it stands. */
  static void say(PrintWriter err, String line) {
    err.println(PLACED.matcher(line).matches() ? line : "secateur: " + line);
    err.flush();
  }

  /** Returns the exit code that something thrown calls for. */
  static int exitCode(Exception fault) {
    if (fault instanceof CommandException ended) {
      return ended.exitCode();
    }
    Throwable cause = fault instanceof UncheckedIOException ? cause(fault) : fault;
    boolean input =
        cause instanceof StudyException
            || cause instanceof PluginException
            || cause instanceof IllegalArgumentException
            || cause instanceof FileSystemException
            || cause instanceof java.io.FileNotFoundException
            || cause instanceof MalformedFileException;
    return input ? Main.BAD_INPUT : Main.FAILED;
  }

  /** Returns what to say of something thrown, a line each. */
  static List<String> lines(Exception fault) {
    if (fault instanceof StudyException study) {
      return study.faults();
    }
    return line(fault).lines().toList();
  }

  private static String line(Throwable fault) {
    String message = fault.getMessage();
    if (fault instanceof UncheckedIOException) {
      // A message of its own says more than the file's name that its cause has.
      Throwable cause = cause(fault);
      return message == null || message.equals(cause.toString()) ? line(cause) : message;
    }
    if (fault instanceof FileSystemException file) {
      return line(file);
    }
    boolean speaks =
        fault instanceof CommandException
            || fault instanceof PluginException
            || fault instanceof IllegalArgumentException
            || fault instanceof IOException;
    if (speaks && message != null && !message.isBlank()) {
      return message;
    }
    return "failed unexpectedly: %s; --stacktrace shows where".formatted(fault);
  }

  private static String line(FileSystemException fault) {
    String file = Objects.requireNonNullElse(fault.getFile(), "a file");
    String reason = fault.getReason();
    if (reason != null && !reason.isBlank()) {
      return file + ": " + reason;
    }
    if (fault instanceof NoSuchFileException) {
      return file + ": there is no such file or folder";
    }
    if (fault instanceof AccessDeniedException) {
      return file + ": permission denied";
    }
    if (fault instanceof FileAlreadyExistsException) {
      return file + ": is there already";
    }
    if (fault instanceof NotDirectoryException) {
      return file + ": is not a folder";
    }
    return file + ": " + fault.getClass().getSimpleName();
  }

  private static Throwable cause(Throwable fault) {
    return Objects.requireNonNullElse(fault.getCause(), fault);
  }
}
