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
import java.util.List;
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
      return metric.measure(model, new Bench(setting, folder, manager));
    } finally {
      WholeFiles.delete(folder);
    }
  }

  private record Bench(Evaluation.Setting setting, Path folder, NDManager manager)
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
  }
}
