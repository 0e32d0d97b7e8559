package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Flatten;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.study.Archive;
import io.secateur.study.MadeUpStore;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures that look into a run's store, on a convolution of two kernels and a linear layer. */
class FiguresTest {
  private static final Architecture NET =
      new Architecture(
          new Shape(1, 3, 3),
          List.of(
              new Conv2d("conv1", 2, 2, 1, 0, 1, false),
              new Flatten("flatten"),
              new Linear("fc1", 2, false)));

  /** Weights 0 … 7 of the convolution, negative at odd cells; 0 … 15 of the linear layer. */
  private static Checkpoint dense() {
    float[] kernels = new float[8];
    float[] weights = new float[16];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i;
      if (i < kernels.length) {
        kernels[i] = i % 2 == 0 ? i : -i;
      }
    }
    return new Checkpoint(
        NET,
        Map.of(
            "conv1.weight", Tensor.of(new Shape(2, 1, 2, 2), kernels),
            "fc1.weight", Tensor.of(new Shape(2, 8), weights)));
  }

  /** Keeps this many of the last cells of both weights; those that stay are scaled. */
  private static Checkpoint pruned(int kernels, int weights, float scale) {
    Checkpoint dense = dense();
    Mask conv = Mask.of(new Form(2, 1, 2, 2), cell -> cell >= 8 - kernels);
    Mask fc = Mask.of(Form.matrix(2, 8), cell -> cell >= 16 - weights);
    return dense
        .withParameters(
            Map.of(
                "conv1.weight", masked(dense.parameter("conv1.weight"), conv, scale),
                "fc1.weight", masked(dense.parameter("fc1.weight"), fc, scale)))
        .withMasks(Map.of("conv1.weight", conv, "fc1.weight", fc));
  }

  private static Tensor masked(Tensor tensor, Mask mask, float scale) {
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.keeps(i) ? values[i] * scale : 0;
    }
    return Tensor.of(tensor.shape(), values);
  }

  @TempDir Path folder;
  private RunFixture fixture = new RunFixture();

  /** Two arms, of which the second prunes: dense, pruned, tuned, all labelled. */
  @BeforeEach
  void labelled() {
    fixture = new RunFixture().arms("plain", "imp").seeds(1L, 2L);
    MadeUpStore store = new MadeUpStore(folder);
    for (long seed : new long[] {1, 2}) {
      store.at("plain", seed, 0, "open", "", dense()).at("plain", seed, 0, "train", "", dense());
    }
    store
        .at("imp", 2, 0, "open", "", dense())
        .at("imp", 2, 0, "train", "dense", dense())
        .at("imp", 2, 0, "prune", "pruned", pruned(3, 6, 1))
        .at("imp", 2, 0, "finetune", "tuned", pruned(3, 6, 2));
  }

  private Figures figures(String... asked) throws IOException {
    RunInfo info = fixture.figures(asked).info();
    return new Figures(
        new Evidence(
            info, fixture.rows(), new Measurements(info, fixture.rows()), Archive.of(folder)));
  }

  private <T extends Figure> T only(Class<T> type, String asked) throws IOException {
    Figures figures = figures(asked);
    assertThat(figures.skipped()).isEmpty();
    return type.cast(figures.figures().get(0));
  }

  @Test
  void showsKernelsBeforeAndAfterPruningAndAtTheEnd() throws IOException {
    KernelGrid grid = only(KernelGrid.class, "{kernels: {layer: conv1}}");

    assertThat(grid.id()).isEqualTo("kernels-conv1");
    assertThat(grid.subtitle()).isEqualTo("Arm imp (of 2 arms), seed 2 (of 2 seeds)");
    assertThat(grid.shown())
        .extracting(KernelGrid.Shown::title)
        .containsExactly(
            "Before pruning: dense",
            "After pruning: pruned (62.5 % of conv1 pruned)",
            "At the end: tuned (62.5 % of conv1 pruned)");
    assertThat(grid.shown().get(0).kernels())
        .extracting(KernelGrid.Kernel::values)
        .containsExactly(List.of(0f, -1f, 2f, -3f), List.of(4f, -5f, 6f, -7f));
    KernelGrid.Kernel last = grid.shown().get(2).kernels().get(1);
    assertThat(last.values()).containsExactly(0f, -10f, 12f, -14f);
    assertThat(last.kept()).containsExactly(false, true, true, true);
    // One scale for all: that of the largest magnitude, which is tuned.
    assertThat(grid.largest()).isEqualTo(14);
  }

  @Test
  void saysWhenThereIsNoMomentButTheEnd() throws IOException {
    fixture = new RunFixture().arms("plain").seeds(1L);

    KernelGrid grid = only(KernelGrid.class, "{kernels: {layer: conv1}}");

    assertThat(grid.shown())
        .extracting(KernelGrid.Shown::title)
        .containsExactly("At the end: train");
    assertThat(grid.caption()).contains("nothing was pruned");
    assertThat(grid.subtitle()).isEqualTo("Seed 1");
  }

  @Test
  void countsPrunedWeightsInsteadOfDrawingThem() throws IOException {
    Histograms histograms = only(Histograms.class, "weight-histograms");

    assertThat(histograms.layers())
        .extracting(Histograms.Layer::name)
        .containsExactly("conv1.weight", "fc1.weight");
    Histograms.Layer linear = histograms.layers().get(1);
    assertThat(linear.reach()).isEqualTo(30);
    assertThat(linear.counted())
        .extracting(Histograms.Counted::pruned)
        .containsExactly(0L, 10L, 10L);
    assertThat(linear.counted())
        .extracting(counted -> counted.bins().stream().mapToLong(Long::longValue).sum())
        .containsExactly(16L, 6L, 6L);
    // 41 bins from −30 to 30: 0 is in the middle, and the largest in the last.
    assertThat(linear.counted().get(0).bins().get(20)).isEqualTo(1);
    assertThat(linear.counted().get(1).bins().get(20)).isZero();
    assertThat(linear.counted().get(2).bins().get(40)).isEqualTo(1);
  }

  @Test
  void picturesMasksOnceWhereTheyStayTheSame() throws IOException {
    MaskPictures masks = only(MaskPictures.class, "{masks: {layer: fc1}}");

    assertThat(masks.arms()).hasSize(1);
    assertThat(masks.arms().get(0).pictures())
        .containsExactly(
            new MaskPictures.Picture(
                "pruned: 62.5 % pruned",
                2, 8, List.of(0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 1., 1., 1., 1., 1., 1.), 1));
  }

  @Test
  void picturesTheFirstAMiddleAndTheLastRound() throws IOException {
    MadeUpStore store = new MadeUpStore(folder);
    fixture = new RunFixture().arms("rounds").seeds(1L);
    store.at("rounds", 1, 0, "train", "dense", dense());
    for (int round = 1; round <= 5; round++) {
      store.at("rounds", 1, round, "prune", "", pruned(8 - round, 16 - round, 1));
      store.at("rounds", 1, round, "train", "", pruned(8 - round, 16 - round, 2));
    }

    MaskPictures masks = only(MaskPictures.class, "{masks: {layer: fc1, as-image: [2, 4]}}");

    assertThat(masks.id()).isEqualTo("masks-fc1-as-image");
    assertThat(masks.arms().get(0).pictures())
        .extracting(MaskPictures.Picture::title)
        .containsExactly(
            "Iteration 1: 6.3 % pruned",
            "Iteration 3: 18.8 % pruned", "Iteration 5: 31.3 % pruned");
    MaskPictures.Picture last = masks.arms().get(0).pictures().get(2);
    assertThat(last.values()).containsExactly(1., 1., 1., 1., 1., 2., 2., 2.);
    assertThat(last.end()).isEqualTo(2);
  }

  @Test
  void shadesPixelsOfLargeMasksByTheShareThatIsKept() {
    // 3 columns share a pixel, the last one has a single column; rows stay.
    Mask mask = Mask.of(Form.matrix(2, 880 + 2), cell -> cell % 882 % 3 == 0);

    MaskPictures.Picture picture = MaskPictures.cells("", mask);

    assertThat(picture.rows()).isEqualTo(2);
    assertThat(picture.columns()).isEqualTo(294);
    assertThat(picture.values()).allMatch(share -> Math.abs(share - 1 / 3.) < 1e-12);
  }

  private static String text(float... pixels) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(pixels);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private void sample(String stage, String label, int predicted) {
    ResultRow row =
        new ResultRow(
            "key-" + label,
            "imp",
            Map.of(),
            2,
            0,
            stage,
            label,
            "",
            "measure",
            "samples/correct",
            1,
            "",
            "test",
            0,
            "");
    fixture.with(row);
    String images =
        "{\"shape\":[1,1,2],\"images\":[{\"example\":7,\"label\":3,\"pixels\":\"%s\"}]}"
            .formatted(text(-1, 1));
    String says =
        "[{\"example\":7,\"label\":3,\"predicted\":%d,\"probability\":0.5}]".formatted(predicted);
    new MadeUpStore(folder)
        .keeping(
            row.key(),
            Map.of(
                "images.json", images.getBytes(StandardCharsets.UTF_8),
                "predictions.json", says.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void showsWhatAMetricKept() throws IOException {
    sample("train", "dense", 3);
    sample("prune", "pruned", 8);
    sample("finetune", "tuned", 3);

    SampleRows samples = only(SampleRows.class, "samples");

    assertThat(samples.images())
        .containsExactly(new SampleRows.Image(7, 3, 1, 1, 2, List.of(-1f, 1f)));
    assertThat(samples.moments())
        .containsExactly(
            new SampleRows.Answers(
                "Before pruning: dense", List.of(new SampleRows.Answer(3, 3, 0.5))),
            new SampleRows.Answers(
                "After pruning: pruned", List.of(new SampleRows.Answer(3, 8, 0.5))),
            new SampleRows.Answers("At the end: tuned", List.of(new SampleRows.Answer(3, 3, 0.5))));
    assertThat(samples.moments().get(1).right()).isZero();
    assertThat(SampleDrawing.pixels(samples.images().get(0)).getRGB(0, 0) & 0xFFFFFF).isZero();
    assertThat(SampleDrawing.pixels(samples.images().get(0)).getRGB(1, 0) & 0xFFFFFF)
        .isEqualTo(0xFFFFFF);
  }

  @Test
  void saysWhyAFigureIsNotDrawn() throws IOException {
    Figures figures =
        figures(
            "samples", "layer-sparsity", "training-curves", "{curve: {x: loss, y: mse}}", "pie");

    assertThat(figures.figures()).isEmpty();
    assertThat(figures.skipped())
        .startsWith(
            "The figure samples was not drawn: samples were not measured in arm imp.",
            "The figure layer-sparsity was not drawn: the sparsity of layers was not measured.",
            "The figure training-curves was not drawn: no stage recorded epochs.",
            "The figure curve-mse-over-loss was not drawn: loss was not measured.");
    assertThat(figures.skipped().get(4)).startsWith("The figure pie was not drawn: there is no");
  }

  @Test
  void saysWhenTheStoreIsGone() throws IOException {
    Files.move(folder.resolve("store"), folder.resolve("elsewhere"));

    assertThat(figures("weight-histograms", "{masks: {layer: fc1}}").skipped())
        .hasSize(2)
        .allMatch(line -> line.contains("the run's store, " + folder.resolve("store")));
  }

  @Test
  void barsShowEachLayerAtTheEndOfItsArm() throws IOException {
    for (long seed = 1; seed <= 2; seed++) {
      layer("imp", seed, 1, 30.0 + seed);
      layer("imp", seed, 2, 50.0 + seed);
      layer("plain", seed, 0, 0);
    }

    LayerBars bars = only(LayerBars.class, "layer-sparsity");

    assertThat(bars.bars()).containsExactly("plain", "imp");
    LayerBars.Layer layer = bars.layers().get(0);
    assertThat(layer.name()).isEqualTo("fc1.weight");
    assertThat(layer.sparsities()).extracting(Interval::mean).containsExactly(0., 51.5);
    assertThat(bars.subtitle()).isEqualTo("Mean of 2 seeds; at the end of each arm");
  }

  @Test
  void barsOfASingleArmAreItsRounds() throws IOException {
    fixture = new RunFixture().arms("imp").seeds(1L);
    for (int round = 0; round <= 10; round++) {
      layer("imp", 1, round, 9 * round);
    }

    LayerBars bars = only(LayerBars.class, "layer-sparsity");

    assertThat(bars.bars())
        .containsExactly(
            "iteration 1",
            "iteration 3",
            "iteration 5",
            "iteration 6",
            "iteration 8",
            "iteration 10");
  }

  private void layer(String arm, long seed, int round, double sparsity) {
    fixture.with(
        RunFixture.row(
            arm,
            seed,
            round,
            "prune",
            "measure",
            "sparsity",
            sparsity,
            "%",
            "test",
            0,
            "fc1.weight"));
  }

  @Test
  void trainingGoesOnFromStageToStage() throws IOException {
    fixture = new RunFixture().arms("imp").seeds(1L, 2L);
    for (long seed = 1; seed <= 2; seed++) {
      for (int round = 0; round <= 1; round++) {
        for (int epoch = 1; epoch <= 2 + round; epoch++) {
          epoch(seed, round, "loss", 1. / epoch, "train", epoch);
          epoch(seed, round, "accuracy", 90.0 + epoch + seed, "test", epoch);
          epoch(seed, round, "revived", 0, "", epoch);
        }
      }
      epoch(seed, 1, "kept-epoch", 2, "test", 0);
    }

    TrainingCourse course = only(TrainingCourse.class, "training-curves");

    assertThat(course.quantities()).extracting(Quantity::name).containsExactly("loss", "accuracy");
    assertThat(course.splits()).containsExactly("train", "test");
    TrainingCourse.Arm arm = course.arms().get(0);
    assertThat(arm.stages())
        .containsExactly(
            new TrainingCourse.Stage("train", 0, 2), new TrainingCourse.Stage("1", 2, 3));
    TrainingCourse.Line accuracy = arm.lines().get(1);
    assertThat(accuracy.dots())
        .extracting(TrainingCourse.Dot::epoch)
        .containsExactly(1, 2, 3, 4, 5);
    assertThat(accuracy.dots().get(3).value().mean()).isCloseTo(93.5, within(1e-9));
    assertThat(accuracy.dots())
        .extracting(TrainingCourse.Dot::kept)
        .containsExactly(false, false, false, true, false);
    assertThat(arm.lines().get(0).dots()).noneMatch(TrainingCourse.Dot::kept);
  }

  private void epoch(long seed, int round, String metric, double value, String split, int epoch) {
    fixture.with(
        RunFixture.row("imp", seed, round, "train", "stage", metric, value, "", split, epoch, ""));
  }

  @Test
  void drawsAnyQuantityOverAnyOther() throws IOException {
    fixture = new RunFixture().filled();

    Chart chart = only(Chart.class, "{curve: {x: sparsity, y: loss}}");

    assertThat(chart.id()).isEqualTo("curve-loss-over-sparsity");
    assertThat(chart.title()).isEqualTo("Loss over sparsity");
    assertThat(chart.y()).isEqualTo(new Chart.Upwards("Loss", false));
    assertThat(chart.panels().get(0).xTitle()).isEqualTo("Sparsity (%)");
    assertThat(chart.legend()).extracting(Chart.Curve::name).containsExactly("one-shot", "imp");
    Chart.Dot last = chart.panels().get(0).curves().get(0).dots().get(RunFixture.ROUNDS);
    assertThat(last.x().mean()).isCloseTo(86.5, within(0.01));
    assertThat(last.y().mean()).isCloseTo(0.085 + 0.055 * 25 / 60, within(1e-9));
  }

  @Test
  void equalNumbersGiveEqualBytesAndOldFiguresGo() throws IOException {
    sample("train", "dense", 3);
    sample("prune", "pruned", 8);
    String[] asked = {
      "samples", "{kernels: {layer: conv1}}", "weight-histograms", "{masks: {layer: fc1}}"
    };
    fixture.figures(asked).writeTo(folder);
    Path drawn = Files.createDirectories(folder.resolve("figures"));
    Files.writeString(drawn.resolve("kernels-conv9-channel-2.svg"), "old");
    Files.writeString(drawn.resolve("latency-accuracy.png"), "old");
    Files.writeString(drawn.resolve("mine.svg"), "not the report's");
    Files.writeString(drawn.resolve("kernels of mine.svg"), "not the report's");

    Report.write(folder);
    List<byte[]> first = bytes(drawn);
    Report.write(folder);

    assertThat(drawn.toFile().list())
        .containsExactlyInAnyOrder(
            "samples.svg",
            "samples.png",
            "kernels-conv1.svg",
            "kernels-conv1.png",
            "weight-histograms.svg",
            "weight-histograms.png",
            "masks-fc1.svg",
            "masks-fc1.png",
            "mine.svg",
            "kernels of mine.svg");
    assertThat(bytes(drawn)).usingRecursiveComparison().isEqualTo(first);
    assertThat(Files.readString(drawn.resolve("samples.svg")))
        .contains("data:image/png;base64,", "predicted 8", "true 3")
        .doesNotContain("file:", "href=\"http");
    assertThat(Files.readString(folder.resolve("table.md")))
        .containsPattern(
            "!\\[Kernels of conv1, input channel 0\\. .* weights pruned.*\\]\\(figures/kernels-conv1\\.svg\\)");
  }

  private static List<byte[]> bytes(Path folder) throws IOException {
    List<byte[]> bytes = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        bytes.add(Files.readAllBytes(file));
      }
    }
    return bytes;
  }
}
