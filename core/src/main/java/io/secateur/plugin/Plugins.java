package io.secateur.plugin;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.Plugin;
import io.secateur.spi.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Binds plugins by name, and the steps of a pipeline with their labels. */
final class Plugins {
  private final Catalogs catalogs;
  private final RecordValues records;
  private final Faults faults;

  Plugins(Catalogs catalogs, RecordValues records, Faults faults) {
    this.catalogs = catalogs;
    this.records = records;
    this.faults = faults;
  }

  /** Binds {@code name}, {@code {name: {…}}}, or {@code {name: …, other: …}} of a flat plugin. */
  Optional<Object> bind(Node node, Class<? extends Plugin> kind) {
    Catalog<? extends Plugin> catalog = catalogs.of(kind);
    if (node instanceof ScalarNode name && !Scalars.isNothing(node)) {
      return named(name, Choices.nothing(name), catalog);
    }
    if (node instanceof MappingNode mapping) {
      Optional<ScalarNode> flat = flat(mapping, catalog);
      if (flat.isPresent()) {
        return named(flat.get(), mapping, catalog);
      }
      if (mapping.getValue().size() == 1
          && mapping.getValue().get(0).getKeyNode() instanceof ScalarNode name) {
        return named(name, mapping.getValue().get(0).getValueNode(), catalog);
      }
      if (mapping.getValue().size() > 1) {
        return several(mapping, catalog);
      }
    }
    faults.add(
        node,
        "expected %s by name, got %s; there are: %s"
            .formatted(
                Names.one(catalog.kind()),
                Scalars.shown(node),
                String.join(", ", catalog.names())));
    return Optional.empty();
  }

  /** Binds the settings of a record that is named by its type alone. */
  Optional<Object> record(Node node, Class<?> record) {
    return records.bind(node, node, record, Names.kebab(record.getSimpleName()));
  }

  /** Binds a step whose settings may hold {@code label}. */
  Optional<Object> labelled(Node node) {
    int before = faults.size();
    LabelledSteps.Unlabelled step = LabelledSteps.unlabelled(node, faults);
    Optional<Object> bound = bind(step.node(), Step.class);
    return faults.size() > before
        ? Optional.empty()
        : bound.map(value -> new LabelledStep((Step) value, step.label()));
  }

  private Optional<Object> named(
      ScalarNode name, Node settings, Catalog<? extends Plugin> catalog) {
    try {
      Catalog.Entry<? extends Plugin> entry = catalog.named(name.getValue());
      return records.bind(settings, name, entry.type(), entry.name());
    } catch (PluginException e) {
      faults.add(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * The name in a mapping of all settings of a plugin that has a setting of its own name: {@code
   * {rounds: 5, stages: […]}} is the recipe {@code rounds}.
   */
  private static Optional<ScalarNode> flat(MappingNode mapping, Catalog<? extends Plugin> catalog) {
    if (mapping.getValue().size() < 2) {
      return Optional.empty();
    }
    List<ScalarNode> names = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        catalog
            .find(key.getValue())
            .filter(entry -> new RecordShape(entry.type()).indexOf(entry.name()) >= 0)
            .ifPresent(entry -> names.add(key));
      }
    }
    return names.size() == 1 ? Optional.of(names.get(0)) : Optional.empty();
  }

  private Optional<Object> several(MappingNode mapping, Catalog<? extends Plugin> catalog) {
    List<String> keys =
        mapping.getValue().stream().map(tuple -> Scalars.shown(tuple.getKeyNode())).toList();
    String first = keys.get(0).replace("'", "");
    faults.add(
        mapping.getValue().get(1).getKeyNode(),
        "expected one %s, got %s; the settings of %s are indented under it, {%s: {%s: …}}"
            .formatted(
                catalog.kind(),
                String.join(", ", keys),
                keys.get(0),
                first,
                keys.get(1).replace("'", "")));
    return Optional.empty();
  }
}
