package io.secateur.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a worker is started: a Java process like this one, on the same class path.
 *
 * @param mainClass a class that makes a {@link Worker} from a composition root and calls {@link
 *     Worker#main}
 * @param flags of the Java process, after those that every worker has
 */
public record WorkerCommand(String mainClass, List<String> flags) {
  public WorkerCommand {
    flags = List.copyOf(flags);
  }

  /**
   * Starts a worker whose errors and logging go to the end of a file.
   *
   * @param alone whether no other will run beside it, so that it may leave its classes for the next
   */
  Process start(Path job, Path log, int threads, Optional<String> memory, boolean alone)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    memory.ifPresent(size -> command.add("-Xmx" + size));
    command.add("-Djava.awt.headless=true");
    // What the JVM writes when natives abort is kept beside the log, not wherever one happens to
    // be.
    command.add("-XX:ErrorFile=" + log.toAbsolutePath().resolveSibling("worker-aborted-%p.log"));
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-Dai.djl.offline=" + System.getProperty("ai.djl.offline", "true"));
    command.add("-Dai.djl.pytorch.num_threads=" + threads);
    command.add("-Dai.djl.pytorch.num_interop_threads=1");
    // Whoever divides work in Java works along, and the collector runs while all others wait.
    command.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + (threads - 1));
    command.add("-XX:ParallelGCThreads=" + threads);
    // Of an optimiser's loop the compiler makes vectors for sure where it stands by itself; the
    // first flag says that nothing is printed of the second.
    command.add("-XX:CompileCommand=quiet");
    command.add("-XX:CompileCommand=dontinline,io.secateur.train.*::loop");
    for (String property : List.of("secateur.home", "logback.configurationFile", "DJL_CACHE_DIR")) {
      Optional.ofNullable(System.getProperty(property))
          .ifPresent(value -> command.add("-D" + property + "=" + value));
    }
    command.addAll(LoadedClasses.flags(alone));
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.add(job.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("OPT_OUT_TRACKING", "true");
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    environment.put("MKL_NUM_THREADS", Integer.toString(threads));
    // Threads that spin long while they wait starve one another as soon as anything else runs, and
    // ones that sleep at once make small batches slow: some 10,000 turns are good in both cases.
    environment.putIfAbsent("GOMP_SPINCOUNT", "10000");
    // Tensors of up to 32 MiB come from memory that is kept for the next: to ask the system for
    // them
    // at every step and give them back costs a pass over fresh pages each time.
    environment.putIfAbsent("MALLOC_MMAP_THRESHOLD_", Integer.toString(32 << 20));
    environment.putIfAbsent("MALLOC_TRIM_THRESHOLD_", Integer.toString(256 << 20));
    Files.createDirectories(log.toAbsolutePath().getParent());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }
}
