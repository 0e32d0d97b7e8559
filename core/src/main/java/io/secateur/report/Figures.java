package io.secateur.report;

import io.secateur.study.Figure.CompressionAccuracy;
import io.secateur.study.Figure.Curve;
import io.secateur.study.Figure.DiskSizeAccuracy;
import io.secateur.study.Figure.Kernels;
import io.secateur.study.Figure.LatencyAccuracy;
import io.secateur.study.Figure.LayerSparsity;
import io.secateur.study.Figure.MacsAccuracy;
import io.secateur.study.Figure.Masks;
import io.secateur.study.Figure.OnnxLatencyAccuracy;
import io.secateur.study.Figure.ParametersAccuracy;
import io.secateur.study.Figure.Samples;
import io.secateur.study.Figure.Sensitivity;
import io.secateur.study.Figure.SparsityAccuracy;
import io.secateur.study.Figure.TrainingCurves;
import io.secateur.study.Figure.WeightHistograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the figures that a study asks for from what a run left. */
final class Figures implements io.secateur.study.Figure.Cases<Figure> {
  private final Evidence evidence;
  private final Charts charts;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  Figures(Evidence evidence) {
    this.evidence = evidence;
    this.charts = new Charts(evidence.info(), evidence.measurements());
    evidence.info().figures().forEach(this::add);
  }

  /** Returns the figures that could be made. */
  List<Figure> figures() {
    return List.copyOf(figures);
  }

  /** Returns a line for each that could not, with the reason. */
  List<String> skipped() {
    return List.copyOf(skipped);
  }

  /** Returns the names that a study may ask for. */
  static List<String> names() {
    return io.secateur.study.Figure.names();
  }

  private void add(String written) {
    Optional<io.secateur.study.Figure> asked = io.secateur.study.Figure.read(written);
    if (asked.isEmpty()) {
      skip(written, "there is no figure of that name; there are " + Words.list(names()));
      return;
    }
    try {
      figures.add(asked.get().as(this));
    } catch (NotDrawnException e) {
      skip(asked.get().id(), String.valueOf(e.getMessage()));
    }
  }

  private void skip(String name, String reason) {
    skipped.add("The figure %s was not drawn: %s.".formatted(name, reason));
  }

  /** Something that reads the run's store. */
  private interface Read {
    Figure figure() throws IOException;
  }

  private static Figure reading(Read read) {
    try {
      return read.figure();
    } catch (IOException e) {
      throw new NotDrawnException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }

  @Override
  public Figure sparsityAccuracy(SparsityAccuracy figure) {
    return charts.sparsity(figure.id());
  }

  @Override
  public Figure diskSizeAccuracy(DiskSizeAccuracy figure) {
    return charts.diskSize(figure.id());
  }

  @Override
  public Figure latencyAccuracy(LatencyAccuracy figure) {
    return charts.latency(figure.id());
  }

  @Override
  public Figure onnxLatencyAccuracy(OnnxLatencyAccuracy figure) {
    return charts.runtimeLatency(figure.id());
  }

  @Override
  public Figure parametersAccuracy(ParametersAccuracy figure) {
    return charts.parameters(figure.id());
  }

  @Override
  public Figure macsAccuracy(MacsAccuracy figure) {
    return charts.macs(figure.id());
  }

  @Override
  public Figure compressionAccuracy(CompressionAccuracy figure) {
    return charts.compression(figure.id());
  }

  @Override
  public Figure curve(Curve figure) {
    return charts.curve(figure);
  }

  @Override
  public Figure layerSparsity(LayerSparsity figure) {
    return LayerBars.of(evidence);
  }

  @Override
  public Figure trainingCurves(TrainingCurves figure) {
    return TrainingCourse.of(evidence);
  }

  @Override
  public Figure kernels(Kernels figure) {
    return reading(() -> KernelGrid.of(figure, evidence));
  }

  @Override
  public Figure weightHistograms(WeightHistograms figure) {
    return reading(() -> Histograms.of(evidence));
  }

  @Override
  public Figure masks(Masks figure) {
    return reading(() -> MaskPictures.of(figure, evidence));
  }

  @Override
  public Figure samples(Samples figure) {
    return reading(() -> SampleRows.of(evidence));
  }

  @Override
  public Figure sensitivity(Sensitivity figure) {
    return new SensitivityChart(SensitivitySweep.of(figure, evidence)).chart();
  }
}
