package io.secateur.study;

import com.google.inject.Inject;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Origin;
import io.secateur.spi.DataFiles;

/** Makes planners for this machine, engine and setup, the same in the runner and its workers. */
public final class Planners {
  private final Catalogs catalogs;
  private final DataFiles files;
  private final Setup setup;

  /** Planners over what the composition root binds. */
  @Inject
  public Planners(Catalogs catalogs, DataFiles files, Setup setup) {
    this.catalogs = catalogs;
    this.files = files;
    this.setup = setup;
  }

  Planner planner() {
    return new Planner(
        new Keys(type -> catalogs.jarOf(type).map(Origin.Jar::sha256)), surroundings());
  }

  Surroundings surroundings() {
    RunInfo.Machine machine = Facts.machine(setup.device());
    return new Surroundings(
        files,
        "djl %s libtorch %s".formatted(machine.djl(), machine.libtorch()),
        setup.device(),
        Facts.identity(machine));
  }
}
