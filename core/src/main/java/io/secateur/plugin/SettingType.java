package io.secateur.plugin;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.Plugin;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which Java types a setting may have. */
final class SettingType {
  /** Whole numbers, with the boxes that lists and maps hold. */
  static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);

  /** Numbers with fractions. */
  static final Set<Class<?>> REAL = Set.of(double.class, Double.class, float.class, Float.class);

  /** What a plugin's author is told. */
  static final String KNOWN =
      "settings are numbers, booleans, String, enums, Optional, List, Set, Map with String keys,"
          + " records, sealed interfaces of records, and plugins";

  private static final Set<Class<?>> TRUTH = Set.of(boolean.class, Boolean.class);

  private SettingType() {}

  static boolean isTruth(Type type) {
    return TRUTH.contains(type);
  }

  /** Returns whether a study file writes it as one word or number. */
  static boolean isScalar(Type type) {
    return WHOLE.contains(type)
        || REAL.contains(type)
        || isTruth(type)
        || type == String.class
        || (type instanceof Class<?> c && c.isEnum());
  }

  /** Returns whether a study file may write it as a mapping. */
  static boolean isMapping(Type type) {
    return type instanceof ParameterizedType generic
        ? generic.getRawType() == Map.class
            || (generic.getRawType() == Optional.class && isMapping(argument(generic, 0)))
        : !isScalar(type);
  }

  /** Returns whether it is one of a closed set of records. */
  static boolean isChoice(Class<?> type) {
    return type.isInterface() && type.isSealed();
  }

  /** Returns an argument of a generic type. */
  static Type argument(ParameterizedType type, int index) {
    return type.getActualTypeArguments()[index];
  }

  /** Returns why a study file cannot give a value of this type; nothing when it can. */
  static Optional<String> refusal(Type type) {
    return refusal(type, new HashSet<>());
  }

  private static Optional<String> refusal(Type type, Set<Type> seen) {
    if (!seen.add(type) || isScalar(type) || type == LabelledStep.class) {
      return Optional.empty();
    }
    if (type instanceof ParameterizedType generic) {
      return genericRefusal(generic, seen);
    }
    if (type instanceof Class<?> c) {
      if (c.isInterface() && Plugin.class.isAssignableFrom(c) && c != Plugin.class) {
        return Optional.empty();
      }
      if (c.isRecord() && c.getTypeParameters().length == 0) {
        return firstRefusal(
            new RecordShape(c).parts().stream().map(RecordShape.Part::type).toList(), seen);
      }
      if (isChoice(c)) {
        return firstRefusal(List.copyOf(new Choice(c).types()), seen);
      }
    }
    return Optional.of("its type is " + type.getTypeName() + "; " + KNOWN);
  }

  private static Optional<String> genericRefusal(ParameterizedType type, Set<Type> seen) {
    Type raw = type.getRawType();
    if (raw == List.class || raw == Optional.class || raw == Set.class) {
      return refusal(argument(type, 0), seen);
    }
    if (raw == Map.class && argument(type, 0) == String.class) {
      return refusal(argument(type, 1), seen);
    }
    return Optional.of(
        "its type is %s; of generic types there are List, Set, Optional, and Map with String keys"
            .formatted(type.getTypeName()));
  }

  private static Optional<String> firstRefusal(List<? extends Type> types, Set<Type> seen) {
    return types.stream().flatMap(type -> refusal(type, seen).stream()).findFirst();
  }
}
