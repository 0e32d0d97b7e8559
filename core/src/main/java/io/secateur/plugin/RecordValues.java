package io.secateur.plugin;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Binds the settings of a record. What is left out comes from its no-arg constructor; a record of
 * one component also takes the value itself, and so does the component that has the record's name.
 */
final class RecordValues {
  private final Binder binder;
  private final Faults faults;

  RecordValues(Binder binder, Faults faults) {
    this.binder = binder;
    this.faults = faults;
  }

  /**
   * Binds settings.
   *
   * @param node the settings, or nothing for the defaults
   * @param at where a fault of the record as a whole stands
   * @param name what the user calls the record
   */
  Optional<Object> bind(Node node, Node at, Class<?> record, String name) {
    RecordShape shape = new RecordShape(record);
    Optional<Map<Integer, Node>> given = given(node, shape, name);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    int before = faults.size();
    Optional<List<Object>> defaults = shape.defaults();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < shape.parts().size(); i++) {
      RecordShape.Part part = shape.parts().get(i);
      Node written = given.get().get(i);
      if (written != null && !Scalars.isNothing(written)) {
        binder.value(written, part.type()).ifPresent(values::add);
      } else if (defaults.isPresent()) {
        values.add(defaults.get().get(i));
      } else if (part.type() instanceof ParameterizedType generic
          && generic.getRawType() == Optional.class) {
        values.add(Optional.empty());
      } else {
        faults.add(
            at,
            "'%s' needs '%s': write %s".formatted(name, part.name(), Choice.form(name, record)));
      }
    }
    return faults.size() > before
        ? Optional.empty()
        : make(shape, values, defaults, given.get(), at, name);
  }

  /** Returns which components are given, by index; nothing when a fault was added. */
  private Optional<Map<Integer, Node>> given(Node node, RecordShape shape, String name) {
    if (Scalars.isNothing(node)) {
      return Optional.of(Map.of());
    }
    int direct = shape.parts().size() == 1 ? 0 : shape.indexOf(name);
    if (direct >= 0 && isDirect(node, shape.parts().get(direct))) {
      return Optional.of(Map.of(direct, node));
    }
    if (node instanceof MappingNode mapping) {
      return settings(mapping, shape, name);
    }
    faults.add(
        node,
        shape.parts().isEmpty()
            ? "'%s' has no settings, got %s".formatted(name, Scalars.shown(node))
            : "expected settings of '%s' as {%s: …}, got %s"
                .formatted(name, shape.names().get(0), Scalars.shown(node)));
    return Optional.empty();
  }

  /** Whether a node is the value of a component rather than a mapping from settings to values. */
  private static boolean isDirect(Node node, RecordShape.Part part) {
    if (!(node instanceof MappingNode mapping)) {
      return true;
    }
    return SettingType.isMapping(part.type())
        && mapping.getValue().stream().noneMatch(tuple -> isKey(tuple, part.name()));
  }

  private static boolean isKey(NodeTuple tuple, String name) {
    return tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name);
  }

  private Optional<Map<Integer, Node>> settings(
      MappingNode mapping, RecordShape shape, String name) {
    int before = faults.size();
    Map<Integer, Node> given = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      String written = key instanceof ScalarNode scalar ? scalar.getValue() : "";
      int index = shape.indexOf(written);
      if (index >= 0) {
        given.putIfAbsent(index, tuple.getValueNode());
      } else if (shape.parts().isEmpty()) {
        faults.add(key, "'%s' has no settings, got %s".formatted(name, Scalars.shown(key)));
      } else {
        faults.add(
            key,
            "'%s' has no setting %s.%s Its settings: %s"
                .formatted(
                    name,
                    Scalars.shown(key),
                    DidYouMean.among(written, shape.names()),
                    String.join(", ", shape.names())));
      }
    }
    if (faults.size() > before) {
      // The values of known settings may be wrong as well, and are looked at for that.
      given.forEach(
          (index, node) -> {
            if (!Scalars.isNothing(node)) {
              binder.value(node, shape.parts().get(index).type());
            }
          });
      return Optional.empty();
    }
    return Optional.of(given);
  }

  private Optional<Object> make(
      RecordShape shape,
      List<Object> values,
      Optional<List<Object>> defaults,
      Map<Integer, Node> given,
      Node at,
      String name) {
    try {
      return Optional.of(shape.make(values));
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getTargetException();
      Node culprit = culprit(shape, values, defaults, given, thrown).orElse(at);
      String what =
          thrown instanceof IllegalArgumentException && thrown.getMessage() != null
              ? thrown.getMessage()
              : "its constructor threw " + RecordShape.reason(thrown);
      faults.add(culprit, "'" + name + "': " + what);
      return Optional.empty();
    }
  }

  /** The one setting that fails so on its own, all others at their defaults. */
  private static Optional<Node> culprit(
      RecordShape shape,
      List<Object> values,
      Optional<List<Object>> defaults,
      Map<Integer, Node> given,
      Throwable thrown) {
    if (given.size() == 1) {
      return given.values().stream().findFirst();
    }
    List<Node> guilty = new ArrayList<>();
    for (Map.Entry<Integer, Node> one : given.entrySet()) {
      List<Object> others = new ArrayList<>(defaults.orElse(List.of()));
      if (others.isEmpty()) {
        return Optional.empty();
      }
      others.set(one.getKey(), values.get(one.getKey()));
      try {
        shape.make(others);
      } catch (InvocationTargetException e) {
        if (RecordShape.reason(e).equals(RecordShape.reason(thrown))) {
          guilty.add(one.getValue());
        }
      }
    }
    return guilty.size() == 1 ? Optional.of(guilty.get(0)) : Optional.empty();
  }
}
