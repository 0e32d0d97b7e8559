package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.Tensor;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class DropBlocksTest {
  private static final Task TASK = new Task.Classification(new Shape(2), 2);

  private final RecordedContext context =
      new RecordedContext(TASK, new float[][] {{1, 0}, {0, 2}}, new float[2][1]);

  private static Layer block(String name, Layer... shortcut) {
    return new Residual(name, List.of(new Linear(name + ".fc", 2, false)), List.of(shortcut));
  }

  /** Blocks that turn their input by no, by 45 and by 90 degrees, in this order of the numbers. */
  private static Checkpoint model() {
    Architecture architecture =
        new Architecture(
            TASK.input(),
            List.of(
                block("quarter"),
                block("none"),
                block("eighth"),
                block("shaped", new Linear("projection", 2)),
                new Residual("outer", List.of(block("inner"), new Relu("relu")), List.of()),
                new Linear("out", 2)));
    Map<String, Tensor> parameters =
        new LinkedHashMap<>(architecture.initialise(Initialisation.PYTORCH, 1));
    // The sum is (1 + W) x: its turning is that of 1 + W.
    parameters.put("quarter.fc.weight", square(-1, -1, 1, -1));
    parameters.put("none.fc.weight", square(2, 0, 0, 2));
    parameters.put("eighth.fc.weight", square(0, -1, 1, 0));
    return new Checkpoint(architecture, parameters);
  }

  private static Tensor square(float... cells) {
    return Tensor.of(new Shape(2, 2), cells);
  }

  private static DropBlocks drop(Amount amount) {
    return new DropBlocks(amount, new Calibration());
  }

  private double value(String row) {
    return context.rows().stream()
        .filter(each -> each.startsWith(row + " "))
        .mapToDouble(each -> Double.parseDouble(each.substring(row.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void dropsWhatTurnsItsInputLeast() throws IOException {
    Checkpoint model = model();
    Mask mask = Mask.of(model.architecture().parameter("quarter.fc.weight").form(), c -> c > 0);
    Checkpoint masked = model.withMasks(Map.of("quarter.fc.weight", mask));

    Checkpoint after = drop(new Amount.Count(1)).run(masked, context);

    assertThat(value("influence quarter")).isCloseTo(1, within(1e-6));
    assertThat(value("influence none")).isCloseTo(0, within(1e-6));
    assertThat(value("influence eighth")).isCloseTo(1 - Math.sqrt(0.5), within(1e-6));
    assertThat(value("dropped none")).isEqualTo(1);
    assertThat(value("dropped eighth")).isZero();
    assertThat(after.architecture().layers().stream().map(Layer::name))
        .containsExactly("quarter", "eighth", "shaped", "outer", "out");
    assertThat(after.masks()).isEqualTo(masked.masks());
    after.parameters().forEach((name, kept) -> assertThat(kept).isEqualTo(model.parameter(name)));
    assertThat(context.said())
        .contains(
            "none  influence 0.0000  dropped",
            "kept out: shaped (its shortcut has layers of its own)",
            "kept out: inner (inside another block)");
  }

  @Test
  void takesFractionsAndThresholds() throws IOException {
    assertThat(names(drop(new Amount.OfAll(0.5)))).doesNotContain("none").hasSize(4);
    assertThat(names(drop(new Amount.Below(0.5)))).doesNotContain("none", "eighth");
    assertThat(drop(new Amount.OfAll(0)).run(model(), context)).isEqualTo(model());
  }

  private List<String> names(DropBlocks stage) throws IOException {
    return stage.run(model(), context).architecture().layers().stream().map(Layer::name).toList();
  }

  @Test
  void comparesEveryPositionOfASequence() throws IOException {
    Task task = new Task.Classification(new Shape(2, 2), 2);
    RecordedContext positions =
        new RecordedContext(task, new float[][] {{1, 0, 0, 5}}, new float[1][1]);
    Architecture architecture = new Architecture(task.input(), List.of(block("b")));
    // Turns the first feature by 90 degrees, the second not at all: together it would be nearer 0.
    Checkpoint model = new Checkpoint(architecture, Map.of("b.fc.weight", square(-1, 0, 1, 0)));

    drop(new Amount.OfAll(0)).run(model, positions);

    assertThat(positions.rows()).contains("influence b 0.5");
  }

  @Test
  void refusesWhatCannotBeDropped() {
    Architecture plain = new Architecture(new Shape(2), List.of(new Linear("out", 2)));

    assertThat(drop(new Amount.Count(4)).faults(model().architecture(), TASK)).isEmpty();
    assertThat(drop(new Amount.Count(5)).faults(model().architecture(), TASK))
        .containsExactly("a count of 5 blocks was asked, and 4 can be dropped");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new DropBlocks()
                    .run(
                        new Checkpoint(plain, plain.initialise(Initialisation.PYTORCH, 1)),
                        context))
        .withMessage(
            "drop-blocks drops residual blocks whose shortcut is the input itself, and the model"
                + " has none");
  }
}
