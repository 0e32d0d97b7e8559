package io.secateur.report;

import java.util.List;

/**
 * A part of a report that has a heading of its own.
 *
 * @param id what links within the page call it
 */
record Section(String id, String title, List<String> sentences, List<Table> tables) {
  Section {
    sentences = List.copyOf(sentences);
    tables = List.copyOf(tables);
  }

  boolean isEmpty() {
    return sentences.isEmpty() && tables.stream().allMatch(Table::isEmpty);
  }
}
