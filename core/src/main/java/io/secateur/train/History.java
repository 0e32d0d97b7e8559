package io.secateur.train;

import io.secateur.model.TrainingState;
import io.secateur.spi.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of the epochs so far: those that are over, what was recorded while training was
 * interrupted, and the sums of the epoch under way, which travel with the training state so that a
 * cut within an epoch does not show in its mean loss.
 */
final class History {
  private static final String TRAIN_LOSS = "train loss";
  private static final String REVIVED = "revived";
  private static final String LOSS_SUM = "loss sum";
  private static final String EXAMPLES = "examples";

  private final Examination examination;
  private final int epochs;
  private final List<TrainingState.Epoch> entries = new ArrayList<>();
  private double lossSum;
  private long examples;

  History(Examination examination, int epochs, List<TrainingState.Epoch> before) {
    this.examination = examination;
    this.epochs = epochs;
    for (TrainingState.Epoch epoch : before) {
      if (epoch.numbers().containsKey(LOSS_SUM)) {
        lossSum = number(epoch, LOSS_SUM);
        examples = (long) number(epoch, EXAMPLES);
      } else {
        entries.add(epoch);
      }
    }
  }

  /** Adds a batch of the epoch under way. */
  void add(double meanLoss, int batch) {
    lossSum += meanLoss * batch;
    examples += batch;
  }

  /** Ends the epoch under way with what its examination measured. */
  TrainingState.Epoch end(Map<String, Double> measured, long revived) {
    Map<String, Double> numbers = new TreeMap<>(measured);
    numbers.put(TRAIN_LOSS, lossSum / examples);
    numbers.put(REVIVED, (double) revived);
    TrainingState.Epoch epoch = new TrainingState.Epoch(over().size() + 1, numbers);
    entries.add(epoch);
    lossSum = 0;
    examples = 0;
    return epoch;
  }

  /** Notes what an interruption recorded; of several in an epoch the last counts. */
  void note(int epoch, List<Stage.Row> rows) {
    entries.removeIf(entry -> entry.epoch() == epoch && Interruption.is(entry));
    entries.add(Interruption.entry(epoch, rows));
  }

  /** Returns what a training state keeps. */
  List<TrainingState.Epoch> toList() {
    List<TrainingState.Epoch> all = new ArrayList<>(entries);
    if (examples > 0) {
      all.add(
          new TrainingState.Epoch(
              over().size() + 1, Map.of(LOSS_SUM, lossSum, EXAMPLES, (double) examples)));
    }
    return all;
  }

  /** Returns all measurements so far. */
  List<Stage.Row> rows() {
    List<Stage.Row> rows = new ArrayList<>();
    for (TrainingState.Epoch entry : entries) {
      rows.addAll(Interruption.is(entry) ? Interruption.rows(entry, entry.epoch()) : rows(entry));
    }
    return rows;
  }

  /** Returns what the last interruption recorded, of no epoch. */
  List<Stage.Row> lastInterruption() {
    return entries.stream()
        .filter(Interruption::is)
        .reduce((first, second) -> second)
        .map(entry -> Interruption.rows(entry, 0))
        .orElse(List.of());
  }

  /** Returns the measurements of an epoch that is over. */
  List<Stage.Row> rows(TrainingState.Epoch epoch) {
    List<Stage.Row> rows = new ArrayList<>();
    int number = epoch.epoch();
    rows.add(new Stage.Row("loss", number(epoch, TRAIN_LOSS), "", "train", number, ""));
    for (Watched each : examination.watched()) {
      if (each.in(epoch)) {
        Stage.Row row = each.row(epoch);
        // Asked for, the loss of the whole training part stands in the place of its batches' mean.
        rows.removeIf(
            other -> other.metric().equals(row.metric()) && other.split().equals(row.split()));
        rows.add(row);
      }
    }
    rows.add(new Stage.Row("revived", number(epoch, REVIVED), "", "", number, ""));
    return rows;
  }

  /** Returns how many epochs there are at most. */
  int epochs() {
    return epochs;
  }

  /** Returns the epochs that are over. */
  List<TrainingState.Epoch> over() {
    return entries.stream().filter(entry -> !Interruption.is(entry)).toList();
  }

  /** Returns an epoch in one line: {@code epoch 2/5 loss 0.1234 accuracy 97.31 % (test) …}. */
  String line(TrainingState.Epoch epoch) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "epoch %d/%d  loss %.4f",
            epoch.epoch(),
            epochs,
            number(epoch, TRAIN_LOSS)));
    Optional<Watched> decides = examination.choosing().or(examination::stopping);
    boolean first = true;
    for (Watched each : examination.watched()) {
      if (each.in(epoch)) {
        line.append("  ").append(each.quantity().name()).append(' ');
        line.append(each.text(epoch)).append(" (").append(each.part()).append(')');
        if (decides.map(each::equals).orElse(first)) {
          TrainingState.Epoch best = best(each, over());
          line.append("  best ").append(each.text(best));
          line.append(" (epoch ").append(best.epoch()).append(')');
        }
        first = false;
      }
    }
    return line.append("  revived ").append((long) number(epoch, REVIVED)).toString();
  }

  /** Of equals the first. */
  private static TrainingState.Epoch best(Watched watched, List<TrainingState.Epoch> over) {
    TrainingState.Epoch best = over.get(0);
    for (TrainingState.Epoch epoch : over) {
      best = watched.lead(epoch, best) > 0 ? epoch : best;
    }
    return best;
  }

  static double number(TrainingState.Epoch epoch, String key) {
    Double number = epoch.numbers().get(key);
    if (number == null) {
      throw new IllegalArgumentException(
          "the training state's epoch %d has no '%s'".formatted(epoch.epoch(), key));
    }
    return number;
  }
}
