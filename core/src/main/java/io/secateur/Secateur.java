package io.secateur;

import com.google.inject.Module;
import io.secateur.report.Report;
import io.secateur.report.Summary;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where programs start: everything that the command line does, in a line or a few.
 *
 * <pre>{@code
 * Secateur.study(Path.of("study.yaml")).out(Path.of("runs/mine")).run();
 *
 * Model pruned = Secateur.load("runs/mine#imp/1/3").prune("l1", 0.5);
 * System.out.println(pruned.summary());
 * }</pre>
 *
 * <p>Each method here starts a {@link Session} of its own, which looks for plugins; who makes many
 * calls, or wants other plugins, data or bindings, keeps one: {@link #session} or {@link #with}.
 */
public final class Secateur {
  private Secateur() {}

  /** Returns a session with the standard plugin folders and places for data, on the processor. */
  public static Session session() {
    return with();
  }

  /**
   * Returns a session in which some bindings of {@link SecateurModule} are replaced. The workers of
   * a study are processes of their own, which know nothing of that: who replaces what they use too
   * binds a {@link io.secateur.study.WorkerCommand} besides.
   */
  public static Session with(Module... overrides) {
    return new Session(overrides);
  }

  /** Returns what runs, plans or reports a study file. */
  public static StudyRun study(Path file) {
    return session().study(file);
  }

  /**
   * Reads a checkpoint into memory.
   *
   * @param name a folder, a file of any format that is read, or {@code RUN#arm/seed/round}
   * @throws IllegalArgumentException when there is no such checkpoint
   */
  public static Model load(String name) throws IOException {
    return session().load(name);
  }

  /**
   * Opens a model with its first parameters, as a study does.
   *
   * @param model as a study file writes it: {@code lenet-300-100}, {@code {mlp: {hidden: [8]}}}
   * @param data whose task it is for, likewise: {@code digits}
   * @param seed of the first parameters, as of a study
   */
  public static Model open(String model, String data, long seed) throws IOException {
    return session().open(model, data, seed);
  }

  /**
   * Writes the report of a run beside its results.
   *
   * @param run a run's folder
   * @throws IllegalArgumentException in one line when it is none, or damaged
   */
  public static Summary report(Path run) {
    return Report.write(run);
  }
}
