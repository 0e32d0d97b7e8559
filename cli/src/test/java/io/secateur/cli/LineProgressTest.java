package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import io.secateur.study.Plan;
import io.secateur.study.RunListener.Piece;
import io.secateur.zoo.Ffn;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineProgressTest {
  private static final Piece PRUNE =
      new Piece(
          new Plan.Node("k", "", new Plan.Open(new Ffn()), 2, 3, ""), 12, 96, "imp", 2, 3, "prune");

  private final StringWriter err = new StringWriter();

  private LineProgress progress(boolean verbose) {
    return new LineProgress(new PrintWriter(err), verbose);
  }

  @Test
  void aStepIsALineWithItsNumberAndTime() {
    progress(false).finished(PRUNE, 0.41);
    assertThat(err).hasToString("[12/96] imp seed 2 round 3 prune  0.4 s" + System.lineSeparator());
  }

  @Test
  void whatAStepSaysIsForTheVerboseButWarningsAreForAll() {
    progress(false).said(PRUNE, "fc1.weight  10 / 20 (50.00 %)");
    assertThat(err.toString()).isEmpty();
    progress(false).said(PRUNE, "warning: nothing left");
    assertThat(err.toString()).contains("warning: nothing left");
    progress(true).said(PRUNE, "fc1.weight  10 / 20 (50.00 %)");
    assertThat(err.toString())
        .contains("[12/96] imp seed 2 round 3 prune: fc1.weight  10 / 20 (50.00 %)");
  }

  @Test
  void everyEpochIsALine() {
    progress(false).said(PRUNE, "epoch 1/2  loss 0.5000  accuracy 40.00 % (test)");
    assertThat(err.toString())
        .startsWith("[12/96] imp seed 2 round 3 prune: epoch 1/2  loss 0.5000");
  }

  @Test
  void aQuickMeasurementIsALineForTheVerboseOnly() {
    Plan.Node node = new Plan.Node("k", "", measurement(), 2, 3, "");
    Piece piece = new Piece(node, 13, 96, "imp", 2, 3, "measure sparsity");
    progress(false).finished(piece, 0.1);
    assertThat(err.toString()).isEmpty();
    progress(false).finished(piece, 12);
    assertThat(err.toString()).contains("measure sparsity  12.0 s");
    progress(true).finished(piece, 0.1);
    assertThat(err.toString()).contains("measure sparsity  0.1 s");
  }

  private static Plan.Measure measurement() {
    return new Plan.Measure(
        new Metric.OfModel() {
          @Override
          public String name() {
            return "sparsity";
          }

          @Override
          public List<Quantity> quantities() {
            return List.of();
          }

          @Override
          public List<Value> measure(Checkpoint model) {
            return List.of();
          }
        });
  }

  @Test
  void aFailureSaysWhy() {
    progress(false).failed(PRUNE, "the loss is NaN");
    assertThat(err.toString()).contains("imp seed 2 round 3 prune  failed: the loss is NaN");
  }

  @Test
  void quietMeansWarningsOnly() {
    QuietProgress quiet = new QuietProgress(new PrintWriter(err));
    quiet.finished(PRUNE, 1);
    quiet.warned("the worker ended");
    assertThat(err.toString()).isEqualToIgnoringNewLines("secateur: warning: the worker ended");
  }
}
