package io.secateur;

import io.secateur.report.Report;
import io.secateur.report.Summary;
import io.secateur.study.Plan;
import io.secateur.study.RunListener;
import io.secateur.study.RunOptions;
import io.secateur.study.RunOutcome;
import io.secateur.study.Studies;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A study file and how it is to be run. A value: each setting gives another one. Steps run in
 * worker processes on this program's class path, so nothing has to be closed.
 */
public final class StudyRun {
  private final Session session;
  private final Path file;
  private final RunOptions options;

  StudyRun(Session session, Path file) {
    this(session, file, new RunOptions());
  }

  private StudyRun(Session session, Path file, RunOptions options) {
    this.session = session;
    this.file = file;
    this.options = options;
  }

  private StudyRun with(RunOptions other) {
    return new StudyRun(session, file, other);
  }

  /** Sets the run's folder; {@code runs/STUDY} otherwise. */
  public StudyRun out(Path folder) {
    return with(options.out(folder));
  }

  /** Sets the folder of finished steps, which runs may share; within the run's otherwise. */
  public StudyRun store(Path folder) {
    return with(options.store(folder));
  }

  /** Sets seeds instead of the study's: {@code 1,2,3} or {@code 1..5}. */
  public StudyRun seeds(String seeds) {
    return with(options.seeds(seeds));
  }

  /** Changes the study, beside what was changed before: {@code pipeline.0.train.epochs=4}. */
  public StudyRun set(String... changes) {
    List<String> all = Stream.concat(options.sets().stream(), Stream.of(changes)).toList();
    return with(options.sets(all));
  }

  /** Sets how many processes run steps; 1 otherwise. */
  public StudyRun workers(int processes) {
    return with(options.workers(processes));
  }

  /** Sets the heap of each worker as Java writes it: {@code 8g}. */
  public StudyRun memory(String size) {
    return with(options.memory(size));
  }

  /** Sets how long a step may be silent before it is ended; zero for ever. */
  public StudyRun stepLimit(Duration silence) {
    return with(options.stepLimit(silence));
  }

  /** Sets the folders of plugin jars instead of the standard ones. */
  public StudyRun plugins(Path... folders) {
    return new StudyRun(session.plugins(folders), file, options);
  }

  /** Sets a folder that is searched first for data sets. */
  public StudyRun data(Path folder) {
    return new StudyRun(session.data(folder), file, options);
  }

  /** Sets the device: {@code cpu} or {@code gpu}. */
  public StudyRun device(String name) {
    return new StudyRun(session.device(name), file, options);
  }

  /** Sets who is told what happens while it happens. */
  public StudyRun listener(RunListener listener) {
    return with(options.listener(listener));
  }

  /**
   * Plans the study: what would run, in which order; nothing is.
   *
   * @throws io.secateur.study.StudyException with every fault of the file, or of its combinations
   */
  public Plan plan() {
    Studies studies = session.instance(Studies.class);
    return studies.plan(studies.read(file, options));
  }

  /** Returns the plan as text: a tree, what is done, and what the rest will take. */
  public String tree() throws IOException {
    return session.instance(Studies.class).tree(plan(), options);
  }

  /**
   * Runs what is not done yet.
   *
   * @throws io.secateur.study.StudyException when the study cannot be run at all; what fails within
   *     it is in the outcome
   */
  public RunOutcome run() throws IOException {
    return session.instance(Studies.class).run(file, options);
  }

  /** Runs what is not done yet, and writes the report beside the results. */
  public Summary report() throws IOException {
    return Report.write(run().folder());
  }
}
