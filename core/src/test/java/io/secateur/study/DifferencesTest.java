package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  @Test
  void namesLinesTakenOutAndPutIn() {
    assertThat(Differences.between(List.of("a", "b", "c", "d"), List.of("a", "x", "c", "d", "e")))
        .containsExactly("- b", "+ x", "+ e");
  }

  @Test
  void areNoneBetweenEqualTexts() {
    assertThat(Differences.between(List.of("a", "b"), List.of("a", "b"))).isEmpty();
  }
}
