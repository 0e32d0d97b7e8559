package io.secateur;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.util.Modules;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Step;
import io.secateur.study.Runs;
import io.secateur.study.Setup;
import io.secateur.study.Studies;
import io.secateur.study.Worker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecateurModuleTest {
  @Test
  void givesAllThatProgramsStartFrom(@TempDir Path folder) {
    Injector injector =
        Guice.createInjector(
            new SecateurModule(new Setup(List.of(folder), Optional.of(folder), "cpu")));
    assertThat(injector.getInstance(Studies.class)).isNotNull();
    assertThat(injector.getInstance(Runs.class)).isNotNull();
    assertThat(injector.getInstance(Worker.class)).isNotNull();
    assertThat(injector.getInstance(DataFiles.class).searched()).contains(folder);
    assertThat(injector.getInstance(Catalogs.class).of(Step.class).names())
        .contains("train", "prune", "finetune", "rewind", "rounds");
  }

  @Test
  void letsItsBindingsBeReplaced() {
    Clock stopped = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    Catalogs none = Catalogs.holding(List.of());
    Injector injector =
        Guice.createInjector(
            Modules.override(new SecateurModule(new Setup()))
                .with(
                    new AbstractModule() {
                      @Override
                      protected void configure() {
                        bind(Clock.class).toInstance(stopped);
                        bind(Catalogs.class).toInstance(none);
                      }
                    }));
    assertThat(injector.getInstance(Clock.class)).isSameAs(stopped);
    assertThat(injector.getInstance(Catalogs.class)).isSameAs(none);
  }
}
