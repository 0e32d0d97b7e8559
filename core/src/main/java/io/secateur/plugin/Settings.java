package io.secateur.plugin;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.Plugin;
import io.secateur.spi.Step;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the settings of plugins back: as text for keys and for study files, and described. */
public final class Settings {
  private Settings() {}

  /**
   * Returns a plugin as {@code name{setting=value,…}}, or any value that a setting may have. Only
   * what differs from the defaults is there, settings within settings likewise. Equal values give
   * equal text in every process; maps and sets are sorted, so their order carries no meaning.
   */
  public static String canonical(Object value) {
    return Canonical.of(value);
  }

  /** Returns a plugin as {@link #canonical} does, but with all its own settings, for people. */
  public static String complete(Plugin plugin) {
    RecordShape shape = new RecordShape(plugin.getClass());
    List<Object> values = shape.values(plugin);
    List<String> settings = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      settings.add(shape.names().get(i) + "=" + canonical(values.get(i)));
    }
    return settings.isEmpty()
        ? plugin.name()
        : plugin.name() + "{" + String.join(",", settings) + "}";
  }

  /** Returns a value as a study file writes it: {@code {imp: {rounds: 5}}}. */
  public static String written(Object value) {
    return Written.of(value);
  }

  /** Returns a plugin as {@link #written} does, but with all its own settings. */
  public static String writtenInFull(Plugin plugin) {
    RecordShape shape = new RecordShape(plugin.getClass());
    List<String> pairs = Written.pairs(shape, shape.values(plugin));
    return pairs.isEmpty()
        ? plugin.name()
        : "{" + plugin.name() + ": {" + String.join(", ", pairs) + "}}";
  }

  /**
   * Returns the settings of a plugin, or of another record that a study file holds, in order; the
   * names that they may hold come from {@code catalogs}.
   */
  public static List<Setting> describe(Class<?> type, Catalogs catalogs) {
    RecordShape shape = new RecordShape(type);
    Optional<List<Object>> defaults = shape.defaults();
    Properties texts = SettingTexts.of(type);
    List<Setting> settings = new ArrayList<>();
    for (int i = 0; i < shape.parts().size(); i++) {
      RecordShape.Part part = shape.parts().get(i);
      String byDefault = defaults.isPresent() ? written(defaults.get().get(i)) : missing(part);
      settings.add(
          new Setting(
              part.name(),
              words(part.type()),
              byDefault,
              allowed(part.type(), catalogs),
              texts.getProperty(part.component().getName(), "")));
    }
    return List.copyOf(settings);
  }

  /** Returns what an optional setting is without any defaults; empty for one that must be given. */
  private static String missing(RecordShape.Part part) {
    return part.type() instanceof ParameterizedType generic
            && generic.getRawType() == Optional.class
        ? "none"
        : "";
  }

  /**
   * Returns a value's plugins: itself if it is one, and all within its settings, outermost first.
   */
  public static List<Plugin> plugins(Object value) {
    List<Plugin> found = new ArrayList<>();
    collect(value, found);
    return List.copyOf(found);
  }

  private static void collect(Object value, List<Plugin> found) {
    if (value instanceof Plugin plugin) {
      found.add(plugin);
    }
    if (value instanceof Record record) {
      new RecordShape(record.getClass()).values(record).forEach(part -> collect(part, found));
    } else if (value instanceof Collection<?> values) {
      values.forEach(one -> collect(one, found));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(one -> collect(one, found));
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(one -> collect(one, found));
    }
  }

  /** Returns the settings of a record that differ from its defaults; all, where it has none. */
  static Map<String, Object> differing(Object record) {
    RecordShape shape = new RecordShape(record.getClass());
    List<Object> values = shape.values(record);
    Optional<List<Object>> defaults = shape.defaults();
    Map<String, Object> differing = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      if (defaults.isEmpty() || !values.get(i).equals(defaults.get().get(i))) {
        differing.put(shape.names().get(i), values.get(i));
      }
    }
    return differing;
  }

  /** Returns what a study file calls a record: a plugin's name, or an alternative's. */
  static Optional<String> name(Record record) {
    if (record instanceof Plugin plugin) {
      return Optional.of(plugin.name());
    }
    return Arrays.stream(record.getClass().getInterfaces()).anyMatch(SettingType::isChoice)
        ? Optional.of(Names.kebab(record.getClass().getSimpleName()))
        : Optional.empty();
  }

  private static String words(Type type) {
    if (type instanceof ParameterizedType generic) {
      String last =
          words(SettingType.argument(generic, generic.getActualTypeArguments().length - 1));
      Type raw = generic.getRawType();
      return raw == Optional.class
          ? last + ", or none"
          : (raw == Map.class ? "map from names to: " : "list of: ") + last;
    }
    Class<?> plain = (Class<?>) type;
    if (SettingType.WHOLE.contains(plain)) {
      return "whole number";
    }
    if (SettingType.REAL.contains(plain)) {
      return "number";
    }
    if (SettingType.isTruth(plain)) {
      return "true or false";
    }
    if (plain == String.class) {
      return "text";
    }
    if (plain == LabelledStep.class) {
      return "stage or recipe";
    }
    return plain.isInterface() && Plugin.class.isAssignableFrom(plain)
        ? Kind.word(plain)
        : Names.words(plain);
  }

  private static String allowed(Type type, Catalogs catalogs) {
    if (type instanceof ParameterizedType generic) {
      int last = generic.getActualTypeArguments().length - 1;
      return allowed(SettingType.argument(generic, last), catalogs);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return String.join(
          ", ", Arrays.stream(plain.getEnumConstants()).map(Written::scalar).toList());
    }
    if (SettingType.isScalar(plain)) {
      return "";
    }
    if (plain == LabelledStep.class) {
      return String.join(", ", catalogs.of(Step.class).names());
    }
    if (plain.isInterface() && Plugin.class.isAssignableFrom(plain)) {
      return String.join(", ", catalogs.of(plain.asSubclass(Plugin.class)).names());
    }
    if (SettingType.isChoice(plain)) {
      Choice choice = new Choice(plain);
      return String.join(", ", choice.fullForms()) + within(choice);
    }
    RecordShape shape = new RecordShape(plain);
    return "{" + String.join(": …, ", shape.names()) + ": …}";
  }

  /** Returns how the choices within the alternatives of a choice are written, each once. */
  private static String within(Choice choice) {
    Set<Class<?>> inner = new LinkedHashSet<>();
    for (Class<?> type : choice.types()) {
      for (RecordShape.Part part : new RecordShape(type).parts()) {
        if (part.type() instanceof Class<?> plain && SettingType.isChoice(plain)) {
          inner.add(plain);
        }
      }
    }
    return inner.stream()
        .map(Choice::new)
        .map(each -> "; a " + each.word() + ": " + Names.either(each.forms()))
        .collect(Collectors.joining());
  }
}
