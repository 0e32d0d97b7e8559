package io.secateur.study;

import com.google.inject.Inject;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Settings;
import io.secateur.spi.ControlArm;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Metric;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads, plans and runs studies: what the command line and other programs start from. A run that
 * was interrupted goes on when it is run again.
 */
public final class Studies {
  private static final Logger LOG = LoggerFactory.getLogger(Studies.class);

  private final Catalogs catalogs;
  private final DataFiles files;
  private final Planners planners;
  private final Setup setup;
  private final WorkerCommand command;
  private final Clock clock;

  /** Studies over what the composition root binds. */
  @Inject
  public Studies(
      Catalogs catalogs,
      DataFiles files,
      Planners planners,
      Setup setup,
      WorkerCommand command,
      Clock clock) {
    this.catalogs = catalogs;
    this.files = files;
    this.planners = planners;
    this.setup = setup;
    this.command = command;
    this.clock = clock;
  }

  /**
   * Reads a study file, with the changes that the options make to it.
   *
   * @throws StudyException with every fault of the file
   */
  public Study read(Path file, RunOptions options) {
    try {
      return StudyFile.read(file, options.overrides(), catalogs);
    } catch (StudyException e) {
      throw new StudyException(e.faults().stream().map(options::asTyped).toList());
    }
  }

  /**
   * Plans a study.
   *
   * @throws StudyException with every impossible combination
   */
  public Plan plan(Study study) {
    return planners.planner().plan(study);
  }

  /** Returns a plan as text: a tree, what is done, and what the rest will take. */
  public String tree(Plan plan, RunOptions options) throws IOException {
    return tree(plan, options, false);
  }

  /** Returns a plan as text, on request with the units that go as one under what prunes them. */
  public String tree(Plan plan, RunOptions options, boolean verbose) throws IOException {
    Path folder = options.storeFolder(plan.study());
    List<Manifest> before =
        Files.isDirectory(folder) ? List.copyOf(Store.reading(folder).manifests()) : List.of();
    return new PlanTree(plan, before, options.workers(), verbose).text();
  }

  /** Returns the keys of a plan's steps that are in the store. */
  public Set<String> done(Plan plan, RunOptions options) throws IOException {
    Path folder = options.storeFolder(plan.study());
    return Files.isDirectory(folder) ? done(plan, Store.reading(folder)) : Set.of();
  }

  /**
   * Runs what is not in the store yet, and writes the run's folder.
   *
   * @throws StudyException when the study cannot be run at all; what fails within it is in the
   *     outcome
   */
  public RunOutcome run(Path file, RunOptions options) throws IOException {
    Study study = read(file, options);
    try {
      return run(study, options);
    } catch (IOException e) {
      throw NoRoomException.told(e, options.folder(study));
    }
  }

  private RunOutcome run(Study study, RunOptions options) throws IOException {
    final long start = System.nanoTime();
    Plan plan = plan(study);
    Path folder = options.folder(study);
    refuseOther(folder, study);
    Path steps = options.storeFolder(study).toAbsolutePath();
    Files.createDirectories(folder);
    Durable.require(folder, "a run is written there; --out names another place");
    Store store = Store.writing(steps, clock);
    Set<String> done = done(plan, store);
    options.listener().planned(plan, done);
    Map<String, String> failed = Map.of();
    if (done.size() < plan.nodes().size()) {
      warnOfCrowd(study, options);
      Job job = job(study, plan, store);
      failed = new Runner(plan, job, store::scratch, command, options, folder).run();
    }
    Durable.replace(folder.resolve("study.yaml"), study.text());
    study.manuscript().write(folder);
    new Results(plan, store).write(folder);
    RunInfo info =
        info(plan, done.size(), Failures.of(plan, failed), (System.nanoTime() - start) / 1e9);
    Durable.replace(folder.resolve("declared.json"), Json.pretty(declared(plan)));
    Durable.replace(folder.resolve("run.json"), Json.pretty(info));
    return new RunOutcome(folder, plan, info);
  }

  private static void warnOfCrowd(Study study, RunOptions options) {
    int processors = Runtime.getRuntime().availableProcessors();
    if (options.workers() > 1 && (long) options.workers() * study.threads() > processors) {
      options
          .listener()
          .warned(
              "%d workers with %d engine thread%s each share %d processor%s; fewer may be faster"
                  .formatted(
                      options.workers(),
                      study.threads(),
                      study.threads() == 1 ? "" : "s",
                      processors,
                      processors == 1 ? "" : "s"));
    }
  }

  /** What another study's run left is not written over. */
  private static void refuseOther(Path folder, Study study) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new StudyException(folder + " is a file; a run is written into a folder");
    }
    Path info = folder.resolve("run.json");
    if (!Files.exists(info)) {
      return;
    }
    RunInfo there;
    try {
      there = Runs.info(folder);
    } catch (StudyException e) {
      LOG.warn("{}", e.getMessage());
      return;
    }
    // The same file under another name is this study, and the name is damaged.
    boolean same = there.text().equals(study.text()) && there.overrides().equals(study.overrides());
    if (!same && !there.study().equals(study.name())) {
      throw new StudyException(
          "%s holds a run of the study '%s'; give the run of '%s' a folder of its own with --out"
              .formatted(folder, there.study(), study.name()));
    }
  }

  /** A step that is damaged counts as not done: the worker mends it. */
  private static Set<String> done(Plan plan, Store store) throws IOException {
    Set<String> done = new HashSet<>();
    for (Plan.Node node : plan.nodes()) {
      if (store.isIntact(node.key())) {
        done.add(node.key());
      }
    }
    return done;
  }

  private Job job(Study study, Plan plan, Store store) {
    return new Job(
        study.file(),
        study.text(),
        study.overrides(),
        store.folder().toString(),
        setup.plugins().stream().map(path -> path.toAbsolutePath().toString()).toList(),
        setup.data().map(path -> path.toAbsolutePath().toString()).orElse(null),
        setup.device(),
        plan.digest(),
        Map.of(),
        Set.of(),
        null);
  }

  private static Declared declared(Plan plan) {
    Study study = plan.study();
    Map<String, Plan.Node> nodes = plan.byKey();
    Map<String, Set<String>> methods = new TreeMap<>();
    for (Plan.Place place : plan.places()) {
      Plan.Node node = nodes.get(place.checkpoint());
      if (place.branch().isEmpty() && node != null && node.work() instanceof Plan.Run run) {
        Settings.plugins(run.stage()).stream()
            .filter(PruningMethod.class::isInstance)
            .forEach(
                method ->
                    methods
                        .computeIfAbsent(place.arm(), arm -> new TreeSet<>())
                        .add(method.name()));
      }
    }
    Map<String, List<String>> names = new TreeMap<>();
    methods.forEach((arm, found) -> names.put(arm, List.copyOf(found)));
    Comparing comparing = study.comparing();
    return new Declared(
        comparing.primary(),
        comparing.compare(),
        comparing.controls().stream().map(ControlArm::label).toList(),
        plan.without(),
        names,
        study.data().task() instanceof Task.Classification task ? task.outputs() : 0);
  }

  private RunInfo info(Plan plan, int reused, List<RunInfo.Failure> failures, double seconds)
      throws IOException {
    Study study = plan.study();
    List<RunInfo.Quantity> quantities = new ArrayList<>();
    for (Metric metric : study.measure()) {
      for (Metric.Quantity quantity : metric.quantities()) {
        quantities.add(
            new RunInfo.Quantity(
                quantity.name(),
                metric.name(),
                quantity.unit(),
                quantity.higherIsBetter(),
                quantity.reproducible()));
      }
    }
    return new RunInfo(
        study.name(),
        Facts.version(),
        study.seeds(),
        study.threads(),
        study.arms().stream().map(arm -> arm(study, arm)).toList(),
        quantities,
        study.figures().stream().map(Figure::written).toList(),
        study.by(),
        Facts.machine(setup.device()),
        study.overrides(),
        Differences.fromShipped(study),
        study.text(),
        plan.nodes().size(),
        reused,
        seconds,
        failures,
        Settings.complete(study.data()) + " " + study.data().fingerprint(files),
        study.models().stream().map(Settings::complete).collect(Collectors.joining("; ")));
  }

  private static RunInfo.Arm arm(Study study, Study.Arm arm) {
    String model = study.models().size() == 1 ? "" : Settings.complete(arm.model());
    return new RunInfo.Arm(arm.name(), arm.axes(), model);
  }
}
