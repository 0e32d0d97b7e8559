package io.secateur.plugin;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Binds single words and numbers. */
final class Scalars {
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern REAL =
      Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  private static final Pattern INFINITE = Pattern.compile("[-+]?\\.?inf", Pattern.CASE_INSENSITIVE);
  private static final Pattern PERCENT = Pattern.compile("([0-9]+(\\.[0-9]+)?)\\s*%");
  private static final int SHOWN = 40;

  private final Faults faults;

  Scalars(Faults faults) {
    this.faults = faults;
  }

  /** Returns whether a node says nothing: absent after a colon, {@code ~} or {@code null}. */
  static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && List.of("", "~", "null", "Null", "NULL").contains(scalar.getValue());
  }

  /** Returns whether a node is a plain number. */
  static boolean isNumber(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && (REAL.matcher(scalar.getValue()).matches()
            || INFINITE.matcher(scalar.getValue()).matches());
  }

  /** Returns what a node holds, short enough for a message. */
  static String shown(Node node) {
    if (node instanceof ScalarNode scalar) {
      if (isNothing(node)) {
        return "nothing";
      }
      String text = scalar.getValue();
      return "'" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "'";
    }
    return node instanceof MappingNode ? "settings" : "a list";
  }

  Optional<Object> bind(Node node, Class<?> type) {
    if (SettingType.WHOLE.contains(type)) {
      return whole(node, type);
    }
    if (SettingType.REAL.contains(type)) {
      return real(node, type);
    }
    if (SettingType.isTruth(type)) {
      return truth(node);
    }
    return type == String.class ? text(node) : constant(node, type);
  }

  private Optional<Object> whole(Node node, Class<?> type) {
    boolean isInt = type == int.class || type == Integer.class;
    Optional<String> text = scalar(node, "a whole number");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!WHOLE.matcher(text.get()).matches()) {
      return refuse(node, "a whole number", "");
    }
    try {
      // Boxed apart: a conditional expression would widen the int to a long.
      Object number;
      if (isInt) {
        number = Integer.valueOf(text.get());
      } else {
        number = Long.valueOf(text.get());
      }
      return Optional.of(number);
    } catch (NumberFormatException e) {
      long low = isInt ? Integer.MIN_VALUE : Long.MIN_VALUE;
      long high = isInt ? Integer.MAX_VALUE : Long.MAX_VALUE;
      return refuse(node, "a whole number from " + low + " to " + high, "");
    }
  }

  private Optional<Object> real(Node node, Class<?> type) {
    Optional<String> text = scalar(node, "a number");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    boolean infinite = INFINITE.matcher(text.get()).matches();
    if (!infinite && !REAL.matcher(text.get()).matches()) {
      var percent = PERCENT.matcher(text.get());
      String instead =
          percent.matches()
              ? "; a fraction is written " + Written.number(percent(percent.group(1)))
              : "";
      return refuse(node, "a number", instead);
    }
    boolean single = type == float.class || type == Float.class;
    double number =
        infinite
            ? (text.get().startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY)
            : Double.parseDouble(text.get());
    if (!infinite && Double.isInfinite(single ? (float) number : number)) {
      return refuse(node, "a number that fits " + (single ? "32" : "64") + " bits", "");
    }
    Object bound;
    if (single) {
      // From the text: going through the double would round twice.
      bound = infinite ? (float) number : Float.parseFloat(text.get());
    } else {
      bound = number;
    }
    return Optional.of(bound);
  }

  private static double percent(String digits) {
    return new BigDecimal(digits).movePointLeft(2).doubleValue();
  }

  private Optional<Object> truth(Node node) {
    Optional<String> text = scalar(node, "true or false");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().equalsIgnoreCase("true") || text.get().equalsIgnoreCase("false")) {
      return Optional.of(Boolean.valueOf(text.get()));
    }
    return refuse(node, "true or false", "");
  }

  /** Binds text; digits are text too where text is asked for. */
  Optional<Object> text(Node node) {
    return scalar(node, "text").map(Object.class::cast);
  }

  private Optional<Object> constant(Node node, Class<?> type) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> Names.kebab(((Enum<?>) constant).name()))
            .toList();
    Optional<String> text = scalar(node, Names.either(names));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int index = names.indexOf(text.get());
    if (index < 0) {
      String meant = DidYouMean.among(text.get(), names);
      return refuse(node, Names.either(names), meant.isEmpty() ? "" : "." + meant);
    }
    return Optional.of(type.getEnumConstants()[index]);
  }

  private Optional<String> scalar(Node node, String expected) {
    if (node instanceof ScalarNode scalar && !isNothing(node)) {
      return Optional.of(scalar.getValue());
    }
    refuse(node, expected, "");
    return Optional.empty();
  }

  private Optional<Object> refuse(Node node, String expected, String more) {
    faults.add(node, "expected " + expected + ", got " + shown(node) + more);
    return Optional.empty();
  }
}
