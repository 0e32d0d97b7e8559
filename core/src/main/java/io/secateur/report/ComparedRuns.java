package io.secateur.report;

import io.secateur.study.Declared;
import io.secateur.study.Differences;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Several runs as one, whose arms are named by run and arm. Left out are quantities that not all of
 * them measured, and times where they were taken on different machines.
 *
 * @param names what the runs are called, in order
 * @param infos what they say about themselves
 * @param whole all of them as one run
 * @param sentences how they differ, a line each
 */
record ComparedRuns(
    List<String> names, List<RunInfo> infos, RunFolder whole, List<String> sentences) {
  private static final int LEAST = 2;

  /** Figures of measured numbers; others are drawn from one run's models. */
  private static final List<String> FIGURES =
      List.of(
          "sparsity-accuracy",
          "disk-size-accuracy",
          "latency-accuracy",
          "onnx-latency-accuracy",
          "parameters-accuracy",
          "macs-accuracy",
          "compression-accuracy");

  ComparedRuns {
    names = List.copyOf(names);
    infos = List.copyOf(infos);
    sentences = List.copyOf(sentences);
  }

  /**
   * Reads runs.
   *
   * @throws IllegalArgumentException in one line when they are not of the same data, or one of them
   *     is no run
   */
  static ComparedRuns read(List<Path> folders) {
    if (folders.size() < LEAST) {
      throw new IllegalArgumentException(
          "a comparison needs at least two runs, was given " + folders.size());
    }
    List<RunFolder> runs = folders.stream().map(RunFolder::read).toList();
    List<RunInfo> infos = runs.stream().map(RunFolder::info).toList();
    List<String> names = names(folders);
    for (int i = 1; i < runs.size(); i++) {
      refuse(names, infos, i);
    }
    List<String> sentences = new ArrayList<>();
    Set<String> quantities = common(runs, names, sentences);
    boolean timed = sameMachine(infos);
    Set<String> timings =
        infos.stream()
            .flatMap(info -> info.quantities().stream())
            .filter(quantity -> !quantity.reproducible())
            .map(RunInfo.Quantity::name)
            .collect(Collectors.toSet());
    if (!timed && quantities.stream().anyMatch(timings::contains)) {
      sentences.add(
          "Times are left out: the runs were on different machines, devices or numbers of threads.");
    }
    List<ResultRow> rows = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      for (ResultRow row : runs.get(i).rows()) {
        boolean left = timings.contains(row.metric()) && !timed;
        if (!left && (!row.source().equals("measure") || quantities.contains(row.metric()))) {
          rows.add(renamed(row, names.get(i)));
        }
      }
    }
    sentences.addAll(0, settings(names, infos));
    RunFolder whole =
        new RunFolder(
            whole(names, infos),
            Declared.NOTHING,
            rows,
            List.of(),
            List.of(),
            runs.stream().allMatch(RunFolder::inTurns));
    return new ComparedRuns(names, infos, whole, sentences);
  }

  private static List<String> names(List<Path> folders) {
    List<String> names = new ArrayList<>();
    for (Path folder : folders) {
      String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
      String unique = name;
      for (int again = 2; names.contains(unique); again++) {
        unique = name + "-" + again;
      }
      names.add(unique);
    }
    return names;
  }

  /** Accuracies of different test examples are no comparison, whatever else is the same. */
  private static void refuse(List<String> names, List<RunInfo> infos, int other) {
    String first = infos.get(0).data();
    String second = infos.get(other).data();
    if (!first.equals(second)) {
      throw new IllegalArgumentException(
          "cannot compare %s and %s: the first has the data %s, the second %s; only numbers of the same data compare"
              .formatted(
                  names.get(0),
                  names.get(other),
                  Source.of(first).inShort(),
                  Source.of(second).inShort()));
    }
    List<String> ours = Thinned.notes(infos.get(0));
    List<String> theirs = Thinned.notes(infos.get(other));
    if (!ours.equals(theirs)) {
      throw new IllegalArgumentException(
          "cannot compare %s and %s: their 'measure-examples' differ, so they were measured on different examples"
              .formatted(names.get(0), names.get(other)));
    }
  }

  private static Set<String> common(
      List<RunFolder> runs, List<String> names, List<String> sentences) {
    List<Set<String>> measured = new ArrayList<>();
    for (RunFolder run : runs) {
      Set<String> own = new LinkedHashSet<>();
      run.rows().stream()
          .filter(row -> row.source().equals("measure"))
          .forEach(row -> own.add(row.metric()));
      measured.add(own);
    }
    Set<String> common = new LinkedHashSet<>(measured.get(0));
    measured.forEach(common::retainAll);
    for (int i = 0; i < runs.size(); i++) {
      Set<String> alone = new TreeSet<>(measured.get(i));
      alone.removeAll(common);
      if (!alone.isEmpty()) {
        sentences.add(
            "Left out, since not all runs measured it: %s of %s."
                .formatted(Words.list(List.copyOf(alone)), names.get(i)));
      }
    }
    return common;
  }

  private static boolean sameMachine(List<RunInfo> infos) {
    return infos.stream()
                .map(info -> List.of(info.machine().processor(), info.machine().device()))
                .distinct()
                .count()
            == 1
        && infos.stream().map(RunInfo::threads).distinct().count() == 1;
  }

  /** Says what is not the same in all runs, and warns where that is the model. */
  private static List<String> settings(List<String> names, List<RunInfo> infos) {
    List<String> sentences = new ArrayList<>();
    if (infos.stream().map(RunInfo::model).distinct().count() > 1) {
      sentences.add(
          "The models differ, so that equal sparsities leave different numbers of weights: %s."
              .formatted(each(names, infos.stream().map(i -> Words.spaced(i.model())).toList())));
    }
    if (infos.stream().map(RunInfo::seeds).distinct().count() > 1) {
      sentences.add(
          "The seeds differ: %s. Differences are over those that both have."
              .formatted(each(names, infos.stream().map(i -> Words.list(i.seeds())).toList())));
    }
    if (infos.stream().map(RunInfo::version).distinct().count() > 1) {
      sentences.add(
          "The versions of Secateur differ: %s."
              .formatted(each(names, infos.stream().map(RunInfo::version).toList())));
    }
    if (infos.stream().map(info -> info.machine().processor()).distinct().count() > 1) {
      sentences.add(
          "The processors differ, which changes last digits: %s."
              .formatted(
                  each(names, infos.stream().map(info -> info.machine().processor()).toList())));
    }
    return sentences;
  }

  private static String each(List<String> names, List<String> values) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      words.add("%s has %s".formatted(names.get(i), values.get(i)));
    }
    return String.join("; ", words);
  }

  /** Returns how an arm of a run is called among others. */
  static String arm(String run, String arm) {
    return run + "/" + arm;
  }

  private static ResultRow renamed(ResultRow row, String run) {
    Map<String, String> axes = new LinkedHashMap<>(Map.of("run", run));
    axes.putAll(row.axes());
    return new ResultRow(
        row.key(),
        arm(run, row.arm()),
        axes,
        row.seed(),
        row.round(),
        row.stage(),
        row.label(),
        row.branch(),
        row.source(),
        row.metric(),
        row.value(),
        row.unit(),
        row.split(),
        row.epoch(),
        row.layer());
  }

  private static RunInfo whole(List<String> names, List<RunInfo> infos) {
    RunInfo first = infos.get(0);
    List<RunInfo.Arm> arms = new ArrayList<>();
    List<RunInfo.Failure> failures = new ArrayList<>();
    Set<String> figures = new LinkedHashSet<>();
    Map<String, RunInfo.Quantity> quantities = new LinkedHashMap<>();
    Set<Long> seeds = new TreeSet<>();
    boolean several = infos.stream().map(RunInfo::model).distinct().count() > 1;
    for (int i = 0; i < infos.size(); i++) {
      String run = names.get(i);
      RunInfo info = infos.get(i);
      for (RunInfo.Arm arm : info.arms()) {
        String model = several && arm.model().isEmpty() ? info.model() : arm.model();
        arms.add(new RunInfo.Arm(arm(run, arm.name()), arm.axes(), model));
      }
      info.failures()
          .forEach(
              f ->
                  failures.add(
                      new RunInfo.Failure(
                          arm(run, f.arm()), f.seed(), f.round(), f.stage(), f.message())));
      info.figures().stream().filter(FIGURES::contains).forEach(figures::add);
      info.quantities().forEach(quantity -> quantities.putIfAbsent(quantity.name(), quantity));
      seeds.addAll(info.seeds());
    }
    return new RunInfo(
        String.join(" against ", names),
        first.version(),
        List.copyOf(seeds),
        first.threads(),
        arms,
        List.copyOf(quantities.values()),
        figures.isEmpty() ? FIGURES.subList(0, 1) : List.copyOf(figures),
        "",
        first.machine(),
        List.of(),
        List.of(),
        first.text(),
        first.nodes(),
        first.reused(),
        first.seconds(),
        failures,
        first.data(),
        Words.list(infos.stream().map(RunInfo::model).distinct().toList()));
  }

  /** Returns the lines that one run's study takes out of the other's and puts in. */
  static List<String> differences(RunInfo before, RunInfo after) {
    return Differences.between(lines(before), lines(after));
  }

  private static List<String> lines(RunInfo info) {
    List<String> lines = new ArrayList<>(info.text().lines().toList());
    info.overrides().forEach(override -> lines.add("--set " + override));
    return lines;
  }
}
