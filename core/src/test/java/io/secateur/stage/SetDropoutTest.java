package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Dropout;
import io.secateur.model.Initialisation;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.Residual;
import io.secateur.train.Toys;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetDropoutTest {
  private static Architecture net(double probability) {
    List<Layer> body = List.of(new Linear("inner", 6), new Dropout("inside", probability));
    return new Architecture(
        new Shape(6),
        List.of(
            new Dropout("first", probability),
            new Residual("add", body, List.of()),
            new Linear("out", 3)));
  }

  @Test
  void changesTheProbabilityOfEveryDropoutAndNothingElse() throws IOException {
    Checkpoint pruned =
        Toys.pruned(new Checkpoint(net(0.5), net(0.5).initialise(Initialisation.PYTORCH, 1)), 2);

    Checkpoint without = new SetDropout(0).run(pruned, new Toys.Context());

    assertThat(without.architecture()).isEqualTo(net(0));
    assertThat(without.parameters()).isEqualTo(pruned.parameters());
    assertThat(without.masks()).isEqualTo(pruned.masks()).isNotEmpty();
    assertThat(new SetDropout(0.5).run(without, new Toys.Context())).isEqualTo(pruned);
  }

  @Test
  void refusesModelsWithoutDropoutAndProbabilitiesThatAreNone() {
    Architecture plain = new Architecture(new Shape(6), List.of(new Linear("out", 3)));

    assertThat(new SetDropout().faults(net(0.1), Toys.TASK)).isEmpty();
    assertThat(new SetDropout().faults(plain, Toys.TASK))
        .containsExactly(
            "set-dropout changes dropout layers, and the model has none; list some in it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetDropout(1))
        .withMessage("probability must be at least 0 and below 1, was 1.0");
  }
}
