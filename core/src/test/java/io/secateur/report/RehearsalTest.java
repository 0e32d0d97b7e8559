package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void reportsOnAllOfTheMadeUpRunAndKeepsNothing() {
    Summary summary = Rehearsal.report();
    assertThat(summary.rows()).hasSize(6);
    assertThat(summary.columns()).contains("Accuracy (%)");
    assertThat(summary.sentences()).anyMatch(sentence -> sentence.contains("imp"));
    assertThat(summary.notes()).noneMatch(note -> note.contains("drawn"));
    assertThat(summary.page()).doesNotExist();
    assertThat(Rehearsal.FOLDER).doesNotExist();
  }
}
