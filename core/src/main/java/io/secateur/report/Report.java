package io.secateur.report;

import io.secateur.study.Archive;
import io.secateur.study.Manuscript;
import io.secateur.study.RunInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a run folder's numbers into what people read, beside them: {@code results.csv}, {@code
 * table.csv}, {@code table.md}, {@code report.md}, {@code layers.md}, {@code comparisons.md} and
 * {@code .csv}, {@code checklist.md}, {@code figures/*.svg} and {@code *.png}, {@code report.html},
 * and where it is asked for {@code report.pdf}. The same numbers give the same bytes.
 */
public final class Report {
  private static final Logger LOG = LoggerFactory.getLogger(Report.class);

  /** A file that a report may have drawn, by its name: others in its folder are left alone. */
  private static final Pattern DRAWING =
      Pattern.compile(
          "((?:%s|pareto)(?:-[A-Za-z0-9-]+)?)\\.(?:svg|png)"
              .formatted(String.join("|", Figures.names())));

  private static final long PROCESS = ProcessHandle.current().pid();

  private final Path folder;
  private final RunFolder run;
  private final RunInfo info;
  private final Manuscript manuscript;
  private final Optional<ComparedRuns> compared;
  private final boolean readOnly;

  private Report(
      Path folder, RunFolder run, Manuscript manuscript, Optional<ComparedRuns> compared) {
    this.folder = folder;
    this.run = run;
    this.info = run.info();
    this.manuscript = manuscript;
    this.compared = compared;
    this.readOnly = Files.isDirectory(folder) && !Files.isWritable(folder);
  }

  private static Report of(Path folder) {
    return new Report(folder, RunFolder.read(folder), Manuscript.read(folder), Optional.empty());
  }

  /**
   * Writes the report of a run. What cannot be drawn is left out and said. In a folder that cannot
   * be written to nothing is, which the summary says.
   *
   * @throws IllegalArgumentException in one line when this is not a run folder or a file of it is
   *     damaged
   * @throws UncheckedIOException when a file cannot be read or written
   */
  public static Summary write(Path runFolder) {
    return of(runFolder).write(false);
  }

  /**
   * Writes the report of a run, and {@code report.pdf} beside it.
   *
   * @return what {@link #write} returns
   */
  public static Summary writeWithPdf(Path runFolder) {
    return of(runFolder).write(true);
  }

  /**
   * Writes a report of several runs side by side.
   *
   * @param runFolders at least two
   * @param folder where it is written; made if it is not there
   * @param pdf whether {@code report.pdf} is written too
   * @throws IllegalArgumentException in one line when the runs are not of the same data, or one of
   *     them is no run
   */
  public static Summary compare(List<Path> runFolders, Path folder, boolean pdf) {
    ComparedRuns runs = ComparedRuns.read(runFolders);
    return new Report(folder, runs.whole(), Manuscript.NONE, Optional.of(runs)).write(pdf);
  }

  private Summary write(boolean pdf) {
    if (readOnly && (pdf || compared.isPresent())) {
      throw new IllegalArgumentException(
          folder + " cannot be written to: it, or its disk, is read-only");
    }
    Measurements measurements = new Measurements(info, run.rows());
    Stops stops = new Stops(run.rows());
    MainTable tables = new MainTable(measurements, info.threads(), stops);
    List<String> notes = new ArrayList<>(stops.sentences());
    notes.addAll(ChosenOnTest.sentences(run.rows()));
    notes.addAll(run.notes());
    notes.addAll(Thinned.notes(info));
    if (readOnly) {
      notes.add(
          folder + " cannot be written to: this is from its results, its report is as it was");
    }
    Compaction compaction = new Compaction(measurements, info.threads());
    LayerTables layers = new LayerTables(run.rows());
    QuantizeTables quantized = new QuantizeTables(run.rows());
    Evidence evidence = new Evidence(info, run.rows(), measurements, archive());
    Optional<SensitivityPage> sweep = SensitivityPage.of(evidence);
    Figures figures = new Figures(evidence);
    List<String> skipped = new ArrayList<>(figures.skipped());
    Pareto pareto = new Pareto(info, measurements);
    List<Figure> all = new ArrayList<>(figures.figures());
    all.addAll(pareto.figures());
    Map<Figure, String> drawn = draw(all, skipped);
    Optional<Table> common =
        compared
            .map(runs -> new CommonSparsities(runs, measurements).table())
            .filter(table -> !table.isEmpty());
    List<Section> sections = new ArrayList<>();
    List<String> closing = new ArrayList<>();
    compared.ifPresent(runs -> sections.add(beside(runs, common)));
    // What a study declares is about its own arms.
    boolean declares = sweep.isEmpty() && compared.isEmpty();
    Optional<Comparisons> comparisons =
        declares ? Comparisons.of(info, run.declared(), measurements) : Optional.empty();
    Optional<ComparisonTables> tested =
        comparisons.map(each -> new ComparisonTables(each, measurements));
    tested.map(ComparisonTables::section).ifPresent(sections::add);
    comparisons.map(Comparisons::line).ifPresent(closing::add);
    if (declares) {
      Checklist checklist = new Checklist(info, run.declared(), run.rows(), measurements);
      sections.add(checklist.section());
      closing.add(checklist.line());
    }
    Contents contents =
        new Contents(
            info,
            compared.map(ComparedRuns::infos).orElse(List.of(info)),
            manuscript,
            sweep
                .map(SensitivityPage::sentences)
                .orElseGet(() -> sentences(measurements, compaction)),
            drawn,
            skipped,
            notes,
            sweep.map(SensitivityPage::table),
            tables.lab(),
            pareto.tables(),
            tables.further(),
            tables.deflated(),
            tables.labelled(),
            compaction.table(),
            new Runtimes(measurements, info.threads()).table(),
            run.elsewhere().stream().map(again -> again.table(info)).toList(),
            layers.byLine(),
            quantized.table(),
            TrainingTable.of(run.rows()),
            sections,
            List.copyOf(measurements.quantities()),
            tables.seeds());
    put("results.csv", ResultsCsv.of(info, run.rows()));
    put("table.csv", tables.csv());
    put("table.md", new MarkdownPage(contents).tables());
    put("report.md", new MarkdownPage(contents).report());
    put("layers.md", layers.markdown(info.study()) + quantized.markdown());
    put("report.html", new Page(contents, Page.Medium.SCREEN).write());
    sweep.ifPresent(page -> page.files().forEach(this::put));
    if (pdf) {
      put("report.pdf", Pdf.of(new Page(contents, Page.Medium.PAPER).write()));
    } else {
      // One that an earlier report wrote shows other numbers than its neighbours.
      remove(folder.resolve("report.pdf"));
    }
    contents.sections().forEach(each -> put(each.id() + ".md", each.markdown(1)));
    tested.ifPresent(each -> put("comparisons.csv", each.csv()));
    return summary(
        contents,
        common.orElse(sweep.map(SensitivityPage::narrow).orElse(contents.main())),
        closing);
  }

  /** Returns how the runs differ, and what they have in common. */
  private static Section beside(ComparedRuns runs, Optional<Table> common) {
    return new Section(
        "runs",
        "The runs beside each other",
        common.isPresent() ? List.of() : List.of("No arm is in all runs at the same sparsity."),
        common.stream().toList(),
        runs.sentences());
  }

  private List<String> sentences(Measurements measurements, Compaction compaction) {
    List<String> sentences =
        new ArrayList<>(new Findings(info, run.declared(), measurements).sentences());
    sentences.addAll(new Losses(measurements).sentences());
    sentences.addAll(new Speed(measurements, run.inTurns()).sentences());
    sentences.addAll(new SparseProducts(measurements).sentences());
    sentences.addAll(compaction.sentences());
    if (sentences.isEmpty()) {
      sentences.add(
          measurements.lines().isEmpty()
              ? "Nothing was measured."
              : "There is no dense model to compare with.");
    }
    return sentences;
  }

  /** Draws what can be drawn, and removes what an earlier report drew and this one does not. */
  private Map<Figure, String> draw(List<Figure> figures, List<String> skipped) {
    Map<Figure, String> drawn = new LinkedHashMap<>();
    try {
      for (Painted each : Painted.all(figures)) {
        put("figures/" + each.figure().id() + ".svg", each.svg());
        put("figures/" + each.figure().id() + ".png", each.png());
        drawn.put(each.figure(), each.svg());
      }
    } catch (Typeface.NoFontsException e) {
      LOG.debug("figures are left out", e);
      skipped.add("No figure was drawn: " + e.getMessage() + ".");
    }
    Set<String> ids = drawn.keySet().stream().map(Figure::id).collect(Collectors.toSet());
    for (Path file : files(folder.resolve("figures"))) {
      Matcher drawing = DRAWING.matcher(file.getFileName().toString());
      if (drawing.matches() && !ids.contains(drawing.group(1))) {
        remove(file);
      }
    }
    return drawn;
  }

  private Archive archive() {
    try {
      return Archive.of(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder.resolve("checkpoints.jsonl"), e);
    }
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  private Summary summary(Contents contents, Table table, List<String> closing) {
    List<String> notes = new ArrayList<>();
    info.failures().forEach(failure -> notes.add("did not finish: " + Contents.line(failure)));
    notes.addAll(contents.skipped());
    notes.addAll(contents.notes());
    return new Summary(
        table.header(contents.sweep().isEmpty() ? "Arm" : "Sweep"),
        table.rows(),
        contents.sentences(),
        notes,
        closing,
        folder.resolve("report.html"));
  }

  private void put(String name, String content) {
    put(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private void put(String name, byte[] content) {
    if (readOnly) {
      return;
    }
    Path file = folder.resolve(name);
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      // Whole or not at all, whoever else writes here; forced to the disk it need not be.
      Path beside = file.resolveSibling("." + file.getFileName() + "." + PROCESS);
      try {
        Files.write(beside, content);
        Files.move(
            beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      String reason = e instanceof FileSystemException known ? known.getReason() : e.getMessage();
      throw new UncheckedIOException(
          "cannot write %s, %,d bytes: %s"
              .formatted(file, content.length, Objects.requireNonNullElse(reason, e.toString())),
          e);
    }
  }

  private void remove(Path file) {
    if (readOnly) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file, e);
    }
  }
}
