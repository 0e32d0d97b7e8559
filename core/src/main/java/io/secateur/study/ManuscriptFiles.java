package io.secateur.study;

import io.secateur.plugin.Faults;
import io.secateur.plugin.YamlDocument;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Markdown in files of its own, which a study names: {@code report: {text: {discussion:
 * discussion.md}}} for a section, {@code report: {text: report.md}} for all of them under headings
 * of the first level. As a model's file, it is put into the study's text before that is read, on
 * one line: a run keeps all of its study, whatever becomes of the files.
 */
final class ManuscriptFiles {
  private static final String FILE = "\\S+\\.md";
  private static final String FENCE = "(```|~~~).*";

  private final Path study;
  private final Faults faults;

  private ManuscriptFiles(Path study, Faults faults) {
    this.study = study;
    this.faults = faults;
  }

  /**
   * Returns the text of a study with its files of Markdown put in; the text itself when it names
   * none or is no YAML.
   *
   * @param study where the study lies; a file's path starts from its folder
   * @param faults hears of a file that cannot be read, or has headings that are no sections
   */
  static String inlined(Path study, String text, Faults faults) {
    return new ManuscriptFiles(study, faults).inlined(text);
  }

  /** What stands between two places of the study's text is to be something else. */
  private record Change(int start, int end, String instead) {}

  private String inlined(String text) {
    Optional<Node> said =
        YamlDocument.read(Grid.shield(text), study.toString(), new Faults())
            .flatMap(root -> under(root, "report"))
            .flatMap(report -> under(report, "text"));
    List<Change> changes = new ArrayList<>();
    if (said.isPresent() && said.get() instanceof MappingNode sections) {
      for (NodeTuple section : sections.getValue()) {
        Node value = section.getValueNode();
        file(value).ifPresent(held -> changes.add(change(text, value, quoted(held))));
      }
    } else if (said.isPresent()) {
      Node value = said.get();
      file(value).ifPresent(held -> changes.add(change(text, value, sections(value, held))));
    }
    String changed = text;
    // From the end, so that the places before stay where they are.
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      changed =
          changed.substring(0, change.start()) + change.instead() + changed.substring(change.end());
    }
    return changed;
  }

  private static Optional<Node> under(Node node, String key) {
    return node instanceof MappingNode mapping
        ? Nodes.find(mapping, key).map(NodeTuple::getValueNode)
        : Optional.empty();
  }

  private static Change change(String text, Node node, String instead) {
    return new Change(
        text.offsetByCodePoints(0, node.getStartMark().orElseThrow().getIndex()),
        text.offsetByCodePoints(0, node.getEndMark().orElseThrow().getIndex()),
        instead);
  }

  /** Returns what the file holds that a node names, if it names one. */
  private Optional<String> file(Node node) {
    if (!(node instanceof ScalarNode scalar) || !scalar.getValue().matches(FILE)) {
      return Optional.empty();
    }
    Path file = study.resolveSibling(scalar.getValue());
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      faults.add(node, "there is no file %s with the report's text".formatted(file));
    } catch (CharacterCodingException e) {
      faults.add(node, "the report's text %s is not text in UTF-8".formatted(file));
    } catch (IOException e) {
      faults.add(node, "the report's text %s cannot be read: %s".formatted(file, e));
    }
    return Optional.empty();
  }

  /** Returns the sections of a whole file as a YAML mapping on one line. */
  private String sections(Node at, String held) {
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    String section = "introduction";
    boolean code = false;
    for (String line : held.lines().toList()) {
      code ^= line.strip().matches(FENCE);
      if (!code && line.startsWith("# ")) {
        section = line.substring(2).strip().toLowerCase(Locale.ROOT);
        if (!Manuscript.SECTIONS.contains(section)) {
          faults.add(at, ManuscriptReader.unknown(section));
        }
      } else {
        sections.computeIfAbsent(section, name -> new StringBuilder()).append(line).append('\n');
      }
    }
    return sections.entrySet().stream()
        .filter(entry -> !entry.getValue().toString().isBlank())
        .map(entry -> quoted(entry.getKey()) + ": " + quoted(entry.getValue().toString()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Returns text as a string of YAML on one line: strings of JSON are such. */
  private static String quoted(String text) {
    return Json.line(text);
  }
}
