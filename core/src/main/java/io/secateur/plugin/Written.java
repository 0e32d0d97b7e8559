package io.secateur.plugin;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.Plugin;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes values as a study file does, settings that equal the defaults left out. */
final class Written {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]*");
  private static final int DIGITS = 17;
  private static final int PLAIN_ZEROS = 7;

  private Written() {}

  static String of(Object value) {
    if (value instanceof LabelledStep step) {
      return labelled(step);
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(Written::of).orElse("none");
    }
    if (value instanceof Collection<?> values) {
      return "[" + String.join(", ", values.stream().map(Written::of).toList()) + "]";
    }
    if (value instanceof Map<?, ?> map) {
      return braces(
          map.entrySet().stream().map(e -> of(e.getKey()) + ": " + of(e.getValue())).toList());
    }
    if (value instanceof Record record) {
      return record(record);
    }
    return scalar(value);
  }

  private static String labelled(LabelledStep step) {
    if (step.label().isEmpty()) {
      return of(step.step());
    }
    List<String> settings = new ArrayList<>(settings(step.step()));
    settings.add(LabelledSteps.LABEL + ": " + step.label());
    return braces(List.of(step.step().name() + ": " + braces(settings)));
  }

  private static String record(Record record) {
    Optional<String> name = Settings.name(record);
    RecordShape shape = new RecordShape(record.getClass());
    if (name.isEmpty()) {
      // Nothing else would stand for it: its defaults are written out.
      return braces(pairs(shape, shape.values(record)));
    }
    List<String> settings = settings(record);
    if (settings.isEmpty()) {
      return name.get();
    }
    boolean direct = shape.parts().size() == 1 && !(record instanceof Plugin);
    String value = direct ? of(shape.values(record).get(0)) : braces(settings);
    return "{" + name.get() + ": " + value + "}";
  }

  private static List<String> settings(Object record) {
    List<String> settings = new ArrayList<>();
    Settings.differing(record).forEach((name, value) -> settings.add(name + ": " + of(value)));
    return settings;
  }

  /** Returns {@code name: value} for every setting of a record. */
  static List<String> pairs(RecordShape shape, List<Object> values) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      pairs.add(shape.names().get(i) + ": " + of(values.get(i)));
    }
    return pairs;
  }

  private static String braces(List<String> settings) {
    return "{" + String.join(", ", settings) + "}";
  }

  /** Writes a number, an enum's constant, a boolean or text. */
  static String scalar(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return number((Number) value);
    }
    if (value instanceof Enum<?> constant) {
      return Names.kebab(constant.name());
    }
    if (value instanceof String text) {
      return PLAIN.matcher(text).matches() && !List.of("true", "false", "null").contains(text)
          ? text
          : quoted(text);
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw new IllegalArgumentException(
        value.getClass().getName() + " is no setting's type: " + SettingType.KNOWN);
  }

  private static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t")
        + '"';
  }

  /**
   * Writes the shortest decimal that reads back as the same number. Not {@link Double#toString},
   * which gives other digits on Java 19 and later than before.
   */
  static String number(Number value) {
    boolean single = value instanceof Float;
    double number = value.doubleValue();
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.isNaN(number) ? ".nan" : number > 0 ? ".inf" : "-.inf";
    }
    BigDecimal exact = new BigDecimal(number);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= DIGITS; digits++) {
      shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (single ? shortest.floatValue() == value.floatValue() : shortest.doubleValue() == number) {
        break;
      }
    }
    shortest = shortest.stripTrailingZeros();
    boolean plain = shortest.scale() > -PLAIN_ZEROS && shortest.scale() - shortest.precision() < 4;
    String text = plain ? shortest.toPlainString() : shortest.toString();
    return 1 / number == Double.NEGATIVE_INFINITY ? "-" + text : text;
  }
}
