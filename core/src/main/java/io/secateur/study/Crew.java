package io.secateur.study;

import io.secateur.study.WorkerProcess.Heard;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The worker processes of a run, all of which end when this process does. */
final class Crew implements AutoCloseable {
  /** Between the death of a worker and that of its runner, when both are interrupted together. */
  private static final long GRACE = 100;

  private final Job job;
  private final Supplier<Path> files;
  private final WorkerCommand command;
  private final int threads;
  private final Optional<String> memory;
  private final Path folder;
  private boolean alone;
  private final List<WorkerProcess> workers = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Heard> queue = new LinkedBlockingQueue<>();
  private final Thread hook = new Thread(this::endAll, "end-workers");
  private boolean ending;

  /**
   * A crew without workers.
   *
   * @param files names where jobs are written, anew for each
   * @param folder where logs go: {@code worker.log}, {@code worker-2.log} and so on
   * @param alone whether there will be one worker at a time
   */
  Crew(
      Job job,
      Supplier<Path> files,
      WorkerCommand command,
      int threads,
      Optional<String> memory,
      Path folder,
      boolean alone) {
    this.job = job;
    this.files = files;
    this.command = command;
    this.threads = threads;
    this.memory = memory;
    this.folder = folder;
    this.alone = alone;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a worker; while this process is ending, waits for its end instead.
   *
   * @param number from 1
   * @param failed steps that it is not to try, each with its reason
   * @param apart measurements that it is to take one by one
   */
  void start(int number, Map<String, String> failed, Set<String> apart) throws IOException {
    Path file = files.get();
    Path log = folder.resolve(number == 1 ? "worker.log" : "worker-" + number + ".log");
    Durable.write(file, Json.line(job.without(failed, apart)));
    synchronized (this) {
      if (!ending) {
        Process process = command.start(file, log, threads, memory, alone);
        // Where it is what a worker is to leave that keeps it from starting, the next is spared it.
        alone = false;
        workers.add(new WorkerProcess(number, file, log, process, queue));
        return;
      }
    }
    awaitEnd();
  }

  /** Returns the workers that live, or whose end has not been heard yet. */
  List<WorkerProcess> workers() {
    return List.copyOf(workers);
  }

  /** Waits for the next that any worker says. */
  Heard hear() throws IOException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits so many nanoseconds at most for the next that any worker says. */
  Optional<Heard> hear(long nanos) throws IOException {
    try {
      return Optional.ofNullable(queue.poll(nanos, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Takes a worker that is gone off the crew and returns its exit status. A worker that was
   * interrupted together with this process is no news: then this waits for the process's end.
   */
  int dismiss(WorkerProcess worker) throws IOException {
    workers.remove(worker);
    int status = worker.status();
    if (status != 0) {
      Pause.millis(GRACE);
    }
    synchronized (this) {
      if (!ending) {
        return status;
      }
    }
    awaitEnd();
    return status;
  }

  private static void awaitEnd() throws IOException {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
  }

  private synchronized void endAll() {
    ending = true;
    workers.forEach(WorkerProcess::end);
  }

  /** Ends all workers that are left. */
  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook does its work.
      return;
    }
    for (WorkerProcess worker : workers) {
      worker.end();
      worker.status();
    }
  }
}
