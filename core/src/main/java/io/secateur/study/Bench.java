package io.secateur.study;

import ai.djl.Device;
import io.secateur.evaluate.Evaluation;
import io.secateur.evaluate.Spread;
import io.secateur.evaluate.Watched;
import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** What a worker keeps between steps: decoded examples, the device, and where it measures. */
final class Bench {
  private final DatasetSource source;
  private final DataFiles files;
  private final Device device;
  private final int threads;
  private final int examples;
  private final Runnable life;
  private final Map<Split, Examples> splits = new EnumMap<>(Split.class);

  /**
   * A bench.
   *
   * @param life is run now and then while something reads examples
   */
  Bench(Study study, DataFiles files, Device device, int threads, Runnable life) {
    this.life = life;
    this.source = study.data();
    this.files = files;
    this.device = device;
    this.threads = threads;
    this.examples = study.measureExamples();
  }

  Examples data(Split split) throws IOException {
    Examples examples = splits.get(split);
    if (examples == null) {
      examples = new Watched(source.open(split, files), life);
      splits.put(split, examples);
    }
    return examples;
  }

  Task task() {
    return source.task();
  }

  /** Opens a model as a seed has it, with what the data set attaches to it. */
  Checkpoint open(ModelSource model, long seed) throws IOException {
    return model.open(task(), seed).attaching(source.attachments(files));
  }

  Device device() {
    return device;
  }

  int threads() {
    return threads;
  }

  /** Returns how many examples the study asks predictions for; 0 for all. */
  int examples() {
    return examples;
  }

  /**
   * What was measured.
   *
   * @param kept the files that metrics gave, by name
   */
  record Measured(Map<Metric, List<Metric.Value>> values, Map<Metric, Map<String, byte[]>> kept) {}

  /** Measures a checkpoint on all examples of a split. */
  Measured measure(Checkpoint checkpoint, List<Metric> metrics, Path scratch, Split on)
      throws IOException {
    return measure(checkpoint, metrics, scratch, on, 0);
  }

  /**
   * Measures a checkpoint; what metrics write goes to a folder that is deleted afterwards.
   *
   * @param on the split that metrics are shown as the test split
   * @param examples how many of it predictions are made for; 0 for all
   */
  Measured measure(
      Checkpoint checkpoint, List<Metric> metrics, Path scratch, Split on, int examples)
      throws IOException {
    Files.createDirectories(scratch);
    try {
      Place place = new Place(scratch, on, examples);
      return new Measured(Evaluation.measure(checkpoint, metrics, place), place.kept);
    } finally {
      WholeFiles.delete(scratch);
    }
  }

  private final class Place implements Evaluation.Setting {
    private final Path folder;
    private final Split on;
    private final int examples;
    private final Map<Metric, Map<String, byte[]>> kept = new LinkedHashMap<>();

    Place(Path folder, Split on, int examples) {
      this.folder = folder;
      this.on = on;
      this.examples = examples;
    }

    @Override
    public Examples data(Split split) throws IOException {
      return Bench.this.data(split == Split.TEST ? on : split);
    }

    @Override
    public Examples predicted() throws IOException {
      Examples all = data(Split.TEST);
      return examples == 0 || examples >= all.size() ? all : new Spread(all, examples);
    }

    @Override
    public Task task() {
      return Bench.this.task();
    }

    @Override
    public Device device() {
      return device;
    }

    @Override
    public int threads() {
      return threads;
    }

    @Override
    public LongSupplier nanos() {
      return System::nanoTime;
    }

    @Override
    public Path folder() {
      return folder;
    }

    @Override
    public void keep(Metric metric, String name, byte[] bytes) {
      kept.computeIfAbsent(metric, one -> new TreeMap<>()).put(name, bytes.clone());
    }
  }
}
