package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> NAMES = List.of("epochs", "learning-rate", "l1", "polynomial");

  @Test
  void findsANameWithALetterLeftOut() {
    assertThat(Nearest.to("epoch", NAMES)).contains("epochs");
  }

  @Test
  void countsTwoSwappedLettersAsOneSlip() {
    assertThat(Nearest.to("1l", NAMES)).contains("l1");
  }

  @Test
  void overlooksCaseAndJoiners() {
    assertThat(Nearest.to("learningRate", NAMES)).contains("learning-rate");
    assertThat(Nearest.to("learning_rate", NAMES)).contains("learning-rate");
  }

  @Test
  void findsTheOnlyNameThatStartsSo() {
    assertThat(Nearest.to("poly", NAMES)).contains("polynomial");
  }

  @Test
  void findsNothingFarAway() {
    assertThat(Nearest.to("momentum", NAMES)).isEmpty();
    assertThat(Nearest.suggest("momentum", NAMES)).isEmpty();
  }

  @Test
  void asksInASentence() {
    assertThat(Nearest.suggest("l2", NAMES)).isEqualTo("; did you mean l1?");
  }
}
