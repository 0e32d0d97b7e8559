package io.secateur.evaluate;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** Gives one runtime metric its manager and its folder, and takes both back. */
final class Workbench {
  private final Evaluation.Setting setting;

  Workbench(Evaluation.Setting setting) {
    this.setting = setting;
  }

  List<Metric.Value> measure(Checkpoint model, Metric.OfRuntime metric) throws IOException {
    Path folder = Files.createTempDirectory(setting.folder(), metric.name());
    try (NDManager manager = NDManager.newBaseManager(setting.device(), "PyTorch")) {
      return metric.measure(model, new Bench(setting, metric, folder, manager, new HashSet<>()));
    } finally {
      WholeFiles.delete(folder);
    }
  }

  private record Bench(
      Evaluation.Setting setting, Metric metric, Path folder, NDManager manager, Set<String> kept)
      implements Metric.OfRuntime.Bench {
    @Override
    public Examples data(Split split) throws IOException {
      return setting.data(split);
    }

    @Override
    public Device device() {
      return setting.device();
    }

    @Override
    public int threads() {
      return setting.threads();
    }

    @Override
    public LongSupplier nanos() {
      return setting.nanos();
    }

    @Override
    public void keep(String name, byte[] bytes) {
      if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
        throw new IllegalArgumentException(
            "metric '%s' keeps a file named like a plain one (samples.json), was '%s'"
                .formatted(metric.name(), name));
      }
      if (!kept.add(name)) {
        throw new IllegalArgumentException(
            "metric '%s' keeps two files named '%s'".formatted(metric.name(), name));
      }
      setting.keep(metric, name, bytes);
    }
  }
}
