package io.secateur.plugin;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes values so that equal ones read the same on every Java and machine: the text of keys. */
final class Canonical {
  private Canonical() {}

  static String of(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(Canonical::of).orElse("none");
    }
    if (value instanceof Map<?, ?> map) {
      // Sorted: unmodifiable maps and sets are ordered anew in every process.
      List<String> entries =
          map.entrySet().stream()
              .map(e -> of(e.getKey()) + "=" + of(e.getValue()))
              .sorted()
              .toList();
      return "{" + String.join(",", entries) + "}";
    }
    if (value instanceof Collection<?> values) {
      List<String> elements = values.stream().map(Canonical::of).toList();
      return "["
          + String.join(",", value instanceof Set ? elements.stream().sorted().toList() : elements)
          + "]";
    }
    return value instanceof Record record ? record(record) : Written.scalar(value);
  }

  private static String record(Record record) {
    List<String> settings =
        Settings.differing(record).entrySet().stream()
            .map(e -> e.getKey() + "=" + of(e.getValue()))
            .toList();
    Optional<String> name = Settings.name(record);
    return name.isPresent() && settings.isEmpty()
        ? name.get()
        : name.orElse("") + "{" + String.join(",", settings) + "}";
  }
}
