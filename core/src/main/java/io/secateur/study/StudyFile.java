package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.DidYouMean;
import io.secateur.plugin.Fault;
import io.secateur.plugin.Faults;
import io.secateur.plugin.YamlDocument;
import io.secateur.spi.ControlArm;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads study files: YAML to a {@link Study}, with every fault of the file reported at once. */
public final class StudyFile {
  static final List<String> KEYS =
      List.of(
          "study",
          "seeds",
          "threads",
          "data",
          "model",
          "pipeline",
          "grid",
          "controls",
          "measure",
          "measure-on",
          "measure-examples",
          "report");

  /** More than any machine's processors; what the engine cannot make threads of is a slip. */
  static final int MOST_THREADS = 1024;

  static final List<String> REQUIRED = List.of("study", "data", "model", "pipeline", "measure");

  /** A study's name, which names its folder too. */
  static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

  private final Faults faults = new Faults();
  private final Binder binder;
  private final String source;

  private StudyFile(String source, Catalogs catalogs) {
    this.source = source;
    this.binder = new Binder(catalogs, faults);
  }

  /**
   * Reads a study file.
   *
   * @param overrides changes as the command line writes them, {@code path=value}
   * @throws StudyException with all that is wrong, each with its line and column
   */
  public static Study read(Path file, List<String> overrides, Catalogs catalogs) {
    try {
      Faults faults = new Faults();
      String model = ModelFile.inlined(file, Files.readString(file), catalogs, faults);
      String text = ManuscriptFiles.inlined(file, model, faults);
      if (!faults.isEmpty()) {
        throw new StudyException(faults.list().stream().map(StudyFile::line).toList());
      }
      return parse(file.toString(), text, overrides, catalogs);
    } catch (NoSuchFileException e) {
      throw new StudyException("there is no study file " + file, e);
    } catch (CharacterCodingException e) {
      throw new StudyException("the study file %s is not text in UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new StudyException("the study file %s cannot be read: %s".formatted(file, e), e);
    }
  }

  /**
   * Reads the text of a study file.
   *
   * @param source what messages call the file
   */
  public static Study parse(String source, String text, List<String> overrides, Catalogs catalogs) {
    StudyFile file = new StudyFile(source, catalogs);
    Optional<Study> study = file.study(text, overrides);
    if (study.isPresent() && file.faults.isEmpty()) {
      return study.get();
    }
    throw new StudyException(file.faults.list().stream().map(StudyFile::line).toList());
  }

  /** A value from the command line has no line of its own. */
  private static String line(Fault fault) {
    String line =
        fault.source().startsWith("--")
            ? fault.source() + ": " + fault.message()
            : fault.toString();
    return Grid.unshield(line);
  }

  private Optional<Study> study(String text, List<String> overrides) {
    Optional<Node> read = YamlDocument.read(Grid.shield(text), source, faults);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Node root = read.get();
    for (String override : overrides) {
      root = Overrides.apply(root, Grid.shield(override), faults);
    }
    if (!(root instanceof MappingNode mapping)) {
      faults.add(root, "expected a study: " + String.join(", ", KEYS));
      return Optional.empty();
    }
    Map<String, Node> sections = sections(mapping);
    Optional<String> name = section(sections, "study").flatMap(this::name);
    List<Long> seeds =
        section(sections, "seeds")
            .map(node -> Seeding.read(node, binder, faults))
            .orElse(List.of(1L));
    int threads = section(sections, "threads").map(this::threads).orElse(processors());
    Optional<DatasetSource> data = section(sections, "data").flatMap(this::data);
    Optional<Task> task = data.flatMap(source -> task(source, sections));
    Measuring measuring = new Measuring(faults, binder, this::refuseReferences);
    section(sections, "measure").ifPresent(node -> measuring.read(node, task));
    section(sections, "measure-on").ifPresent(measuring::readSplits);
    section(sections, "measure-examples").ifPresent(measuring::readExamples);
    Grid grid = new Grid(faults);
    section(sections, "grid").ifPresent(grid::read);
    Map<Map<String, String>, ModelSource> models =
        section(sections, "model").map(node -> models(node, grid)).orElse(Map.of());
    Optional<Architecture> architecture =
        task.flatMap(t -> architecture(models.values(), t, sections));
    List<Study.Arm> arms =
        section(sections, "pipeline").map(node -> arms(node, grid, models)).orElse(List.of());
    Reporting reporting =
        new Reporting(faults, binder)
            .read(
                section(sections, "report"),
                grid.labels(),
                arms.stream().map(Study.Arm::name).toList(),
                measuring.metrics(),
                architecture);
    List<ControlArm> controls =
        section(sections, "controls")
            .map(node -> new ComparingFile(faults).controls(node))
            .orElse(List.of());
    if (!faults.isEmpty() || name.isEmpty() || data.isEmpty() || arms.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Study(
            name.get(),
            seeds,
            threads,
            data.get(),
            arms.get(0).model(),
            arms,
            measuring.metrics(),
            measuring.on(),
            measuring.examples(),
            reporting.figures(),
            reporting.by(),
            reporting.manuscript(),
            text,
            overrides,
            source,
            new Comparing(reporting.primary(), reporting.compare(), controls)));
  }

  private Map<String, Node> sections(MappingNode root) {
    Map<String, Node> sections = new LinkedHashMap<>();
    for (NodeTuple tuple : root.getValue()) {
      String key = Nodes.text(tuple.getKeyNode());
      if (KEYS.contains(key)) {
        sections.putIfAbsent(key, tuple.getValueNode());
      } else {
        faults.add(
            tuple.getKeyNode(),
            "a study has no '%s'.%s It has: %s"
                .formatted(key, DidYouMean.among(key, KEYS), String.join(", ", KEYS)));
      }
    }
    for (String key : REQUIRED) {
      if (!sections.containsKey(key)) {
        faults.add(root, "the study lacks '" + key + "'");
      }
    }
    return sections;
  }

  private static Optional<Node> section(Map<String, Node> sections, String key) {
    return Optional.ofNullable(sections.get(key));
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private Optional<String> name(Node node) {
    String name = Nodes.text(node);
    if (!name.matches(NAME)) {
      faults.add(
          node,
          "expected the study's name, which names its folder too: letters, digits, '.', '_', '-'");
      return Optional.empty();
    }
    return Optional.of(name);
  }

  private int threads(Node node) {
    int threads = binder.bind(node, Integer.class).orElse(1);
    if (threads < 1 || threads > MOST_THREADS) {
      faults.add(node, "threads are from 1 to %d, was %d".formatted(MOST_THREADS, threads));
    }
    return threads;
  }

  private Optional<DatasetSource> data(Node node) {
    return fixed(node, DatasetSource.class);
  }

  /** Binds what is the same in all arms, and so must not refer to the grid. */
  private <T> Optional<T> fixed(Node node, Class<T> type) {
    int before = faults.size();
    refuseReferences(node);
    return faults.size() > before ? Optional.empty() : binder.bind(node, type);
  }

  private void refuseReferences(Node node) {
    if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(this::refuseReferences);
    } else if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(tuple -> refuseReferences(tuple.getValueNode()));
    } else if (!Grid.unshield(Nodes.text(node)).equals(Nodes.text(node))) {
      faults.add(
          node,
          "'%s' varies with the grid, but only model and pipeline may: all arms share data and"
                  .formatted(Nodes.text(node))
              + " measurements");
    }
  }

  private Optional<Task> task(DatasetSource data, Map<String, Node> sections) {
    try {
      return Optional.of(data.task());
    } catch (RuntimeException e) {
      section(sections, "data").ifPresent(node -> faults.add(node, Faulty.sentence(e)));
      return Optional.empty();
    }
  }

  /** Returns the model of every cell of the grid; where one has faults, that cell lacks. */
  private Map<Map<String, String>, ModelSource> models(Node node, Grid grid) {
    Map<Map<String, String>, ModelSource> models = new LinkedHashMap<>();
    for (Map<String, String> cell : grid.cells()) {
      binder
          .bind(grid.in(cell, node), ModelSource.class)
          .ifPresent(model -> models.put(cell, model));
    }
    return models;
  }

  /** Returns the architecture of all models; none where they differ, or one has faults. */
  private Optional<Architecture> architecture(
      Collection<ModelSource> models, Task task, Map<String, Node> sections) {
    Set<Architecture> architectures = new LinkedHashSet<>();
    for (ModelSource model : new LinkedHashSet<>(models)) {
      try {
        architectures.add(model.architecture(task));
      } catch (RuntimeException e) {
        section(sections, "model").ifPresent(node -> faults.add(node, Faulty.sentence(e)));
        return Optional.empty();
      }
    }
    return architectures.size() == 1
        ? Optional.of(architectures.iterator().next())
        : Optional.empty();
  }

  private List<Study.Arm> arms(
      Node pipeline, Grid grid, Map<Map<String, String>, ModelSource> models) {
    if (!(pipeline instanceof SequenceNode)) {
      binder.bindList(pipeline, LabelledStep.class);
      return List.of();
    }
    List<Study.Arm> arms = new ArrayList<>();
    for (Map<String, String> cell : grid.cells()) {
      if (!(grid.in(cell, pipeline) instanceof SequenceNode items)) {
        continue;
      }
      String name = cell.isEmpty() ? "default" : String.join("+", cell.values());
      Optional<List<LabelledStep>> steps = binder.bindList(items, LabelledStep.class);
      ModelSource model = models.get(cell);
      if (steps.isPresent() && model != null) {
        List<Study.Position> positions =
            items.getValue().stream().map(StudyFile::position).toList();
        arms.add(new Study.Arm(name, cell, model, steps.get(), positions));
      }
    }
    if (pipeline instanceof SequenceNode list && list.getValue().isEmpty()) {
      faults.add(pipeline, "expected at least one stage in the pipeline");
    }
    grid.refuseUnused();
    return arms;
  }

  private static Study.Position position(Node node) {
    Optional<Mark> mark = node.getStartMark();
    return new Study.Position(
        mark.map(Mark::getLine).orElse(0) + 1, mark.map(Mark::getColumn).orElse(0) + 1);
  }
}
