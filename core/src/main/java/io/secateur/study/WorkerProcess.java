package io.secateur.study;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;

/**
 * A worker that lives: what it says goes into a queue that all workers of a run share, at last that
 * it is gone.
 */
final class WorkerProcess {
  private final int number;
  private final Path job;
  private final Path log;
  private final Process process;
  private final EventStream ear;
  private final Set<String> running = new LinkedHashSet<>();
  private boolean begun;
  private long heard = System.nanoTime();
  private boolean overdue;

  /**
   * Listens to a process.
   *
   * @param number of the worker, from 1
   * @param job the file that it was started with, deleted when it is gone
   * @param log where its log is
   */
  WorkerProcess(int number, Path job, Path log, Process process, BlockingQueue<Heard> queue) {
    this.number = number;
    this.job = job;
    this.log = log;
    this.process = process;
    this.ear = new EventStream(process.getOutputStream());
    Thread reader = new Thread(() -> read(queue), "hear-worker-" + number);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * What a worker said.
   *
   * @param event nothing when the worker is gone
   */
  record Heard(WorkerProcess worker, Optional<Event> event) {}

  private void read(BlockingQueue<Heard> queue) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        EventStream.read(line).ifPresent(event -> queue.add(new Heard(this, Optional.of(event))));
        line = lines.readLine();
      }
    } catch (IOException e) {
      // The stream breaks when the process is ended from here.
      process.destroyForcibly();
    } finally {
      queue.add(new Heard(this, Optional.empty()));
    }
  }

  int number() {
    return number;
  }

  Path log() {
    return log;
  }

  /** Returns the steps that it has started and not ended, for the runner to keep. */
  Set<String> running() {
    return running;
  }

  /** Notes that it has said something. */
  void noteLife() {
    heard = System.nanoTime();
  }

  /** Returns for how many nanoseconds it has been silent with a step begun; 0 without one. */
  long silence() {
    return running.isEmpty() ? 0 : System.nanoTime() - heard;
  }

  /** Ends it because it was silent for too long. */
  void endOverdue() {
    overdue = true;
    end();
  }

  /** Returns whether it was ended because it was silent for too long. */
  boolean isOverdue() {
    return overdue;
  }

  /** Notes that it has begun a step. */
  void begin(String key) {
    begun = true;
    running.add(key);
  }

  /** Returns whether it has ever begun a step. */
  boolean hasBegun() {
    return begun;
  }

  /** Tells it something; one that is gone hears nothing. */
  void tell(Event event) {
    try {
      ear.send(event);
    } catch (UncheckedIOException e) {
      // That it is gone is heard from its own stream.
      return;
    }
  }

  /** Waits for its end, and returns its exit status. */
  int status() throws IOException {
    try {
      int status = process.waitFor();
      Files.deleteIfExists(job);
      return status;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  /** Ends it at once. */
  void end() {
    process.destroyForcibly();
  }
}
