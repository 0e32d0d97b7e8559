package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {

  @Test
  void numbersStandRightAndWordsLeft() {
    assertThat(
            Layout.table(
                List.of("layer", "parameters>"),
                List.of(List.of("a", "1"), List.of("bc", "1,000"))))
        .isEqualToNormalizingNewlines(
            """
            layer  parameters
            a               1
            bc          1,000""");
  }

  @Test
  void textBreaksAtBlanksAndKeepsItsOwnLines() {
    assertThat(Layout.wrapped("one two three\nfour", "  ", 10))
        .containsExactly("  one two", "  three", "  four");
  }

  @Test
  void aWordLongerThanTheLineStaysWhole() {
    assertThat(Layout.wrapped("a/very/long/path b", "", 5))
        .containsExactly("a/very/long/path", "b");
  }

  @Test
  void sizesAreInThousands() {
    assertThat(Layout.bytes(999)).isEqualTo("999 B");
    assertThat(Layout.bytes(1066440)).isEqualTo("1.07 MB");
    assertThat(Layout.bytes(29_397_000)).isEqualTo("29.4 MB");
  }

  @Test
  void durationsAreInTheUnitsThatSuit() {
    assertThat(Layout.duration(0.42)).isEqualTo("0.4 s");
    assertThat(Layout.duration(59.97)).isEqualTo("1 min 00 s");
    assertThat(Layout.duration(125)).isEqualTo("2 min 05 s");
    assertThat(Layout.duration(4830)).isEqualTo("1 h 20 min");
  }

  @Test
  void countsAreWholeAndOtherNumbersHaveSixDigits() {
    assertThat(Layout.number(266610)).isEqualTo("266,610");
    assertThat(Layout.number(0.000433612345)).isEqualTo("0.000433612");
    assertThat(Layout.number(Double.NaN)).isEqualTo("NaN");
  }
}
