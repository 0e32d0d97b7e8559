package io.secateur.study;

import io.secateur.plugin.Catalogs;
import io.secateur.spi.Controls;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** A worker that knows toys; with {@code -Dtoy.jumps=SEED} its clock jumps. */
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
              Optional.ofNullable(Long.getLong("toy.jumps"))
                  .<Clock>map(JumpingClock::new)
                  .orElse(Clock.systemUTC()));
        });
  }
}
