package io.secateur.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Files that belong together, written at once: while the disk is waited for with one, others are
 * made, and checksums reckoned. Closing waits for all of them, so that whatever needs them on the
 * disk is done afterwards.
 */
final class Writes implements AutoCloseable {
  /** They wait and do not compute, so that they are none of a study's threads. */
  private static final ExecutorService WRITERS =
      Executors.newFixedThreadPool(
          4,
          task -> {
            Thread thread = new Thread(task, "write");
            thread.setDaemon(true);
            return thread;
          });

  private final List<CompletableFuture<Void>> begun = new ArrayList<>();

  /** Something written. */
  interface Write {
    void run() throws IOException;
  }

  /** Begins to write. */
  void begin(Write write) {
    begun.add(
        CompletableFuture.runAsync(
            () -> {
              try {
                write.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            WRITERS));
  }

  /**
   * Waits until all is written, however that ends; a second time there is nothing to wait for.
   *
   * @throws IOException of the first, in the order in which they were begun, that could not be
   *     written
   */
  @Override
  public void close() throws IOException {
    List<CompletableFuture<Void>> all = List.copyOf(begun);
    begun.clear();
    Throwable first = null;
    for (CompletableFuture<Void> each : all) {
      try {
        each.join();
      } catch (CompletionException e) {
        first = first == null && e.getCause() != null ? e.getCause() : first;
      }
    }
    if (first instanceof UncheckedIOException unchecked) {
      throw unchecked.getCause();
    } else if (first instanceof RuntimeException unexpected) {
      throw unexpected;
    } else if (first instanceof Error fatal) {
      throw fatal;
    }
  }
}
