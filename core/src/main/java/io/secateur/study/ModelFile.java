package io.secateur.study;

import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Faults;
import io.secateur.plugin.YamlDocument;
import io.secateur.spi.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A model in a file of its own, which a study names: {@code model: {file: models/vgg-11-bn.yaml}},
 * also as the model of {@code pretrained}. The file holds what would stand in its place, and is put
 * there before anything else is read: a run keeps all of its study, whatever becomes of the file.
 */
final class ModelFile {
  private ModelFile() {}

  /**
   * Returns the text of a study with its model's file put in, on one line, so that the lines of
   * what follows stay; the text itself when it names none or is no YAML.
   *
   * @param study where the study lies; the file's path starts from its folder
   * @param faults hears of a file that is not there, or holds no model, with its own lines
   */
  static String inlined(Path study, String text, Catalogs catalogs, Faults faults) {
    Optional<Node> root =
        YamlDocument.read(Grid.shield(text), study.toString(), new Faults())
            .filter(MappingNode.class::isInstance);
    Optional<MappingNode> named = root.flatMap(node -> under(node, "model")).flatMap(ModelFile::of);
    if (named.isEmpty()) {
      return text;
    }
    Node path = named.get().getValue().get(0).getValueNode();
    Optional<String> model = read(study, path, catalogs, faults);
    // The end of a mapping in block style is where the next begins.
    boolean flow = named.get().getFlowStyle() == FlowStyle.FLOW;
    int start = index(text, named.get().getStartMark());
    int end = index(text, (flow ? named.get() : path).getEndMark());
    return model.map(held -> text.substring(0, start) + held + text.substring(end)).orElse(text);
  }

  private static int index(String text, Optional<Mark> mark) {
    return text.offsetByCodePoints(0, mark.orElseThrow().getIndex());
  }

  private static Optional<Node> under(Node node, String key) {
    return node instanceof MappingNode mapping
        ? Nodes.find(mapping, key).map(NodeTuple::getValueNode)
        : Optional.empty();
  }

  /** Returns the mapping {@code {file: …}}, in the model of a model too. */
  private static Optional<MappingNode> of(Node model) {
    if (!(model instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
      return Optional.empty();
    }
    NodeTuple only = mapping.getValue().get(0);
    if (Nodes.text(only.getKeyNode()).equals("file")) {
      return only.getValueNode() instanceof ScalarNode ? Optional.of(mapping) : Optional.empty();
    }
    return under(only.getValueNode(), "model").flatMap(ModelFile::of);
  }

  private static Optional<String> read(Path study, Node path, Catalogs catalogs, Faults faults) {
    Path file = study.resolveSibling(Nodes.text(path));
    try {
      Optional<Node> model = YamlDocument.read(Files.readString(file), file.toString(), faults);
      // Bound for its faults alone, which so have the places that their author sees.
      return model
          .filter(node -> new Binder(catalogs, faults).bind(node, ModelSource.class).isPresent())
          .map(ModelFile::flow);
    } catch (NoSuchFileException e) {
      faults.add(path, "there is no model file " + file);
    } catch (IOException e) {
      faults.add(path, "the model file %s cannot be read: %s".formatted(file, e));
    }
    return Optional.empty();
  }

  private static String flow(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream()
          .map(ModelFile::flow)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (node instanceof MappingNode mapping) {
      return mapping.getValue().stream()
          .map(tuple -> flow(tuple.getKeyNode()) + ": " + flow(tuple.getValueNode()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    ScalarNode scalar = (ScalarNode) node;
    String value = scalar.getValue();
    boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN && value.matches("[\\w.+-]+");
    return plain
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
