package io.secateur.cli;

import com.google.inject.Injector;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code secateur doctor}. */
@Command(
    name = "doctor",
    header = "Says whether this machine has all it takes.",
    description = {
      "Java, the engine and its natives, devices, threads, memory, disk, caches, the data sets and"
          + " where they are looked for, and plugins; what to do where something is missing. Exit"
          + " code 1 when nothing would run."
    },
    footer = {"", "Example:", "  secateur doctor --data /srv/data"})
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SetupOptions setup = new SetupOptions();

  @Override
  public Integer call() throws IOException {
    Injector injector = setup.injector();
    List<Check> checks = new ArrayList<>(MachineChecks.all());
    checks.addAll(
        DataChecks.all(
            injector.getInstance(Catalogs.class), injector.getInstance(DataFiles.class)));
    PrintWriter out = spec.commandLine().getOut();
    Ansi ansi = spec.commandLine().getColorScheme().ansi();
    checks.forEach(check -> print(check, out, ansi));
    return checks.stream().anyMatch(check -> check.state() == Check.State.MISSING)
        ? Main.FAILED
        : 0;
  }

  private static void print(Check check, PrintWriter out, Ansi ansi) {
    String colour =
        switch (check.state()) {
          case OK -> "green";
          case ABSENT -> "yellow";
          case MISSING -> "red";
        };
    String state = "%-7s".formatted(check.state().name().toLowerCase(Locale.ROOT));
    List<String> lines =
        Layout.wrapped(check.what() + ": " + check.found(), " ".repeat(9), Layout.WIDTH);
    out.println(ansi.string("@|" + colour + " " + state + "|@") + "  " + lines.get(0).strip());
    lines.subList(1, lines.size()).forEach(out::println);
    if (!check.advice().isEmpty()) {
      Layout.wrapped("-> " + check.advice(), " ".repeat(9), Layout.WIDTH).forEach(out::println);
    }
  }
}
