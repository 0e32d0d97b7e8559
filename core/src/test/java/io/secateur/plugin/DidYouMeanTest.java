package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {
  private static final List<String> NAMES = List.of("epochs", "l1");

  @Test
  void asksInASentence() {
    assertThat(DidYouMean.among("l2", NAMES)).isEqualTo(" Did you mean 'l1'?");
  }

  @Test
  void saysNothingWhereNoNameIsNear() {
    assertThat(DidYouMean.among("momentum", NAMES)).isEmpty();
  }
}
