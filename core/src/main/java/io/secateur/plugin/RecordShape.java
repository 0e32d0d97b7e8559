package io.secateur.plugin;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A record class read as settings: its components are their names, its constructor their check. */
final class RecordShape {

  /** A setting: its name as a study file writes it, and what it takes. */
  record Part(String name, Type type, RecordComponent component) {}

  private final Class<?> type;
  private final List<Part> parts;

  RecordShape(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException(
          type.getName() + " is not a record, and only records have settings");
    }
    this.type = type;
    this.parts =
        Arrays.stream(components)
            .map(c -> new Part(Names.kebab(c.getName()), c.getGenericType(), c))
            .toList();
  }

  Class<?> type() {
    return type;
  }

  List<Part> parts() {
    return parts;
  }

  List<String> names() {
    return parts.stream().map(Part::name).toList();
  }

  /** Returns the position of a setting, or -1. */
  int indexOf(String name) {
    return names().indexOf(name);
  }

  /** Returns the values that the no-arg constructor gives; none without such a constructor. */
  Optional<List<Object>> defaults() {
    Constructor<?> constructor;
    try {
      constructor = type.getDeclaredConstructor();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
    try {
      constructor.setAccessible(true);
      return Optional.of(values(constructor.newInstance()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "the defaults of " + type.getName() + " cannot be made: " + reason(e), e);
    }
  }

  /** Returns the settings of an instance, in order. */
  List<Object> values(Object instance) {
    List<Object> values = new ArrayList<>();
    for (Part part : parts) {
      try {
        part.component().getAccessor().setAccessible(true);
        values.add(
            Objects.requireNonNull(
                part.component().getAccessor().invoke(instance),
                () -> "holds a null '" + part.name() + "'"));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            part.name() + " of " + type.getName() + " cannot be read: " + reason(e), e);
      }
    }
    return values;
  }

  /** Makes an instance; what its constructor throws is the cause of what this throws. */
  Object make(List<Object> values) throws InvocationTargetException {
    Class<?>[] types =
        parts.stream().map(part -> part.component().getType()).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw e;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName() + " cannot be made: " + reason(e), e);
    }
  }

  /** Returns a one-line reason: what was thrown in the end, and its message. */
  static String reason(Throwable thrown) {
    Throwable end = thrown;
    while (end.getCause() != null
        && (end instanceof InvocationTargetException
            || end instanceof ExceptionInInitializerError)) {
      end = end.getCause();
    }
    String message = end.getMessage();
    String name = end.getClass().getSimpleName();
    return message == null ? name : (name + ": " + message).replaceAll("\\s+", " ");
  }
}
