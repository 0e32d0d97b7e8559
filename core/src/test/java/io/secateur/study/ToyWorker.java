package io.secateur.study;

import io.secateur.plugin.Catalogs;
import io.secateur.spi.Controls;
import java.nio.file.Path;
import java.time.Clock;

/** A worker that knows toys. */
public final class ToyWorker {
  private ToyWorker() {}

  public static void main(String[] arguments) {
    Worker.main(
        Path.of(arguments[0]),
        setup -> {
          Catalogs catalogs = Toys.catalogs();
          Lab.NoFiles files = new Lab.NoFiles();
          return new Worker(
              new Planners(catalogs, files, setup, Controls.NONE),
              catalogs,
              files,
              Clock.systemUTC());
        });
  }
}
