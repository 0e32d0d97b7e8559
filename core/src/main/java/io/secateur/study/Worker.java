package io.secateur.study;

import com.google.inject.Inject;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * A process that runs the steps of a study: the only one that loads natives and runs plugins, so
 * that what hangs, exits or aborts ends it and not the study.
 *
 * <p>Its standard output carries events to the runner; whatever else prints there is sent to the
 * log. Its standard input carries what failed at other workers; it ends when the runner is gone,
 * and then so does the worker, at once.
 */
public final class Worker {
  /** Exit status of a worker whose runner is gone. */
  private static final int ORPHANED = 3;

  /** Exit status of a worker that leaves the rest to another: a step exhausted its memory. */
  static final int SPENT = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final Planners planners;
  private final Catalogs catalogs;
  private final DataFiles files;
  private final Clock clock;

  /** A worker over what the composition root binds. */
  @Inject
  public Worker(Planners planners, Catalogs catalogs, DataFiles files, Clock clock) {
    this.planners = planners;
    this.catalogs = catalogs;
    this.files = files;
    this.clock = clock;
  }

  /**
   * Takes over the process: reads the job, makes a worker for it, and works until nothing is left.
   *
   * @param job the file that the runner wrote
   * @param workers makes a worker with the job's folders
   */
  public static void main(Path job, Function<Setup, Worker> workers) {
    EventStream events = new EventStream(System.out);
    System.setOut(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    Map<String, String> failed = new ConcurrentHashMap<>();
    endWithRunner(System.in, failed);
    int status = 0;
    try {
      Job read = Json.read(Files.readString(job), Job.class);
      boolean worked = workers.apply(read.setup()).work(read, events, failed);
      events.send(Event.of(Event.Kind.ENDED, "", ""));
      if (worked) {
        LoadedClasses.keep();
      }
    } catch (IOException | JacksonException | StudyException e) {
      LOG.warn("the worker cannot work", e);
      events.send(
          Event.of(
              Event.Kind.REFUSED,
              "",
              e instanceof IOException ? Faulty.message(e) : String.valueOf(e.getMessage())));
      status = 2;
    } catch (SpentException e) {
      LOG.warn("the worker leaves the rest to another", e);
      status = SPENT;
    } catch (Throwable e) {
      // Nothing above would say so, and threads of natives would keep the process alive.
      LOG.error("the worker ends", e);
      status = 1;
    }
    // Not exit: natives need no farewell, and threads of plugins must not delay it.
    Runtime.getRuntime().halt(status);
  }

  private boolean work(Job job, EventStream events, Map<String, String> failed) throws IOException {
    Study study = StudyFile.parse(job.file(), job.text(), job.overrides(), catalogs);
    Store store = Store.open(Path.of(job.store()), clock);
    Pulse pulse = new Pulse(events);
    Job.@Nullable Again again = job.again();
    if (again != null) {
      Bench bench = new Bench(study, files, Devices.named(job.device()), again.threads(), pulse);
      new Repetition(study, store, bench, events).work(again);
      return true;
    }
    Plan plan = planners.planner().plan(study);
    if (!plan.digest().equals(job.digest())) {
      throw new StudyException(
          "the worker's plan differs from the runner's: a plugin, a data set or the machine has"
              + " changed in between; run again");
    }
    Bench bench = new Bench(study, files, Devices.named(job.device()), study.threads(), pulse);
    failed.putAll(job.failed());
    return new Shift(
            plan, store, bench, events, clock, planners.surroundings(), failed, job.apart())
        .work();
  }

  /** Hears what failed elsewhere, and halts the process when its standard input ends. */
  private static void endWithRunner(InputStream in, Map<String, String> failed) {
    Thread watch =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  EventStream.read(line).ifPresent(event -> failed.put(event.key(), event.text()));
                }
              } catch (IOException e) {
                // An input that cannot be read has ended.
                LOG.debug("standard input", e);
              }
              Runtime.getRuntime().halt(ORPHANED);
            },
            "end-with-runner");
    watch.setDaemon(true);
    watch.start();
  }
}
