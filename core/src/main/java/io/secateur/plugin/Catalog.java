package io.secateur.plugin;

import io.secateur.spi.Plugin;
import io.secateur.spi.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The plugins of one kind, by name. */
public final class Catalog<P extends Plugin> {
  private static final int EXAMPLE_SETTINGS = 2;

  private final Class<P> kind;
  private final Catalogs all;

  /**
   * A plugin.
   *
   * @param name as study files write it
   * @param kind what a user calls its kind: {@code pruning method}, {@code stage}
   */
  public record Entry<P extends Plugin>(
      String name, String kind, Class<? extends P> type, Origin origin) {

    /** Returns the plugin with its default settings. */
    public P defaults() {
      try {
        return type.getConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            type.getName() + " was made once and now cannot be: " + RecordShape.reason(e), e);
      }
    }

    /** Returns what the plugin says of itself; of one that throws instead, what it threw. */
    public String description() {
      try {
        return String.valueOf(defaults().description());
      } catch (Exception | AssertionError | LinkageError | VirtualMachineError e) {
        return "Its description() threw " + RecordShape.reason(e) + ".";
      }
    }
  }

  Catalog(Class<P> kind, Catalogs all) {
    this.kind = kind;
    this.all = all;
  }

  /** Returns what a user calls one of these: {@code pruning method}, {@code stage or recipe}. */
  public String kind() {
    return Kind.word(kind);
  }

  /** Returns the names that can be asked for, sorted. */
  public List<String> names() {
    return entries().stream().map(Entry::name).toList();
  }

  /** Returns what can be asked for, sorted by name. */
  public List<Entry<P>> entries() {
    return all.providers(kind).stream()
        .filter(group -> group.size() == 1)
        .map(group -> entry(group.get(0)))
        .sorted(Comparator.comparing((Entry<P> entry) -> entry.name()))
        .toList();
  }

  /** Returns the plugin of a name, if there is exactly one. */
  public Optional<Entry<P>> find(String name) {
    return entries().stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /**
   * Returns the plugin of a name.
   *
   * @throws PluginException when there is none, or more than one; it says what there is instead
   */
  public Entry<P> named(String name) {
    return find(name).orElseThrow(() -> new PluginException(absence(name)));
  }

  private Entry<P> entry(Provider provider) {
    return new Entry<>(
        provider.name(),
        provider.kind().word(),
        provider.type().asSubclass(kind),
        provider.origin());
  }

  private String absence(String name) {
    for (List<Provider> group : all.providers(kind)) {
      if (group.get(0).name().equals(name)) {
        return "'%s' is the name of several plugins: %s; keep one of them"
            .formatted(name, String.join(" and ", group.stream().map(Provider::where).toList()));
      }
    }
    List<Entry<?>> elsewhere = all.everywhere(name);
    if (!elsewhere.isEmpty()) {
      return elsewhere(elsewhere.get(0));
    }
    StringBuilder message = new StringBuilder();
    message.append("there is no ").append(kind()).append(" '").append(name).append("'.");
    message.append(DidYouMean.among(name, names()));
    message.append(
        names().isEmpty() ? " There are none." : " There are: " + String.join(", ", names()) + ".");
    if (!all.broken().isEmpty()) {
      message.append(" Could not be loaded: ");
      message.append(String.join("; ", all.broken().stream().map(Broken::toString).toList()));
    }
    return message.toString();
  }

  private String elsewhere(Entry<?> entry) {
    Kind other = Kind.of(entry.type()).orElseThrow();
    return "'%s' is %s, not %s: %s"
        .formatted(
            entry.name(),
            Names.one(entry.kind()),
            Names.one(kind()),
            other.place(example(entry, other)));
  }

  /** The plugin as a study file writes it, its first simple settings shown with their defaults. */
  private static String example(Entry<?> entry, Kind kind) {
    if (!Step.class.isAssignableFrom(kind.service())) {
      return entry.name();
    }
    RecordShape shape = new RecordShape(entry.type());
    List<Object> values = shape.values(entry.defaults());
    List<String> settings = new ArrayList<>();
    for (int i = 0; i < values.size() && settings.size() < EXAMPLE_SETTINGS; i++) {
      if (SettingType.isScalar(shape.parts().get(i).type())) {
        settings.add(shape.names().get(i) + ": " + Settings.written(values.get(i)));
      }
    }
    return settings.isEmpty()
        ? entry.name()
        : entry.name() + ": {" + String.join(", ", settings) + "}";
  }
}
