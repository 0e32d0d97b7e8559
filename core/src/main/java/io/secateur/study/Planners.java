package io.secateur.study;

import com.google.inject.Inject;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Origin;
import io.secateur.spi.Controls;
import io.secateur.spi.DataFiles;
import io.secateur.spi.PruningMethod;

/** Makes planners for this machine, engine and setup, the same in the runner and its workers. */
public final class Planners {
  private static final String MAGNITUDE = "l1";

  private final Catalogs catalogs;
  private final DataFiles files;
  private final Setup setup;
  private final Controls controls;

  /** Planners over what the composition root binds. */
  @Inject
  public Planners(Catalogs catalogs, DataFiles files, Setup setup, Controls controls) {
    this.catalogs = catalogs;
    this.files = files;
    this.setup = setup;
    this.controls = controls;
  }

  Planner planner() {
    return new Planner(
        new Keys(type -> catalogs.jarOf(type).map(Origin.Jar::sha256)),
        surroundings(),
        controls,
        catalogs.of(PruningMethod.class).find(MAGNITUDE).map(Catalog.Entry::defaults));
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
