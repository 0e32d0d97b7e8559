package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void writesSettingsAsAStudyHasThem() {
    assertThat(Words.spaced("ffn{hidden=[300,100],bias=false}"))
        .isEqualTo("ffn {hidden: [300, 100], bias: false}");
    assertThat(Words.spaced("mnist {crop: 20}")).isEqualTo("mnist {crop: 20}");
  }

  @Test
  void leavesWhatIsInQuotes() {
    assertThat(Words.spaced("csv{file=\"a=b,{c}.csv\"}")).isEqualTo("csv {file: \"a=b,{c}.csv\"}");
  }

  @Test
  void tiesNumbersToTheirUnits() {
    assertThat(Words.tied("accuracy 97.35 ± 0.78 %, n = 3"))
        .isEqualTo("accuracy 97.35\u00A0±\u00A00.78\u00A0%, n\u00A0=\u00A03");
  }
}
