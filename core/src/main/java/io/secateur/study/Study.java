package io.secateur.study;

import io.secateur.spi.DatasetSource;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Split;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A study file, read and bound: what is compared, on which data, how often, and what is measured.
 *
 * @param name the file's {@code study:}
 * @param seeds one replicate each; equal seeds give equal initial parameters in every arm
 * @param threads of the engine; part of every key, since sums differ with it
 * @param model of the first arm, and of all where the grid does not vary it
 * @param arms one per cell of the grid, in the file's order
 * @param measureOn the splits that predictions are measured on, test among them
 * @param measureExamples how many examples of each of them, spread over it; 0 for all
 * @param figures the figures asked for
 * @param by the grid axis that gives a figure its lines
 * @param manuscript what its authors say, on which no step depends
 * @param text the file as written, with the files that it names put in
 * @param overrides what the command line changed, as written there
 * @param file how messages name the file
 * @param comparing what is compared, and beside which controls
 */
public record Study(
    String name,
    List<Long> seeds,
    int threads,
    DatasetSource data,
    ModelSource model,
    List<Arm> arms,
    List<Metric> measure,
    List<Split> measureOn,
    int measureExamples,
    List<Figure> figures,
    String by,
    Manuscript manuscript,
    String text,
    List<String> overrides,
    String file,
    Comparing comparing) {
  public Study {
    seeds = List.copyOf(seeds);
    arms = List.copyOf(arms);
    measure = List.copyOf(measure);
    measureOn = List.copyOf(measureOn);
    figures = List.copyOf(figures);
    overrides = List.copyOf(overrides);
  }

  /** Without controls, words of its authors, and comparing nothing in particular. */
  public Study(
      String name,
      List<Long> seeds,
      int threads,
      DatasetSource data,
      ModelSource model,
      List<Arm> arms,
      List<Metric> measure,
      List<Split> measureOn,
      int measureExamples,
      List<Figure> figures,
      String by,
      String text,
      List<String> overrides,
      String file) {
    this(
        name,
        seeds,
        threads,
        data,
        model,
        arms,
        measure,
        measureOn,
        measureExamples,
        figures,
        by,
        Manuscript.NONE,
        text,
        overrides,
        file,
        Comparing.NOTHING);
  }

  /**
   * One cell of the grid.
   *
   * @param name the labels of its axes joined by {@code +}; {@code default} without a grid
   * @param axes the label on each axis, in the file's order
   * @param model what its pipeline starts from
   * @param pipeline its steps, labels beside them
   * @param positions where each of them stands in the file
   */
  public record Arm(
      String name,
      Map<String, String> axes,
      ModelSource model,
      List<LabelledStep> pipeline,
      List<Position> positions) {
    public Arm {
      axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
      pipeline = List.copyOf(pipeline);
      positions = List.copyOf(positions);
    }
  }

  /** Returns the models of its arms, each once, in their order. */
  public List<ModelSource> models() {
    return arms.stream().map(Arm::model).distinct().toList();
  }

  /** A place in the study file, both from 1. */
  public record Position(int line, int column) {}
}
