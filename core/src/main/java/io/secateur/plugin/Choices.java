package io.secateur.plugin;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Binds one of the alternatives of a sealed interface. */
final class Choices {
  private final RecordValues records;
  private final Scalars scalars;
  private final Faults faults;

  Choices(RecordValues records, Scalars scalars, Faults faults) {
    this.records = records;
    this.scalars = scalars;
    this.faults = faults;
  }

  Optional<Object> bind(Node node, Choice choice) {
    if (node instanceof MappingNode mapping && mapping.getValue().size() == 1) {
      NodeTuple only = mapping.getValue().get(0);
      if (only.getKeyNode() instanceof ScalarNode key) {
        Optional<Class<?>> record = choice.named(key.getValue());
        return record.isPresent()
            ? records.bind(only.getValueNode(), key, record.get(), key.getValue())
            : refuse(key, choice, key.getValue());
      }
    }
    if (node instanceof ScalarNode scalar && !Scalars.isNothing(node)) {
      return plain(scalar, choice);
    }
    return refuse(node, choice, "");
  }

  private Optional<Object> plain(ScalarNode node, Choice choice) {
    Optional<Method> ofNumber = choice.factory(double.class);
    if (ofNumber.isPresent() && Scalars.isNumber(node)) {
      return scalars.bind(node, double.class).flatMap(n -> call(ofNumber.get(), n, node, choice));
    }
    Optional<Class<?>> record = choice.named(node.getValue());
    if (record.isPresent()) {
      return records.bind(nothing(node), node, record.get(), node.getValue());
    }
    Optional<Method> ofText = choice.factory(String.class);
    return ofText.isPresent()
        ? call(ofText.get(), node.getValue(), node, choice)
        : refuse(node, choice, node.getValue());
  }

  /** Returns a node that says nothing, in the place of another. */
  static Node nothing(Node at) {
    return new ScalarNode(
        at.getTag(), true, "", ScalarStyle.PLAIN, at.getStartMark(), at.getEndMark());
  }

  private Optional<Object> call(Method factory, Object argument, Node node, Choice choice) {
    try {
      return Optional.of(Choice.call(factory, argument));
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getTargetException();
      String what =
          thrown instanceof IllegalArgumentException && thrown.getMessage() != null
              ? thrown.getMessage()
              : "it threw " + RecordShape.reason(thrown);
      faults.add(node, "'" + choice.word() + "': " + what);
      return Optional.empty();
    }
  }

  private Optional<Object> refuse(Node node, Choice choice, String written) {
    String meant = written.isEmpty() ? "" : DidYouMean.among(written, choice.names());
    faults.add(
        node,
        "expected %s (%s), got %s%s"
            .formatted(
                Names.one(choice.word()),
                Names.either(choice.forms()),
                Scalars.shown(node),
                meant.isEmpty() ? "" : "." + meant));
    return Optional.empty();
  }
}
