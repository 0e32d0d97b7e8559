package io.secateur.study;

import io.secateur.study.RunListener.Piece;
import io.secateur.study.WorkerProcess.Heard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Has a plan worked off: starts workers, which divide the steps among themselves, tells the
 * listener what they report, and starts another where one dies. A step that ends its worker twice
 * has failed, and so has one that is silent for too long, whose worker is ended; a worker that
 * twice ends before it has begun a step is given up. Loads no natives, and ends its workers when it
 * ends itself.
 */
final class Runner {
  private static final int DEATHS = 2;

  /** So that a limit of almost nothing does not keep this process busy. */
  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(10);

  /** Beyond this nobody waits, and nanoseconds would not fit their type. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private final Plan plan;
  private final Job job;
  private final WorkerCommand command;
  private final RunOptions options;
  private final Path folder;
  private final Supplier<Path> files;
  private final Pieces pieces;
  private final Map<String, String> failed = new LinkedHashMap<>();
  private final Map<String, Integer> deaths = new HashMap<>();
  private final Map<Integer, Integer> barren = new HashMap<>();
  private final Set<String> apart = new HashSet<>();
  private final Set<String> finished = new HashSet<>();
  private final Set<String> warned = new HashSet<>();
  private boolean begun;

  /**
   * A run.
   *
   * @param files names where jobs are written for the workers, anew for each
   * @param folder the run's folder, for the workers' logs
   */
  Runner(
      Plan plan,
      Job job,
      Supplier<Path> files,
      WorkerCommand command,
      RunOptions options,
      Path folder) {
    this.files = files;
    this.plan = plan;
    this.job = job;
    this.command = command;
    this.options = options;
    this.folder = folder;
    this.pieces = new Pieces(plan);
  }

  /** Returns the steps that failed, each with its reason; those that need them are not among. */
  Map<String, String> run() throws IOException {
    try (Crew crew =
        new Crew(
            job,
            files,
            command,
            plan.study().threads(),
            options.memory(),
            folder,
            options.workers() == 1)) {
      for (int number = 1; number <= options.workers(); number++) {
        crew.start(number, failed, apart);
      }
      Set<WorkerProcess> ended = new HashSet<>();
      while (!crew.workers().isEmpty()) {
        Optional<Heard> next = hear(crew);
        if (next.isEmpty()) {
          continue;
        }
        Heard heard = next.get();
        WorkerProcess worker = heard.worker();
        worker.noteLife();
        if (heard.event().isEmpty()) {
          int status = crew.dismiss(worker);
          if (!ended.contains(worker)) {
            replace(worker, status, crew);
          }
        } else if (heard.event().get().kind() == Event.Kind.ENDED) {
          ended.add(worker);
        } else {
          handle(heard.event().get(), worker, crew);
        }
      }
    }
    return failed;
  }

  /** Waits for what is said next; when that is too long for a step, ends its worker. */
  private Optional<Heard> hear(Crew crew) throws IOException {
    long limit = limit();
    if (limit == 0) {
      return Optional.of(crew.hear());
    }
    long longest = crew.workers().stream().mapToLong(WorkerProcess::silence).max().orElse(0);
    Optional<Heard> heard = crew.hear(Math.max(MOMENT, limit - longest));
    if (heard.isEmpty()) {
      crew.workers().stream()
          .filter(worker -> worker.silence() >= limit)
          .forEach(WorkerProcess::endOverdue);
    }
    return heard;
  }

  /** In nanoseconds; 0 for none. */
  private long limit() {
    Duration limit = options.stepLimit();
    return limit.compareTo(LONGEST) > 0 ? 0 : limit.toNanos();
  }

  private void handle(Event event, WorkerProcess worker, Crew crew) {
    if (event.kind() == Event.Kind.REFUSED) {
      throw new StudyException(event.text());
    }
    if (event.kind() == Event.Kind.WARNED) {
      // What is amiss with the store, every worker sees.
      if (warned.add(event.text())) {
        options.listener().warned(event.text());
      }
      return;
    }
    Optional<Piece> piece = pieces.of(event.key());
    piece.ifPresent(known -> handle(event, known, worker, crew));
  }

  private void handle(Event event, Piece piece, WorkerProcess worker, Crew crew) {
    RunListener listener = options.listener();
    String key = event.key();
    switch (event.kind()) {
      case STARTED -> {
        begun = true;
        worker.begin(key);
        barren.remove(worker.number());
        listener.started(piece);
      }
      case SAID -> listener.said(piece, event.text());
      case PROGRESSED -> listener.progressed(piece, event.done(), event.total());
      case FINISHED -> {
        worker.running().remove(key);
        if (finished.add(key)) {
          listener.finished(piece, event.seconds());
        }
      }
      case REUSED -> {
        // What another worker of this run has done, that one tells.
        boolean ours = crew.workers().stream().anyMatch(each -> each.running().contains(key));
        if (!ours && finished.add(key)) {
          listener.reused(piece);
        }
      }
      case FAILED -> {
        worker.running().remove(key);
        fail(piece, event.text(), crew);
      }
      default -> throw new IllegalStateException("not about a step: " + event);
    }
  }

  /** Notes a failure, and tells the workers, so that they do not try it too. */
  private void fail(Piece piece, String message, Crew crew) {
    String key = piece.node().key();
    if (failed.putIfAbsent(key, message) == null) {
      options.listener().failed(piece, message);
      Event event = Event.of(Event.Kind.FAILED, key, message);
      crew.workers().forEach(worker -> worker.tell(event));
    }
  }

  /**
   * What was running when a worker died is tried once more, and then has failed. Of several
   * measurements that were taken together one did it: they are tried one by one.
   */
  private void replace(WorkerProcess worker, int status, Crew crew) throws IOException {
    if (worker.running().size() > 1) {
      apart.addAll(worker.running());
      options
          .listener()
          .warned(
              "%s ended (exit status %d) while taking %d measurements; they are taken one by one"
                  .formatted(name(worker), status, worker.running().size()));
      crew.start(worker.number(), failed, apart);
      return;
    }
    for (String key : worker.running()) {
      Optional<Piece> piece = pieces.of(key);
      if (worker.isOverdue() && piece.isPresent()) {
        fail(
            piece.get(),
            "gave no sign of life for %s, and was ended; --step-limit sets how long it may; the log is %s"
                .formatted(
                    Estimate.duration(options.stepLimit().toMillis() / 1000.0), worker.log()),
            crew);
      } else if (deaths.merge(key, 1, Integer::sum) >= DEATHS && piece.isPresent()) {
        fail(
            piece.get(),
            "ended its worker process twice (exit status %d); the log is %s"
                .formatted(status, worker.log()),
            crew);
      } else {
        options
            .listener()
            .warned(
                "%s ended (exit status %d) while running %s; starting another"
                    .formatted(name(worker), status, piece.map(Piece::what).orElse("a step")));
      }
    }
    if (!worker.running().isEmpty() || status == Worker.SPENT) {
      crew.start(worker.number(), failed, apart);
    } else if (!worker.hasBegun() && barren.merge(worker.number(), 1, Integer::sum) >= DEATHS) {
      giveUp(worker, status, crew);
    } else {
      // Before any step was begun it is the start that fails, of which giving up tells.
      if (begun) {
        options
            .listener()
            .warned(
                "%s ended (exit status %d) while it had no step; starting another"
                    .formatted(name(worker), status));
      }
      crew.start(worker.number(), failed, apart);
    }
  }

  private void giveUp(WorkerProcess worker, int status, Crew crew) {
    String why =
        "%s ends before it has done anything (exit status %d); its log is %s"
            .formatted(name(worker), status, worker.log());
    if (!begun || crew.workers().isEmpty()) {
      throw new StudyException(why);
    }
    options.listener().warned(why + "; the others go on without it");
  }

  private String name(WorkerProcess worker) {
    return options.workers() == 1 ? "the worker process" : "worker process " + worker.number();
  }
}
