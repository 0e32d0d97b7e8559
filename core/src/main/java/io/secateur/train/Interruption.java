package io.secateur.train;

import io.secateur.model.TrainingState;
import io.secateur.spi.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was recorded while a training was interrupted, among the entries of its history. */
final class Interruption {
  private static final String MARK = "interruption";
  private static final String BETWEEN = "|";

  private Interruption() {}

  /** Returns whether an entry is one. */
  static boolean is(TrainingState.Epoch entry) {
    return entry.numbers().containsKey(MARK);
  }

  /** Returns an entry that keeps rows, whatever they say of split and epoch. */
  static TrainingState.Epoch entry(int epoch, List<Stage.Row> rows) {
    Map<String, Double> numbers = new TreeMap<>();
    numbers.put(MARK, (double) rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Stage.Row row = rows.get(i);
      numbers.put(
          String.join(BETWEEN, Integer.toString(i), row.metric(), row.layer(), row.unit()),
          row.value());
    }
    return new TrainingState.Epoch(epoch, numbers);
  }

  /** Returns the rows of an entry in their order. */
  static List<Stage.Row> rows(TrainingState.Epoch entry, int epoch) {
    Map<Integer, Stage.Row> rows = new TreeMap<>();
    entry
        .numbers()
        .forEach(
            (key, value) -> {
              if (!key.equals(MARK)) {
                String[] words = key.split("\\|", -1);
                rows.put(
                    Integer.parseInt(words[0]),
                    new Stage.Row(words[1], value, words[2], "", epoch, words[3]));
              }
            });
    return new ArrayList<>(rows.values());
  }
}
