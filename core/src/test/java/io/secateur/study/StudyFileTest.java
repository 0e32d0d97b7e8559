package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.builtin.Samples;
import io.secateur.builtin.Sparsity;
import io.secateur.data.Mnist;
import io.secateur.plugin.Catalogs;
import io.secateur.zoo.MnistCnn;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StudyFileTest {
  private static void refuses(String golden, String text, String... overrides) {
    assertThatThrownBy(() -> Lab.parse(text, overrides))
        .isInstanceOfSatisfying(
            StudyException.class, e -> Golden.check(golden, String.join("\n", e.faults())));
  }

  @Test
  void readsAWholeStudy() {
    Study study =
        Lab.parse(
            """
            # What it is.
            study: whole
            seeds: 3..5
            threads: 4
            data: {toy-data: {examples: 30}}
            model: toy-model
            pipeline:
              - train: {epochs: 3, label: dense}   # first
              - ${arm}
            grid:
              arm:
                once: {prune: {cells: 6}}
                often: [prune, {rounds: 2, stages: [tune]}]
              unused-label: [a]
            measure: [accuracy, sparsity]
            report: {figures: [sparsity-accuracy], by: arm}
            """
                .replace("  unused-label: [a]\n", ""));
    assertThat(study.name()).isEqualTo("whole");
    assertThat(study.seeds()).containsExactly(3L, 4L, 5L);
    assertThat(study.threads()).isEqualTo(4);
    assertThat(study.data()).isEqualTo(new Toys.Data(30));
    assertThat(study.arms()).extracting(Study.Arm::name).containsExactly("once", "often");
    assertThat(study.arms().get(1).pipeline())
        .extracting(step -> step.step().name())
        .containsExactly("train", "prune", "rounds");
    assertThat(study.arms().get(0).pipeline().get(0).label()).isEqualTo("dense");
    assertThat(study.arms().get(0).positions().get(1)).isEqualTo(new Study.Position(12, 11));
    assertThat(study.figures()).containsExactly(new Figure.SparsityAccuracy());
    assertThat(study.by()).isEqualTo("arm");
  }

  @Test
  void asksForTheFiguresThatCanBeDrawnWhenTheFileDoesNotSay() {
    Study study = Lab.parse(Lab.study("pipeline: [train]", "measure: [accuracy, sparsity]"));
    assertThat(study.figures()).containsExactly(new Figure.SparsityAccuracy());
    assertThat(study.by()).isEmpty();
    assertThat(study.arms()).extracting(Study.Arm::name).containsExactly("default");
  }

  @Test
  void makesAnArmOfEveryCombinationTheLastAxisFastest() {
    Study study =
        Lab.parse(
            Lab.study(
                "pipeline: [prune: {cells: ${cells}}, train: {epochs: \"${epochs}\"}]",
                "grid: {cells: [1, 2], epochs: [3, 4]}",
                "measure: [total]"));
    assertThat(study.arms())
        .extracting(Study.Arm::name)
        .containsExactly("1+3", "1+4", "2+3", "2+4");
    assertThat(study.arms().get(2).axes()).isEqualTo(Map.of("cells", "2", "epochs", "3"));
    assertThat(study.arms().get(2).pipeline().get(1).step()).isEqualTo(new Toys.Train(3, 10, 0, 0));
  }

  @Test
  void letsTheValueOfAnAxisReferToAnotherAxisAndStandInsideAWord() {
    Study study =
        Lab.parse(
            Lab.study(
                "pipeline: [\"${what}\"]",
                "grid: {what: {a: {train: {epochs: 1${n}}}}, n: [2]}",
                "measure: [total]"));
    assertThat(study.arms().get(0).pipeline().get(0).step())
        .isEqualTo(new Toys.Train(12, 10, 0, 0));
  }

  @Test
  void reportsEveryFaultAtOnce() {
    refuses(
        "many-faults",
        """
        study: a b
        sedes: [1]
        seeds: [1, one, 1]
        threads: 0
        data: {toy-dat: {}}
        model: {toy-model: {fit: true}}
        pipeline:
          - train: {epoch: 3, batch: ten}
          - prun
          - prune: {cells: 1, cells: 2}
          - ${arms}
          - rounds: {rounds: 2, stages: [tuen]}
        grid:
          arm: {a: train, b: {train: {epochs: x}}}
          rate: [1, 2, 1]
        measure: [accuraccy, total, total]
        report: {figure: [x], figures: [sparsity-acuracy, latency-accuracy], by: rates}
        """);
  }

  private static final String IMAGES =
      """
      study: images
      data: mnist
      model: mnist-cnn
      pipeline: [train]
      measure: [%s]
      report:
        figures: %s
      """;

  private static Study images(String measure, String figures) {
    Catalogs catalogs =
        Catalogs.holding(
            List.of(
                Mnist.class,
                MnistCnn.class,
                Toys.Train.class,
                Toys.Total.class,
                Samples.class,
                Sparsity.class));
    return StudyFile.parse("toy.yaml", IMAGES.formatted(measure, figures), List.of(), catalogs);
  }

  @Test
  void takesFiguresByNameAndWithSettingsInOneList() {
    Study study =
        images(
            "sparsity, samples: {examples: [3]}",
            "[samples, {kernels: {layer: conv1}}, layer-sparsity, {kernels: {layer: conv2, channel:"
                + " 31}}, {masks: {layer: fc1}}, {curve: {x: sparsity, y: samples/correct}}]");
    assertThat(study.figures())
        .containsExactly(
            new Figure.Samples(),
            new Figure.Kernels("conv1", Optional.empty()),
            new Figure.LayerSparsity(),
            new Figure.Kernels("conv2", Optional.of(31)),
            new Figure.Masks("fc1", Optional.empty()),
            new Figure.Curve("sparsity", "samples/correct"));
  }

  @Test
  void reportsEveryFaultOfFiguresAtItsPlace() {
    String figures =
        """

            - samples
            - layer-sparsity: {bars: 3}
            - {kernels: {layer: conv3}}
            - {kernels: {layer: fc1}}
            - {kernels: {layer: conv1, channel: 4}}
            - {kernels: {layer: conv1, channel: -1}}
            - {kernels: conv1}
            - {kernels: {channel: 1}}
            - {kernel: {layer: conv1}}
            - {masks: {layer: fc1, as-image: [28, 28]}}
            - {masks: {layer: fc1, as-image: 28}}
            - {curve: {x: sparsity, y: totl}}
            - training-curves
            - training-curves
            - kernels:
              layer: conv1
        """
            .stripTrailing();
    assertThatThrownBy(() -> images("total", figures))
        .isInstanceOfSatisfying(
            StudyException.class, e -> Golden.check("figures", String.join("\n", e.faults())));
  }

  @Test
  void reportsWhatIsMissing() {
    refuses("missing", "study: x\nseeds: []\npipeline: []\n");
  }

  @Test
  void refusesAMetricThatDoesNotSuitTheTask() {
    refuses(
        "unsuited",
        """
        study: x
        data: toy-regression
        model: {toy-model: {fits: false}}
        pipeline: [train]
        measure: [total, accuracy]
        """);
  }

  @Test
  void refusesAxesThatAreNotUsedOrReferToThemselvesAndFixedPartsThatVary() {
    refuses(
        "axes",
        """
        study: x
        data: {toy-data: {examples: ${n}}}
        model: toy-model
        pipeline:
          - ${a}
          - train: {epochs: x${c}}
        grid: {a: {l: {prune: {cells: "${a}"}}}, b: [1, 2], c: {list: [1, 2]}, n: [3]}
        measure: [total]
        """);
  }

  @Test
  void refusesTextThatIsNoYaml() {
    refuses("no-yaml", "study: x\n\tdata: y\n");
  }

  @Test
  void changesWhatTheCommandLineSays() {
    String text =
        Lab.study(
            "pipeline:",
            "  - train: {epochs: 9}",
            "  - ${arm}",
            "grid: {arm: {a: {prune: {cells: 6}}, b: tune}}",
            "measure: [total]");
    Study study =
        Lab.parse(
            text,
            "pipeline.0.train.epochs=1",
            "grid.arm.a.prune.cells=2",
            "data.toy-data.examples=7",
            "seeds=[4, 5]");
    assertThat(study.arms().get(0).pipeline().get(0).step()).isEqualTo(new Toys.Train(1, 10, 0, 0));
    assertThat(study.arms().get(0).pipeline().get(1).step()).isEqualTo(new Toys.Prune(2));
    assertThat(study.data()).isEqualTo(new Toys.Data(7));
    assertThat(study.seeds()).containsExactly(4L, 5L);
    assertThat(study.overrides()).hasSize(4);
    assertThat(study.text()).isEqualTo(text);
  }

  @Test
  void readsSeedsOfTheCommandLine() {
    String text = Lab.study("pipeline: [train]", "measure: [total]");
    assertThat(Lab.parse(text, Seeding.override("1,2,3")).seeds()).containsExactly(1L, 2L, 3L);
    assertThat(Lab.parse(text, Seeding.override("2..4")).seeds()).containsExactly(2L, 3L, 4L);
    assertThat(Lab.parse(text, Seeding.override("9")).seeds()).containsExactly(9L);
  }

  @Test
  void refusesChangesThatLeadNowhere() {
    refuses(
        "overrides",
        Lab.study("pipeline: [train]", "measure: [total]"),
        "epochs",
        "pipeline.3.train.epochs=1",
        "model.ffn.hidden=[3]",
        "pipeline.0.train.epochs=many",
        "seeds=5..1",
        "sead=3");
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertThatThrownBy(() -> StudyFile.read(Path.of("nowhere.yaml"), List.of(), Toys.catalogs()))
        .isInstanceOf(StudyException.class)
        .hasMessage("there is no study file nowhere.yaml");
  }
}
