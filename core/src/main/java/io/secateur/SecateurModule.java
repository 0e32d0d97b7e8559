package io.secateur;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.secateur.data.DataLocations;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.Controls;
import io.secateur.spi.DataFiles;
import io.secateur.stage.StandardControls;
import io.secateur.study.Setup;
import io.secateur.study.WorkerCommand;
import java.time.Clock;
import java.util.List;

/**
 * Binds what the framework is made of: the catalogs of plugins, where data sets are found, the
 * clock, how workers are started. The command line and other programs start from it, as in
 *
 * <pre>{@code
 * Studies studies = Guice.createInjector(new SecateurModule(new Setup())).getInstance(Studies.class);
 * RunOutcome outcome = studies.run(Path.of("study.yaml"), new RunOptions());
 * }</pre>
 *
 * and {@code Modules.override} replaces any of it. A worker is a process of its own and makes these
 * bindings anew; who replaces one that workers use too binds a {@link WorkerCommand} whose main
 * class replaces it likewise.
 */
public final class SecateurModule extends AbstractModule {
  private final Setup setup;

  /** The bindings for one setup. */
  public SecateurModule(Setup setup) {
    this.setup = setup;
  }

  @Override
  protected void configure() {
    bind(Setup.class).toInstance(setup);
  }

  @Provides
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Provides
  @Singleton
  Catalogs catalogs(Setup places) {
    return Catalogs.load(
        places.plugins().isEmpty() ? Catalogs.standardFolders() : places.plugins());
  }

  @Provides
  @Singleton
  DataFiles dataFiles(Setup places) {
    return DataLocations.of(places.data());
  }

  @Provides
  Controls controls() {
    return new StandardControls();
  }

  @Provides
  WorkerCommand workerCommand() {
    return new WorkerCommand(WorkerMain.class.getName(), List.of());
  }
}
