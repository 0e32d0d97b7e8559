package io.secateur.plugin;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.Plugin;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Turns the nodes of a YAML file into values: numbers, words, lists, records, choices among
 * records, and plugins by name. Whatever does not fit becomes a fault at its place, and binding
 * goes on, so that one reading reports everything.
 *
 * <p>A plugin is written by its name, {@code l1}, or with settings that differ from its defaults,
 * {@code {l1: {…}}}. So are the alternatives of a sealed interface, {@code global} or {@code
 * {of-remaining: 0.33}}: a record of one component takes its value directly.
 */
public final class Binder {
  private final Faults faults;
  private final Scalars scalars;
  private final Choices choices;
  private final Plugins plugins;

  /**
   * A binder that looks plugins up in {@code catalogs} and adds what is wrong to {@code faults}.
   */
  public Binder(Catalogs catalogs, Faults faults) {
    this.faults = faults;
    this.scalars = new Scalars(faults);
    RecordValues records = new RecordValues(this, faults);
    this.choices = new Choices(records, scalars, faults);
    this.plugins = new Plugins(catalogs, records, faults);
  }

  /**
   * Returns what a text writes that stands alone: {@code l1}, or {@code {ffn: {hidden: [16]}}}.
   *
   * @param where what messages call the text's place
   * @throws PluginException with all that is wrong, one line each
   */
  public static <T> T read(String text, String where, Class<T> type, Catalogs catalogs) {
    Faults faults = new Faults();
    Optional<T> bound =
        YamlDocument.read(text, where, faults)
            .flatMap(node -> new Binder(catalogs, faults).bind(node, type));
    return bound.orElseThrow(
        () ->
            new PluginException(
                faults.list().stream()
                    .map(fault -> where + " " + text + ": " + fault.message())
                    .collect(Collectors.joining("\n"))));
  }

  /**
   * Binds a node.
   *
   * @param type a scalar's type, an enum, a record, a sealed interface, a kind of plugin, or {@link
   *     LabelledStep}
   * @return the value; nothing when at least one fault was added
   */
  public <T> Optional<T> bind(Node node, Class<T> type) {
    int before = faults.size();
    Optional<Object> value = value(node, type);
    return faults.size() > before ? Optional.empty() : value.map(boxed(type)::cast);
  }

  /** Binds each element of a list; nothing when at least one fault was added. */
  public <T> Optional<List<T>> bindList(Node node, Class<T> type) {
    int before = faults.size();
    List<T> values = new ArrayList<>();
    for (Node element : elements(node)) {
      bind(element, type).ifPresent(values::add);
    }
    return faults.size() > before ? Optional.empty() : Optional.of(List.copyOf(values));
  }

  Optional<Object> value(Node node, Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic(node, generic);
    }
    Class<?> plain = (Class<?>) type;
    if (SettingType.isScalar(plain)) {
      return scalars.bind(node, plain);
    }
    if (plain == LabelledStep.class) {
      return plugins.labelled(node);
    }
    if (plain.isInterface() && Plugin.class.isAssignableFrom(plain)) {
      return plugins.bind(node, plain.asSubclass(Plugin.class));
    }
    return SettingType.isChoice(plain)
        ? choices.bind(node, new Choice(plain))
        : plugins.record(node, plain);
  }

  private Optional<Object> generic(Node node, ParameterizedType type) {
    Type raw = type.getRawType();
    if (raw == Optional.class) {
      return Scalars.isNothing(node) || isNone(node, SettingType.argument(type, 0))
          ? Optional.of(Optional.empty())
          : value(node, SettingType.argument(type, 0)).map(Optional::of);
    }
    if (raw == Map.class) {
      return map(node, SettingType.argument(type, 1));
    }
    return list(node, SettingType.argument(type, 0))
        .map(raw == Set.class ? Binder::asSet : list -> list);
  }

  // Text of that word is written in quotes.
  private static boolean isNone(Node node, Type type) {
    return node instanceof ScalarNode scalar
        && scalar.getValue().equals("none")
        && (type != String.class || scalar.getScalarStyle() == ScalarStyle.PLAIN);
  }

  private static Object asSet(Object list) {
    return Collections.unmodifiableSet(new LinkedHashSet<>((List<?>) list));
  }

  private Optional<Object> list(Node node, Type element) {
    int before = faults.size();
    List<Object> values = new ArrayList<>();
    for (Node one : elements(node)) {
      value(one, element).ifPresent(values::add);
    }
    return faults.size() > before
        ? Optional.empty()
        : Optional.of(Collections.unmodifiableList(values));
  }

  private List<Node> elements(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    String hint =
        node instanceof ScalarNode scalar && !Scalars.isNothing(node)
            ? "; a list of one is written [" + scalar.getValue() + "]"
            : "; a list is written [a, b]";
    faults.add(node, "expected a list, got " + Scalars.shown(node) + hint);
    return List.of();
  }

  private Optional<Object> map(Node node, Type element) {
    int before = faults.size();
    Map<String, Object> values = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        Optional<Object> value = value(tuple.getValueNode(), element);
        scalars
            .text(tuple.getKeyNode())
            .ifPresent(key -> value.ifPresent(v -> values.putIfAbsent((String) key, v)));
      }
    } else {
      faults.add(node, "expected {name: value, …}, got " + Scalars.shown(node));
    }
    return faults.size() > before
        ? Optional.empty()
        : Optional.of(Collections.unmodifiableMap(values));
  }

  @SuppressWarnings("unchecked")
  private static <T> Class<T> boxed(Class<T> type) {
    return (Class<T>) MethodType.methodType(type).wrap().returnType();
  }
}
