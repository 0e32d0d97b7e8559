package io.secateur.cli;

import io.secateur.study.Plan;
import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import io.secateur.study.Studies;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code secateur plan}. */
@Command(
    name = "plan",
    header = "Shows what a run of a study would do, and runs nothing.",
    description = {
      "A tree of its steps with their settings and unit counts, what is done already, and what the"
          + " rest takes in time and on disk. Options are those of 'run', so that its command can be"
          + " tried first."
    },
    footer = {"", "Example:", "  secateur plan quickstart --seeds 1..5"})
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StudyOptions study = new StudyOptions();

  @Option(
      names = {"-v", "--verbose"},
      description = "Also print which weights lose units together, and how many of how many.")
  private boolean verbose;

  @Override
  public Integer call() throws IOException {
    Studies studies = study.setup().injector().getInstance(Studies.class);
    RunOptions options = study.options(RunListener.SILENT);
    Plan plan = studies.plan(studies.read(study.file(), options));
    spec.commandLine().getOut().println(studies.tree(plan, options, verbose).stripTrailing());
    return 0;
  }
}
