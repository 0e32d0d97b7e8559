package io.secateur.plugin;

import io.secateur.spi.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that plugins offer, by kind and name: what is built in, and what the jars of plugin
 * folders bring. What is broken is put aside with its reason and hurts nobody else.
 */
public final class Catalogs {
  private static final Origin GIVEN = new Origin.BuiltIn("given");

  private final List<List<Provider>> byName;
  private final List<Broken> broken;
  private final Map<ClassLoader, Origin.Jar> jars;

  private Catalogs(Collected collected) {
    this.byName = collected.byName();
    this.broken = collected.broken();
    Map<ClassLoader, Origin.Jar> loaders = new HashMap<>();
    for (List<Provider> group : byName) {
      for (Provider provider : group) {
        provider.origin().jar().ifPresent(jar -> loaders.put(loader(provider.type()), jar));
      }
    }
    this.jars = Map.copyOf(loaders);
  }

  /**
   * Loads what is on the class path, then the jars of some folders in the order of their names.
   *
   * @throws PluginException when one of the folders is not there
   */
  public static Catalogs load(List<Path> pluginFolders) {
    Collected collected = new Collected();
    addBuiltIn(collected);
    Set<Path> folders = new HashSet<>();
    Set<String> digests = new HashSet<>();
    for (Path folder : pluginFolders) {
      if (!Files.isDirectory(folder)) {
        throw new PluginException("there is no plugin folder " + folder);
      }
      try {
        if (folders.add(folder.toRealPath())) {
          addJars(folder, digests, collected);
        }
      } catch (IOException e) {
        throw new PluginException(
            "the plugin folder " + folder + " cannot be read: " + RecordShape.reason(e), e);
      }
    }
    return new Catalogs(collected);
  }

  /**
   * Returns catalogs of some plugin classes only, for programs and tests that name their own.
   *
   * @throws PluginException when one of them is no usable plugin
   */
  public static Catalogs holding(List<Class<? extends Plugin>> types) {
    Collected collected = new Collected();
    for (Class<? extends Plugin> type : types) {
      Kind kind =
          Kind.of(type)
              .orElseThrow(
                  () -> new PluginException(type.getName() + " is none of the kinds of plugins"));
      try {
        collected.add(Provider.check(kind, type, GIVEN));
      } catch (Refusal e) {
        throw new PluginException(type.getName() + ": " + e.reason(), e);
      }
    }
    return new Catalogs(collected);
  }

  /**
   * Returns the folders searched unless told otherwise, as far as they are there: {@code plugins}
   * in the working folder, then in the installation.
   */
  public static List<Path> standardFolders() {
    List<Path> folders = new ArrayList<>(List.of(Path.of("plugins")));
    String home = System.getProperty("secateur.home");
    if (home != null) {
      folders.add(Path.of(home, "plugins"));
    }
    return folders.stream().filter(Files::isDirectory).toList();
  }

  /**
   * Returns the plugins of one kind.
   *
   * @param kind a service, a narrower interface of one, or {@link io.secateur.spi.Step} for stages
   *     and recipes together
   */
  public <P extends Plugin> Catalog<P> of(Class<P> kind) {
    return new Catalog<>(kind, this);
  }

  /** Returns a catalog per kind, in the order in which a user is shown them. */
  public List<Catalog<?>> all() {
    List<Catalog<?>> catalogs = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      catalogs.add(of(kind.service()));
    }
    return List.copyOf(catalogs);
  }

  /** Returns every plugin of a name, whatever its kind. */
  public List<Catalog.Entry<?>> everywhere(String name) {
    List<Catalog.Entry<?>> found = new ArrayList<>();
    for (Catalog<?> catalog : all()) {
      catalog.find(name).ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  /** Returns what was found and is not usable. */
  public List<Broken> broken() {
    return broken;
  }

  /** Returns the jar that a class came in, a plugin's or another; none for the class path's. */
  public Optional<Origin.Jar> jarOf(Class<?> type) {
    return Optional.ofNullable(type.getClassLoader()).map(jars::get);
  }

  /** Returns the providers of a kind or of something narrower, those of one name in one list. */
  List<List<Provider>> providers(Class<?> kind) {
    return byName.stream()
        .filter(group -> group.stream().anyMatch(p -> kind.isAssignableFrom(p.type())))
        .toList();
  }

  private static ClassLoader loader(Class<?> type) {
    return Objects.requireNonNull(type.getClassLoader(), "plugins are not part of Java itself");
  }

  private static void addBuiltIn(Collected collected) {
    ClassLoader loader = loader(Catalogs.class);
    for (Kind kind : Kind.values()) {
      for (Class<?> service : kind.services()) {
        try {
          for (URL file : (Iterable<URL>) loader.resources(path(service))::iterator) {
            try (InputStream in = file.openStream()) {
              for (ServiceLine line : ServiceLine.read(kind, service, in)) {
                collected.add(line, loader, false, module(line, loader));
              }
            }
          }
        } catch (IOException e) {
          throw new PluginException(path(service) + " cannot be read: " + RecordShape.reason(e), e);
        }
      }
    }
  }

  private static String path(Class<?> service) {
    return ServiceLine.FOLDER + service.getName();
  }

  /** The module of a class: its jar's name without version, or the folder that it is built in. */
  private static Origin module(ServiceLine line, ClassLoader loader) {
    try {
      CodeSource source =
          Class.forName(line.className(), false, loader).getProtectionDomain().getCodeSource();
      String path = source == null ? "" : source.getLocation().getPath();
      String name =
          Arrays.stream(path.split("/", -1))
              .filter(part -> !part.isEmpty() && !part.matches("target|(test-)?classes"))
              .reduce("class path", (before, part) -> part);
      return new Origin.BuiltIn(name.replaceFirst("(-\\d[^/]*)?\\.jar$", ""));
    } catch (ClassNotFoundException | LinkageError e) {
      // The same is found, and reported, when the class is checked.
      return new Origin.BuiltIn("class path");
    }
  }

  private static void addJars(Path folder, Set<String> digests, Collected collected)
      throws IOException {
    List<Path> jars;
    try (Stream<Path> files = Files.list(folder)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    for (Path jar : jars) {
      try {
        String sha256 = PluginJar.sha256(jar);
        // The same bytes in two folders are one plugin.
        if (digests.add(sha256)) {
          PluginJar.read(jar, sha256, collected);
        }
      } catch (IOException e) {
        collected.broken(PluginJar.unread(jar), "", "cannot be read: " + RecordShape.reason(e));
      }
    }
  }
}
