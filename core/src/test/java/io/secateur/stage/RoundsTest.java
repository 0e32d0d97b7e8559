package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.Recipe.Element;
import io.secateur.spi.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Step REWIND = new Rewind();
  private static final Step TRAIN = new Train();

  @Test
  void repeatsItsStagesRoundByRound() {
    Rounds rounds =
        new Rounds(2, List.of(new LabelledStep(REWIND, ""), new LabelledStep(TRAIN, "tuned")));

    assertThat(rounds.expand(List.of()))
        .containsExactly(
            new Element.RoundStart(1, 2),
            new Element.Run(REWIND),
            new Element.Run(TRAIN),
            new Element.Label("tuned"),
            new Element.RoundEnd(1),
            new Element.RoundStart(2, 2),
            new Element.Run(REWIND),
            new Element.Run(TRAIN),
            new Element.Label("tuned"),
            new Element.RoundEnd(2));
  }

  @Test
  void refusesLessThanOneRound() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rounds(0, List.of()))
        .withMessage("rounds must be at least 1, was 0");
  }

  @Test
  void refusesRoundsOfNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rounds().expand(List.of()))
        .withMessageStartingWith("rounds needs the stages to repeat");
  }

  @Test
  void refusesToStandInsideARound() {
    Rounds rounds = new Rounds(1, List.of(new LabelledStep(TRAIN, "")));
    Element start = new Element.RoundStart(1, 2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rounds.expand(List.of(start, new Element.Run(TRAIN))))
        .withMessage("rounds cannot stand inside the rounds of another recipe");
    assertThat(rounds.expand(List.of(start, new Element.RoundEnd(1)))).hasSize(3);
  }
}
