package io.secateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.inject.AbstractModule;
import io.secateur.evaluate.ArrayExamples;
import io.secateur.evaluate.Classifier;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.plugin.Catalogs;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs do with one model; what needs the methods is tried where the pages are. */
@Tag("engine")
class ModelTest {
  private static final Task.Classification TASK = new Task.Classification(new Shape(2), 2);
  private static final Architecture NET =
      new Architecture(new Shape(2), List.of(new Linear("fc", 2)));

  /** A method that is in no catalog. */
  private record Magnitude() implements ScoringMethod {
    @Override
    public String name() {
      return "magnitude";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs();
    }
  }

  private static Model model(float... weights) {
    return Secateur.session()
        .model(
            new Checkpoint(
                NET,
                Map.of(
                    "fc.weight", Tensor.of(new Shape(2, 2), weights),
                    "fc.bias", Tensor.of(new Shape(2), 0.5f, 0))));
  }

  private static Model pruned(Model model, int count) throws IOException {
    return model.prune(
        new Magnitude(), new Amount.Count(count), new Scope.Global(), new Granularity.Element());
  }

  @Test
  void prunesByARecordAndByCountAgain() throws IOException {
    Model once = pruned(model(1, -2, 3, 4), 1);
    Model twice = pruned(once, 1);
    assertThat(twice.checkpoint().parameter("fc.weight").toFloats()).containsExactly(0, 0, 3, 4);
    assertThat(once.checkpoint().parameter("fc.weight").toFloats()).containsExactly(0, -2, 3, 4);
    assertThat(twice.summary().total())
        .isEqualTo(new PruningSummary.Row("total", "", 4, 2))
        .hasToString("Row[name=total, shape=, weights=4, pruned=2]");
    assertThat(twice).hasToString("Model[6 parameters, 2 of 4 weights pruned]");
  }

  @Test
  void editsAndCopiesUnderTheMask() throws IOException {
    Model pruned = pruned(model(1, 2, 3, 4), 2);
    assertThat(
            pruned
                .edit("fc.weight", numbers -> java.util.Arrays.fill(numbers, 7))
                .checkpoint()
                .parameter("fc.weight")
                .toFloats())
        .containsExactly(0, 0, 7, 7);
    Model copied = pruned.withWeightsOf(model(5, 6, 7, 8), "fc.weight");
    assertThat(copied.checkpoint().parameter("fc.weight").toFloats()).containsExactly(0, 0, 7, 8);
    assertThatThrownBy(() -> pruned.edit("fc.wait", numbers -> {}))
        .hasMessageContaining("no parameter is named fc.wait");
    assertThatThrownBy(() -> pruned.editTensor("fc.weight", any -> Tensor.of(new Shape(1), 1)))
        .hasMessageContaining("parameter fc.weight takes float32(2, 2)");
    Architecture wide = new Architecture(new Shape(2), List.of(new Linear("fc", 3)));
    Model other =
        Secateur.session().model(new Checkpoint(wide, wide.initialise(Initialisation.PYTORCH, 1)));
    assertThatThrownBy(() -> other.withMasksOf(pruned))
        .hasMessage(
            "the masks of the other model do not fit: fc.weight is 3 x 2 in the model, its mask is 2 x 2");
    assertThatThrownBy(() -> pruned.withMasksOf(other)).hasMessageContaining("holds no masks");
  }

  @Test
  void classifiesAndEvaluatesArrays() throws IOException {
    Model model = model(1, 0, 0, 1);
    try (Classifier classifier = model.classifier()) {
      assertThat(classifier.scores(2, 3)).containsExactly(2.5f, 3);
      assertThat(classifier.classify(new float[][] {{2, 3}, {3, 2}})).containsExactly(1, 0);
      assertThat(classifier.scores(new float[0][])).isEmpty();
      assertThatThrownBy(() -> classifier.scores(1, 2, 3))
          .hasMessage("the model takes examples of (2), which is 2 numbers, was given 3");
    }
    float[][] inputs = {{2, 3}, {3, 2}, {1, 5}, {0, 0}};
    ArrayExamples examples = ArrayExamples.of(TASK, inputs, new int[] {1, 0, 0, 0});
    assertThat(model.on(examples).evaluate("accuracy")).isEqualTo(Map.of("accuracy", 75.0));
    assertThatThrownBy(() -> ArrayExamples.of(TASK, inputs, new int[] {1, 0, 0, 2}))
        .hasMessage("example 3 is of class 2, and classes are 0 to 1");
    ArrayExamples numbers =
        ArrayExamples.of(new Task.Regression(new Shape(2), 2), inputs, inputs.clone());
    assertThat(model.on(numbers).evaluate("mse").get("mse")).isEqualTo(0.125);
    assertThatThrownBy(() -> model.evaluate("accuracy"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("write on(\"digits\") first");
  }

  @Test
  void saysWhatCannotBe(@TempDir Path folder) {
    Model model = model(1, 2, 3, 4);
    assertThatThrownBy(() -> Secateur.load(folder.resolve("absent").toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            "absent: there is no such checkpoint: a folder, a safetensors file, or RUN#arm/seed/round");
    assertThatThrownBy(() -> model.run("pruned")).hasMessageContaining("Did you mean 'prune'?");
    assertThatThrownBy(() -> model.run("{rounds: {rounds: 1, stages: [compact]}}"))
        .hasMessage("rounds is a recipe of several stages; run it in a study");
    assertThatThrownBy(() -> model.run("{rewind: init}"))
        .hasMessageContaining("there is no pipeline here");
    assertThatThrownBy(() -> model.run("prune")).hasMessageContaining("prune needs a method");
  }

  @Test
  void bindingsCanBeReplaced() {
    Catalogs none = Catalogs.holding(List.of());
    Session session =
        Secateur.with(
            new AbstractModule() {
              @Override
              protected void configure() {
                bind(Catalogs.class).toInstance(none);
              }
            });
    assertThat(session.instance(Catalogs.class)).isSameAs(none);
    assertThatThrownBy(() -> session.open("mlp", "digits", 1))
        .hasMessageContaining("there is no data set 'digits'");
  }
}
