package io.secateur.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur new}. */
@Command(
    name = "new",
    header = "Starts a study file from one that lies ready.",
    description = {
      "Copies it with its comments and gives it the file's name; never overwrites a file."
    },
    footer = {"", "Example:", "  secateur new --from quickstart mine.yaml"})
final class NewCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The file to write.")
  private Path file = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "STUDY",
      defaultValue = "quickstart",
      description = "A study file, or a name that 'studies' lists. Default: ${DEFAULT-VALUE}.")
  private String from = "quickstart";

  @Override
  public void run() {
    Path source = ShippedStudies.standard().resolve(from);
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw CommandException.badInput(
          "%s: a study is called as its file is, in letters, digits, '.', '_' and '-'"
              .formatted(file));
    }
    try {
      String text = Files.readString(source).replaceFirst("(?m)^study:.*$", "study: " + name);
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(
          file, "# Started from " + from + ".\n" + text, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw CommandException.badInput(file + ": is there already, and is not overwritten");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s is a copy of %s. What next:%n", file, source);
    out.printf("  secateur plan %s%n  secateur run %s%n", file, file);
  }
}
