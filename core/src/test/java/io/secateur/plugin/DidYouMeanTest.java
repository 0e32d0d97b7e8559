package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {
  private static final List<String> NAMES = List.of("epochs", "learning-rate", "l1", "polynomial");

  @Test
  void findsANameWithALetterLeftOut() {
    assertThat(DidYouMean.nearest("epoch", NAMES)).contains("epochs");
  }

  @Test
  void countsTwoSwappedLettersAsOneSlip() {
    assertThat(DidYouMean.nearest("1l", NAMES)).contains("l1");
  }

  @Test
  void overlooksCaseAndJoiners() {
    assertThat(DidYouMean.nearest("learningRate", NAMES)).contains("learning-rate");
    assertThat(DidYouMean.nearest("learning_rate", NAMES)).contains("learning-rate");
  }

  @Test
  void findsTheOnlyNameThatStartsSo() {
    assertThat(DidYouMean.nearest("poly", NAMES)).contains("polynomial");
  }

  @Test
  void findsNothingFarAway() {
    assertThat(DidYouMean.nearest("momentum", NAMES)).isEmpty();
    assertThat(DidYouMean.among("momentum", NAMES)).isEmpty();
  }

  @Test
  void asksInASentence() {
    assertThat(DidYouMean.among("l2", NAMES)).isEqualTo(" Did you mean 'l1'?");
  }
}
