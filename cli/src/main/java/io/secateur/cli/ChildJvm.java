package io.secateur.cli;

import io.secateur.model.WholeFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs one of this package's children: a Java process on the same class path that loads natives and
 * answers in a file, so that what ends it does not end the command line.
 */
final class ChildJvm {
  private static final long POLL_MILLIS = 100;

  private ChildJvm() {}

  /**
   * What a child answered.
   *
   * @param status its exit status; {@link #ENDLESS} when it was ended for taking too long
   * @param answer its answer; empty when it ended before it gave one
   * @param printed what it printed
   */
  record Outcome(int status, Map<String, String> answer, String printed) {
    static final int ENDLESS = -1;
  }

  /**
   * Runs a child to its end.
   *
   * @param seconds after which it is ended; 0 waits for ever
   */
  static Outcome run(String mainClass, Map<String, String> question, int threads, long seconds)
      throws IOException {
    return run(mainClass, question, threads, seconds, text -> {});
  }

  private static Outcome run(
      String mainClass,
      Map<String, String> question,
      int threads,
      long seconds,
      Consumer<String> watch)
      throws IOException {
    Path folder = Files.createTempDirectory("secateur-child");
    Path asked = folder.resolve("question");
    Path answered = folder.resolve("answer");
    Path printed = folder.resolve("printed");
    try {
      ChildFiles.write(question, asked);
      int status =
          start(
              List.of(mainClass, asked.toString(), answered.toString()),
              threads,
              printed,
              process -> status(process, seconds, ChildFiles.progress(answered), watch));
      Map<String, String> answer = Files.exists(answered) ? ChildFiles.read(answered) : Map.of();
      return new Outcome(status, answer, Files.readString(printed).strip());
    } finally {
      WholeFiles.delete(folder);
    }
  }

  /**
   * Returns what a child answers that says by {@code error} and {@code exit} why it could not.
   *
   * @param what the process does, for messages: {@code prunes}
   * @throws CommandException when it could not, or ended without an answer
   */
  static Map<String, String> answer(
      String mainClass, Map<String, String> question, int threads, String what) throws IOException {
    return answer(mainClass, question, threads, what, text -> {});
  }

  /** The same, telling what the child says of its progress meanwhile. */
  static Map<String, String> answer(
      String mainClass,
      Map<String, String> question,
      int threads,
      String what,
      Consumer<String> watch)
      throws IOException {
    Outcome outcome = run(mainClass, question, threads, 0, watch);
    Map<String, String> answer = outcome.answer();
    String error = answer.getOrDefault("error", "");
    if (!error.isEmpty()) {
      throw answer.getOrDefault("exit", "").equals(Integer.toString(Main.BAD_INPUT))
          ? CommandException.badInput(error)
          : CommandException.failed(error);
    }
    if (answer.isEmpty()) {
      throw CommandException.failed(
          "the process that %s ended with exit status %d%s"
              .formatted(
                  what,
                  outcome.status(),
                  outcome.printed().isEmpty() ? "" : ":\n" + outcome.printed()));
    }
    return answer;
  }

  /** Waits for a process, and returns its exit status. */
  private interface Waiting {
    int status(Process process) throws IOException, InterruptedException;
  }

  /** Waits, and tells what the child says of its progress whenever that is something new. */
  private static int status(Process process, long seconds, Path progress, Consumer<String> watch)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    String told = "";
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (seconds > 0 && System.nanoTime() - end > 0) {
        return Outcome.ENDLESS;
      }
      String said = Files.exists(progress) ? Files.readString(progress) : "";
      if (!said.equals(told)) {
        told = said;
        watch.accept(said);
      }
    }
    return process.exitValue();
  }

  private static int start(List<String> arguments, int threads, Path printed, Waiting waiting)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.awt.headless=true");
    command.add("-Dai.djl.offline=true");
    command.add("-Dai.djl.pytorch.num_threads=" + threads);
    command.add("-Dai.djl.pytorch.num_interop_threads=1");
    for (String property : List.of("secateur.home", "DJL_CACHE_DIR")) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(printed.toFile());
    builder.environment().put("OPT_OUT_TRACKING", "true");
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    Process process = builder.start();
    Thread end = new Thread(process::destroyForcibly, "end-child");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      return waiting.status(process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      process.destroyForcibly();
      Interruption.forget(end);
    }
  }
}
