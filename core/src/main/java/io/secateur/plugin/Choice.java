package io.secateur.plugin;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A sealed interface read as a choice: each permitted record is an alternative under its name, and
 * a static {@code of} takes what is written as a plain number or word.
 */
final class Choice {
  private final Class<?> type;

  /** By name: implicitly permitted classes stand in an order that changes from build to build. */
  private final Map<String, Class<?>> alternatives = new TreeMap<>();

  Choice(Class<?> type) {
    this.type = type;
    collect(type);
  }

  private void collect(Class<?> sealed) {
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (SettingType.isChoice(permitted)) {
        collect(permitted);
      } else {
        alternatives.put(Names.kebab(permitted.getSimpleName()), permitted);
      }
    }
  }

  /** Returns what a user calls it: {@code learning rate}. */
  String word() {
    return Names.words(type);
  }

  List<String> names() {
    return List.copyOf(alternatives.keySet());
  }

  Collection<Class<?>> types() {
    return alternatives.values();
  }

  Optional<Class<?>> named(String name) {
    return Optional.ofNullable(alternatives.get(name));
  }

  /** Returns how each alternative is written at its shortest, the plain number first. */
  List<String> forms() {
    return forms((name, record) -> isOptional(record) ? name : form(name, record));
  }

  /** Returns how each alternative is written with all its settings, the plain number first. */
  List<String> fullForms() {
    return forms(
        (name, record) -> isOptional(record) ? fullForm(name, record) : form(name, record));
  }

  private List<String> forms(BiFunction<String, Class<?>, String> form) {
    List<String> forms = new ArrayList<>();
    if (factory(double.class).isPresent()) {
      forms.add("a number");
    }
    alternatives.forEach((name, record) -> forms.add(form.apply(name, record)));
    return forms;
  }

  private static boolean isOptional(Class<?> record) {
    return new RecordShape(record).defaults().isPresent();
  }

  private static String fullForm(String name, Class<?> record) {
    RecordShape shape = new RecordShape(record);
    List<Object> defaults = shape.defaults().orElseThrow();
    return switch (defaults.size()) {
      case 0 -> name;
      case 1 -> "{" + name + ": " + Written.of(defaults.get(0)) + "}";
      default -> "{" + name + ": {" + String.join(", ", Written.pairs(shape, defaults)) + "}}";
    };
  }

  /** Returns {@code global}, {@code {tile: WIDTH}} or {@code {block: {height: …, width: …}}}. */
  static String form(String name, Class<?> record) {
    RecordShape shape = new RecordShape(record);
    List<String> settings = shape.names();
    return switch (settings.size()) {
      case 0 -> name;
      case 1 -> "{" + name + ": " + settings.get(0).toUpperCase(Locale.ROOT) + "}";
      default -> "{" + name + ": {" + String.join(": …, ", settings) + ": …}}";
    };
  }

  /** Returns the public static {@code of} that takes a plain value of some type. */
  Optional<Method> factory(Class<?> argument) {
    try {
      Method of = type.getMethod("of", argument);
      boolean fits =
          Modifier.isStatic(of.getModifiers()) && type.isAssignableFrom(of.getReturnType());
      return fits ? Optional.of(of) : Optional.empty();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
  }

  /** Calls a factory; what it throws is the cause of what this throws. */
  static Object call(Method factory, Object argument) throws InvocationTargetException {
    try {
      factory.setAccessible(true);
      return Objects.requireNonNull(factory.invoke(null, argument), "of gave null");
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(factory + " cannot be called", e);
    }
  }
}
