package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "OfRemaining, of-remaining",
    "learningRate, learning-rate",
    "L1, l1",
    "KERNEL_ROW, kernel-row",
    "OUTPUT, output",
    "HTMLReport, html-report",
    "batch64, batch64",
    "Global, global"
  })
  void writesJavaNamesInLowerCaseWithHyphens(String java, String kebab) {
    assertThat(Names.kebab(java)).isEqualTo(kebab);
  }

  @ParameterizedTest
  @ValueSource(strings = {"l1", "of-remaining", "2ssp", "adam"})
  void takesLowerCaseWordsJoinedByHyphens(String name) {
    assertThat(Names.isKebab(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"L1", "a_b", "-a", "a-", "a--b", "7", "", "a b"})
  void refusesOtherNames(String name) {
    assertThat(Names.isKebab(name)).isFalse();
  }
}
