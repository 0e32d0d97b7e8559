package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NamePatternTest {

  @Test
  void matchesWholeNamesOnly() {
    assertThat(new NamePattern("fc1.weight").matches("fc1.weight")).isTrue();
    assertThat(new NamePattern("fc1").matches("fc1.weight")).isFalse();
    assertThat(new NamePattern("weight").matches("fc1.weight")).isFalse();
  }

  @Test
  void starsStandForAnyCharactersAndQuestionMarksForOne() {
    assertThat(new NamePattern("fc*").matches("fc1.weight")).isTrue();
    assertThat(new NamePattern("*.weight").matches("fc1.weight")).isTrue();
    assertThat(new NamePattern("*").matches("")).isTrue();
    assertThat(new NamePattern("layers.?.weight").matches("layers.3.weight")).isTrue();
    assertThat(new NamePattern("layers.?.weight").matches("layers.13.weight")).isFalse();
  }

  @Test
  void allElseStandsForItself() {
    assertThat(new NamePattern("fc1.weight").matches("fc1xweight")).isFalse();
    assertThat(new NamePattern("a[0-9]+").matches("a1")).isFalse();
    assertThat(new NamePattern("a\\E(").matches("a\\E(")).isTrue();
  }

  @Test
  void isTheMoreExactTheMoreCharactersStandForThemselves() {
    assertThat(new NamePattern("fc1.*").exactness()).isEqualTo(4);
    assertThat(new NamePattern("*?").exactness()).isZero();
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> new NamePattern(" "))
        .hasMessage("a name pattern must not be empty; write a name, or * for any part of it");
  }
}
