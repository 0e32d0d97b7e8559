package io.secateur.plugin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the text of a YAML file into nodes that keep their places. Of YAML 1.2 it takes mappings,
 * lists and scalars; aliases and tags are refused, since a fault behind one has no single place,
 * and so are keys given twice.
 */
public final class YamlDocument {
  private static final int LARGEST = 1 << 20;
  private static final int DEEPEST = 64;

  private YamlDocument() {}

  /**
   * Reads a file's text.
   *
   * @param source what faults call the file
   * @return its root; nothing when the text is no YAML, or empty, which is a fault then
   */
  public static Optional<Node> read(String text, String source, Faults faults) {
    if (text.length() > LARGEST) {
      faults.add(
          new Fault(
              "is %d characters long; at most %d are read".formatted(text.length(), LARGEST),
              source,
              1,
              1));
      return Optional.empty();
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(source)
            .setUseMarks(true)
            .setAllowDuplicateKeys(true)
            .setAllowNonScalarKeys(true)
            .build();
    try {
      if (!isPlain(new Parse(settings).parseString(text), faults)) {
        return Optional.empty();
      }
      Optional<Node> root = new Compose(settings).composeString(text);
      root.ifPresentOrElse(
          node -> refuseDuplicates(node, faults),
          () -> faults.add(new Fault("is empty", source, 1, 1)));
      return root;
    } catch (MarkedYamlEngineException e) {
      e.getProblemMark()
          .or(e::getContextMark)
          .ifPresentOrElse(
              mark -> faults.add(mark, problem(e)),
              () -> faults.add(new Fault(problem(e), source, 1, 1)));
    } catch (ReaderException e) {
      faults.add(unreadable(text, source, e));
    } catch (YamlEngineException e) {
      faults.add(new Fault("is no YAML: " + e.getMessage(), source, 1, 1));
    }
    return Optional.empty();
  }

  private static String problem(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("(TAB)")) {
      return "is indented with a tab; YAML is indented with spaces";
    }
    String context =
        e.getContext() == null || e.getContext().isBlank() ? "" : e.getContext() + ": ";
    return "is no YAML: " + (context + problem).replaceAll("\\s+", " ");
  }

  private static Fault unreadable(String text, String source, ReaderException e) {
    int end =
        text.offsetByCodePoints(
            0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
    String before = text.substring(0, end);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    int column = end - before.lastIndexOf('\n');
    return new Fault(
        "holds the character U+%04X, which is not allowed in YAML".formatted(e.getCodePoint()),
        source,
        line,
        column);
  }

  /** Whether the events hold no alias and no tag, and are not nested beyond reason. */
  private static boolean isPlain(Iterable<Event> events, Faults faults) {
    int before = faults.size();
    int depth = 0;
    for (Event event : events) {
      Mark at = event.getStartMark().orElseThrow();
      if (event instanceof AliasEvent alias) {
        faults.add(
            at,
            "'*%s' is an alias, and those are not read; write the value out"
                .formatted(alias.getAlias()));
      } else if (event instanceof ScalarEvent scalar && scalar.getTag().isPresent()) {
        faults.add(at, tagged(scalar.getTag().get()));
      } else if (event instanceof CollectionStartEvent start) {
        start.getTag().ifPresent(tag -> faults.add(at, tagged(tag)));
        depth++;
        if (depth > DEEPEST) {
          faults.add(at, "is nested deeper than " + DEEPEST + " levels");
          return false;
        }
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
    return faults.size() == before;
  }

  private static String tagged(String tag) {
    return "the tag '" + tag + "' is not read; write the value alone";
  }

  private static void refuseDuplicates(Node root, Faults faults) {
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (node instanceof SequenceNode sequence) {
        sequence.getValue().forEach(open::push);
      } else if (node instanceof MappingNode mapping) {
        Map<String, Node> first = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
          open.push(tuple.getValueNode());
          refuseDuplicate(tuple.getKeyNode(), first, faults);
        }
      }
    }
  }

  private static void refuseDuplicate(Node key, Map<String, Node> first, Faults faults) {
    if (!(key instanceof ScalarNode scalar)) {
      faults.add(key, "a key is a word, got " + Scalars.shown(key));
      return;
    }
    Node earlier = first.putIfAbsent(scalar.getValue(), key);
    if (earlier != null) {
      Mark at = earlier.getStartMark().orElseThrow();
      faults.add(
          key,
          "'%s' is given twice, first in line %d, column %d"
              .formatted(scalar.getValue(), at.getLine() + 1, at.getColumn() + 1));
    }
  }
}
