package io.secateur;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import io.secateur.model.Checkpoint;
import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.ModelSource;
import io.secateur.study.NamedCheckpoints;
import io.secateur.study.Seeds;
import io.secateur.study.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a program works with: plugins, places for data, the device, and the bindings of {@link
 * SecateurModule} with what replaces some. It looks for plugins when it is first asked for
 * something. Nothing has to be closed.
 */
public final class Session {
  private final Setup setup;
  private final List<Module> overrides;
  private @Nullable Injector injector;

  Session(Module... overrides) {
    this(new Setup(), List.of(overrides));
  }

  private Session(Setup setup, List<Module> overrides) {
    this.setup = setup;
    this.overrides = overrides;
  }

  /** Returns this session with these folders of plugin jars instead of the standard ones. */
  public Session plugins(Path... folders) {
    return new Session(new Setup(List.of(folders), setup.data(), setup.device()), overrides);
  }

  /** Returns this session with a folder that is searched first for data sets. */
  public Session data(Path folder) {
    return new Session(new Setup(setup.plugins(), Optional.of(folder), setup.device()), overrides);
  }

  /** Returns this session on another device: {@code cpu} or {@code gpu}. */
  public Session device(String name) {
    return new Session(new Setup(setup.plugins(), setup.data(), name), overrides);
  }

  /** Returns what runs, plans or reports a study file. */
  public StudyRun study(Path file) {
    return new StudyRun(this, file);
  }

  /**
   * Reads a checkpoint into memory.
   *
   * @param name a folder, a file of any format that is read, or {@code RUN#arm/seed/round}
   * @throws IllegalArgumentException when there is no such checkpoint
   */
  public Model load(String name) throws IOException {
    Checkpoint read =
        instance(NamedCheckpoints.class)
            .find(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        name
                            + ": there is no such checkpoint: a folder, a safetensors file, or"
                            + " RUN#arm/seed/round"));
    return model(read);
  }

  /**
   * Opens a model with its first parameters, as a study does, on its data set.
   *
   * @param model as a study file writes it: {@code lenet-300-100}, {@code {mlp: {hidden: [8]}}},
   *     {@code {pretrained: {model: resnet-20, file: resnet20.th}}}
   * @param data likewise: {@code digits}
   * @param seed of the first parameters, as of a study
   */
  public Model open(String model, String data, long seed) throws IOException {
    DatasetSource source = read(data, "data", DatasetSource.class);
    Checkpoint first =
        read(model, "model", ModelSource.class)
            .open(source.task(), Seeds.of(seed, "initialise", 0))
            .attaching(source.attachments(instance(DataFiles.class)));
    return model(first).on(source).seed(seed);
  }

  /** Returns a checkpoint as a model to work with. */
  public Model model(Checkpoint checkpoint) {
    return new Model(this, checkpoint);
  }

  /**
   * Returns the plugin, or any other value, that a text writes as in a study file: {@code l1},
   * {@code {of-remaining: 0.2}}.
   *
   * @throws io.secateur.plugin.PluginException with all that is wrong, one line each
   */
  public <T> T read(String text, Class<T> type) {
    return read(text, type.getSimpleName(), type);
  }

  <T> T read(String text, String what, Class<T> type) {
    return Binder.read(text, what, type, instance(Catalogs.class));
  }

  /** Returns what is bound to a class: {@code Catalogs}, {@code Runs}, {@code Studies}. */
  public synchronized <T> T instance(Class<T> type) {
    if (injector == null) {
      Module[] replacing = overrides.toArray(Module[]::new);
      injector = Guice.createInjector(Modules.override(new SecateurModule(setup)).with(replacing));
    }
    return injector.getInstance(type);
  }

  Setup setup() {
    return setup;
  }

  @Override
  public String toString() {
    return "Session[%s, overrides=%s]".formatted(setup, Arrays.toString(overrides.toArray()));
  }
}
