package io.secateur.study;

import com.google.inject.Inject;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.DidYouMean;
import io.secateur.spi.Metric;
import io.secateur.study.WorkerProcess.Heard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Times the checkpoints of a finished run again, wherever its study measured, on the machine at
 * hand: from the run's folder and its store, without a plan, so that another engine or another
 * place of the data does not matter. Nothing is trained.
 */
public final class Retiming {
  private final Catalogs catalogs;
  private final Setup setup;
  private final WorkerCommand command;
  private final Runs runs;
  private final Clock clock;

  /** Over what the composition root binds. */
  @Inject
  public Retiming(Catalogs catalogs, Setup setup, WorkerCommand command, Runs runs, Clock clock) {
    this.catalogs = catalogs;
    this.setup = setup;
    this.command = command;
    this.runs = runs;
    this.clock = clock;
  }

  /**
   * How runs are timed again.
   *
   * @param metrics the names of those of the study's metrics to take; all that time when empty
   * @param threads of the engine; the study's when empty
   * @param rounds how often each checkpoint is measured; the median is what counts
   */
  public record Options(List<String> metrics, Optional<Integer> threads, int rounds) {
    public Options {
      metrics = List.copyOf(metrics);
      if (rounds < 1) {
        throw new IllegalArgumentException("rounds are at least 1, were " + rounds);
      }
      if (threads.orElse(1) < 1) {
        throw new IllegalArgumentException("threads are at least 1, were " + threads.orElse(1));
      }
    }
  }

  /** Is told how it gets on. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A checkpoint was timed.
     *
     * @param number of measurements so far
     * @param total how many there will be
     * @param checkpoint the first place where it stands
     */
    void timed(int number, int total, CheckpointRef checkpoint);
  }

  /**
   * Times a run again.
   *
   * @param run a run's folder
   * @return the file of timings, in the run's folder
   * @throws StudyException when there is nothing to time
   * @throws IOException when it fails on the way
   */
  public Path time(Path run, Options options, Listener listener) throws IOException {
    RunInfo info = Runs.info(run);
    Study study = runs.study(run, catalogs);
    List<Metric> metrics = metrics(run, study, options.metrics());
    Map<CheckpointRef, Map<String, String>> places = new Measured(run, info, runs).places();
    if (places.isEmpty()) {
      throw new StudyException(
          run + " has nothing to time: no step that is measured has finished; run the study again");
    }
    Path kept = run.resolve(places.keySet().iterator().next().store()).toAbsolutePath();
    if (!Files.isDirectory(kept)) {
      throw new StudyException(
          "the checkpoints of %s lie in %s, which is not there".formatted(run, kept));
    }
    final int threads = options.threads().orElse(study.threads());
    TimingFile file = new TimingFile(run, Facts.machine(setup.device()), threads, metrics);
    Durable.require(run, "timings are written there");
    Store store = Store.writing(kept, clock);
    Set<String> keys = new LinkedHashSet<>();
    places.keySet().forEach(place -> keys.add(place.key()));
    Job.Again again =
        new Job.Again(
            List.copyOf(keys),
            metrics.stream().map(study.measure()::indexOf).toList(),
            options.rounds(),
            threads);
    Map<String, List<List<Metric.Value>>> values = new HashMap<>();
    try (Crew crew =
        new Crew(
            job(study, store, again),
            store::scratch,
            command,
            threads,
            Optional.empty(),
            run,
            false)) {
      crew.start(1, Map.of(), Set.of());
      listen(crew, places.keySet(), keys.size() * options.rounds(), values, listener);
    }
    return file.write(places, values, clock.instant().toString());
  }

  private static List<Metric> metrics(Path run, Study study, List<String> names) {
    List<Metric> timed =
        study.measure().stream()
            .filter(metric -> metric.quantities().stream().anyMatch(q -> !q.reproducible()))
            .toList();
    if (timed.isEmpty()) {
      throw new StudyException(
          "the study '%s' of %s times nothing: it measures %s, which are the same on every machine"
              .formatted(
                  study.name(),
                  run,
                  study.measure().isEmpty() ? "nothing" : named(study.measure())));
    }
    List<String> known = timed.stream().map(Metric::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new StudyException(
            "the study '%s' does not time '%s'.%s It times: %s"
                .formatted(study.name(), name, DidYouMean.among(name, known), named(timed)));
      }
    }
    return timed.stream().filter(m -> names.isEmpty() || names.contains(m.name())).toList();
  }

  private static String named(List<Metric> metrics) {
    return metrics.stream().map(Metric::name).distinct().collect(Collectors.joining(", "));
  }

  private Job job(Study study, Store store, Job.Again again) {
    return new Job(
        study.file(),
        study.text(),
        study.overrides(),
        store.folder().toString(),
        setup.plugins().stream().map(path -> path.toAbsolutePath().toString()).toList(),
        setup.data().map(path -> path.toAbsolutePath().toString()).orElse(null),
        setup.device(),
        "",
        Map.of(),
        Set.of(),
        again);
  }

  private static void listen(
      Crew crew,
      Set<CheckpointRef> places,
      int total,
      Map<String, List<List<Metric.Value>>> values,
      Listener listener)
      throws IOException {
    Map<String, CheckpointRef> names = new HashMap<>();
    places.forEach(place -> names.putIfAbsent(place.key(), place));
    int number = 0;
    while (number < total) {
      Heard heard = crew.hear();
      if (heard.event().isEmpty()) {
        throw new IOException(
            "the process that times ended (exit status %d) before all was timed; its log is %s"
                .formatted(crew.dismiss(heard.worker()), heard.worker().log()));
      }
      Event event = heard.event().get();
      CheckpointRef place = names.get(event.key());
      if (event.kind() == Event.Kind.REFUSED) {
        throw new StudyException(event.text());
      } else if (event.kind() == Event.Kind.FAILED) {
        throw new IOException(
            "%s could not be timed: %s"
                .formatted(place == null ? event.key() : place.name(), event.text()));
      } else if (event.kind() == Event.Kind.TIMED && place != null) {
        number++;
        values
            .computeIfAbsent(event.key(), key -> new ArrayList<>())
            .add(Json.read(event.text(), Repetition.Timed.class).values());
        listener.timed(number, total, place);
      }
    }
  }
}
