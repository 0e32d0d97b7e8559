package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Conv2d;
import io.secateur.model.Flatten;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Setting;
import io.secateur.plugin.Settings;
import io.secateur.study.Figure.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FigureTest {
  private static final Architecture CONVOLUTIONS =
      new Architecture(
          new Shape(1, 8, 8),
          List.of(
              new Conv2d("conv1", 4, 3, 1, 0),
              new Relu("relu1"),
              new Conv2d("conv2", 6, 3, 1, 0),
              new Flatten("flatten"),
              new Linear("fc1", 10, true)));

  private static final Architecture COLOURED =
      new Architecture(
          new Shape(3, 4, 5),
          List.of(new Flatten("flatten"), new Linear("fc1", 6, true), new Linear("fc2", 2, true)));

  private static List<Problem> problems(Figure figure, Architecture architecture) {
    return figure.problems(new Figure.Subject(architecture, List.of()));
  }

  private static Figure masks(String layer, Integer... sides) {
    return new Figure.Masks(layer, Optional.of(List.of(sides)));
  }

  @Test
  void hasAnExampleOfEveryKindUnderTheNameThatTheBinderReads() {
    assertThat(Figure.examples())
        .extracting(Object::getClass)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList((Object[]) Figure.class.getPermittedSubclasses()).stream()
                .map(type -> (Class<?>) type)
                .toList());
    assertThat(new HashSet<>(Figure.names())).hasSameSizeAs(Figure.names());
    for (Figure figure : Figure.examples()) {
      assertThat(Figure.read(figure.written())).as(figure.written()).contains(figure);
      assertThat(figure.written()).contains(figure.name());
      assertThat(figure.description()).endsWith(".");
    }
  }

  @Test
  void standsInTheManualWithItsSettings() throws IOException {
    Path page = Path.of(System.getProperty("secateur.root", ".."), "docs", "figures.md");
    String text = Files.readString(page);
    for (Figure figure : Figure.examples()) {
      String row =
          text.lines()
              .filter(line -> line.startsWith("| `" + figure.name() + "` |"))
              .findFirst()
              .orElse("");
      assertThat(row).as("a row for %s in docs/figures.md", figure.name()).isNotEmpty();
      for (Setting setting : Settings.describe(figure.getClass(), Catalogs.holding(List.of()))) {
        assertThat(row).contains("`" + setting.name() + "`");
      }
      figure.metrics().forEach(metric -> assertThat(row).contains("`" + metric + "`"));
    }
  }

  @Test
  void readsWhatEarlierRunsWroteAndNothingElse() {
    assertThat(Figure.read("sparsity-accuracy")).contains(new Figure.SparsityAccuracy());
    assertThat(Figure.read("{kernels: {layer: conv1, channel: 2}}"))
        .contains(new Figure.Kernels("conv1", Optional.of(2)));
    assertThat(Figure.read("{masks: {layer: fc1, as-image: [28, 28]}}"))
        .contains(masks("fc1", 28, 28));
    assertThat(Figure.read("pie")).isEmpty();
    assertThat(Figure.read("{kernels: {layer: [")).isEmpty();
  }

  @Test
  void namesItsFileAfterItsSettings() {
    assertThat(new Figure.Kernels("conv1", Optional.empty()).id()).isEqualTo("kernels-conv1");
    assertThat(new Figure.Kernels("conv1", Optional.of(0)))
        .isEqualTo(new Figure.Kernels("conv1", Optional.empty()));
    assertThat(new Figure.Kernels("block.0.conv", Optional.of(2)).id())
        .isEqualTo("kernels-block-0-conv-channel-2");
    assertThat(masks("fc1", 28, 28).id()).isEqualTo("masks-fc1-as-image");
    assertThat(new Figure.Curve("disk-size/coo", "top-5").id())
        .isEqualTo("curve-top-5-over-disk-size-coo");
  }

  @Test
  void knowsConvolutionsAndTheirChannels() {
    assertThat(problems(new Figure.Kernels("conv2", Optional.of(3)), CONVOLUTIONS)).isEmpty();
    assertThat(problems(new Figure.Kernels("conv3", Optional.empty()), CONVOLUTIONS))
        .containsExactly(
            new Problem(
                "layer",
                "the model has no layer with weights named 'conv3'. Did you mean 'conv1'? It has:"
                    + " conv1, conv2, fc1"));
    assertThat(problems(new Figure.Kernels("fc1", Optional.empty()), CONVOLUTIONS))
        .containsExactly(
            new Problem("layer", "fc1 is no convolution (linear); convolutions: conv1, conv2"));
    assertThat(problems(new Figure.Kernels("fc1", Optional.empty()), COLOURED))
        .containsExactly(
            new Problem("layer", "fc1 is no convolution (linear), and the model has none"));
    assertThat(problems(new Figure.Kernels("conv1", Optional.of(1)), CONVOLUTIONS))
        .containsExactly(
            new Problem(
                "channel",
                "the kernels of conv1 have 1 input channel, numbered from 0; there is no channel"
                    + " 1"));
  }

  @Test
  void takesOnlyImagesThatALayerSees() {
    assertThat(problems(masks("fc1", 4, 5), COLOURED)).isEmpty();
    assertThat(problems(masks("fc1", 12, 5), COLOURED)).isEmpty();
    assertThat(problems(masks("fc1", 5, 5), COLOURED))
        .containsExactly(
            new Problem("as-image", "fc1 has 60 inputs, an image of 5 x 5 has 25 pixels"));
    assertThat(problems(masks("fc2", 2, 3), COLOURED))
        .containsExactly(
            new Problem(
                "as-image", "the inputs of fc2 are not the image's pixels; those of fc1 are"));
    assertThat(problems(masks("conv1", 3, 3), CONVOLUTIONS))
        .containsExactly(
            new Problem(
                "as-image",
                "the inputs of conv1 are not the image's pixels, and no other layer's are"));
    assertThatThrownBy(() -> masks("fc1", 28))
        .hasMessage("as-image is [height, width], such as [28, 28], was [28]");
  }
}
