package io.secateur.study;

import io.secateur.study.RunListener.Piece;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has a plan worked off: starts a worker, tells the listener what it reports, and starts another
 * when one dies. A step that ends its worker twice has failed. Loads no natives, and ends its
 * worker when it ends itself.
 */
final class Runner {
  private static final int DEATHS = 2;

  private final Plan plan;
  private final Job job;
  private final WorkerCommand command;
  private final RunOptions options;
  private final Path folder;
  private final Path file;
  private final Pieces pieces;
  private final Map<String, String> failed = new LinkedHashMap<>();
  private final Map<String, Integer> deaths = new HashMap<>();
  private final Set<String> running = new LinkedHashSet<>();
  private final Set<String> finished = new HashSet<>();

  /**
   * A run.
   *
   * @param file where the job is written for the worker
   * @param folder the run's folder, for the worker's log
   */
  Runner(Plan plan, Job job, Path file, WorkerCommand command, RunOptions options, Path folder) {
    this.file = file;
    this.plan = plan;
    this.job = job;
    this.command = command;
    this.options = options;
    this.folder = folder;
    this.pieces = new Pieces(plan);
  }

  /** Returns the steps that failed, each with its reason; those that need them are not among. */
  Map<String, String> run() throws IOException {
    int barren = 0;
    try {
      while (true) {
        Files.deleteIfExists(file);
        Durable.write(file, Json.line(job(failed)));
        int before = finished.size() + failed.size() + deaths.size();
        Optional<Integer> status = shift();
        if (status.isEmpty()) {
          return failed;
        }
        buryRunning(status.get());
        barren = finished.size() + failed.size() + deaths.size() > before ? 0 : barren + 1;
        if (barren == DEATHS) {
          throw new StudyException(
              "the worker process ends before it has done anything (exit status %d); its log is %s"
                  .formatted(status.get(), log()));
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Path log() {
    return folder.resolve("worker.log");
  }

  private Job job(Map<String, String> without) {
    return new Job(
        job.file(),
        job.text(),
        job.overrides(),
        job.store(),
        job.plugins(),
        job.data(),
        job.device(),
        job.digest(),
        Map.copyOf(without));
  }

  /** Runs one worker to its end; returns its exit status when it died before all was done. */
  private Optional<Integer> shift() throws IOException {
    Process process = command.start(file, log(), plan.study().threads(), options.memory());
    Thread end = new Thread(process::destroyForcibly, "end-worker");
    Runtime.getRuntime().addShutdownHook(end);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        Optional<Event> event = EventStream.read(line);
        if (event.isPresent() && handle(event.get())) {
          return Optional.empty();
        }
        line = lines.readLine();
      }
      return Optional.of(process.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      process.destroyForcibly();
      forget(end);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook does its work.
      return;
    }
  }

  /** Returns whether the worker has done all there is. */
  private boolean handle(Event event) {
    if (event.kind() == Event.Kind.ENDED) {
      return true;
    }
    if (event.kind() == Event.Kind.REFUSED) {
      throw new StudyException(event.text());
    }
    if (event.kind() == Event.Kind.WARNED) {
      options.listener().warned(event.text());
      return false;
    }
    Optional<Piece> piece = pieces.of(event.key());
    piece.ifPresent(known -> handle(event, known));
    return false;
  }

  private void handle(Event event, Piece piece) {
    RunListener listener = options.listener();
    switch (event.kind()) {
      case STARTED -> {
        running.add(event.key());
        listener.started(piece);
      }
      case SAID -> listener.said(piece, event.text());
      case PROGRESSED -> listener.progressed(piece, event.done(), event.total());
      case FINISHED -> {
        running.remove(event.key());
        finished.add(event.key());
        listener.finished(piece, event.seconds());
      }
      case REUSED -> {
        finished.add(event.key());
        listener.reused(piece);
      }
      case FAILED -> {
        running.remove(event.key());
        fail(piece, event.text());
      }
      default -> throw new IllegalStateException("not about a step: " + event);
    }
  }

  private void fail(Piece piece, String message) {
    failed.put(piece.node().key(), message);
    options.listener().failed(piece, message);
  }

  /** What was running when a worker died is tried once more, and then has failed. */
  private void buryRunning(int status) {
    for (String key : running) {
      int times = deaths.merge(key, 1, Integer::sum);
      Optional<Piece> piece = pieces.of(key);
      if (times >= DEATHS && piece.isPresent()) {
        fail(
            piece.get(),
            "ended its worker process twice (exit status %d); the log is %s"
                .formatted(status, log()));
      } else {
        options
            .listener()
            .warned(
                "the worker process ended (exit status %d) while running %s; starting another"
                    .formatted(status, piece.map(Piece::what).orElse("a step")));
      }
    }
    running.clear();
  }

  /** Names pieces of work by the first place they serve. */
  private static final class Pieces {
    private final Map<String, Piece> byKey = new HashMap<>();

    Pieces(Plan plan) {
      Map<String, Plan.Place> first = new HashMap<>();
      for (Plan.Place place : plan.places()) {
        first.putIfAbsent(place.checkpoint(), place);
        place.measured().forEach(leaf -> first.putIfAbsent(leaf, place));
      }
      List<Plan.Node> nodes = plan.nodes();
      String arm = "";
      for (int i = nodes.size() - 1; i >= 0; i--) {
        Plan.Node node = nodes.get(i);
        Plan.Place place = first.get(node.key());
        // A cut serves no place of its own; what follows it in the plan is what asked for it.
        arm = place == null ? arm : place.arm();
        String what = node.work() instanceof Plan.Measure ? "measure " + node.name() : node.name();
        byKey.put(
            node.key(),
            new Piece(
                node,
                i + 1,
                nodes.size(),
                arm,
                node.replicate(),
                place == null ? node.round() : place.round(),
                what));
      }
    }

    Optional<Piece> of(String key) {
      return Optional.ofNullable(byKey.get(key));
    }
  }
}
