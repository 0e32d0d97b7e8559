package io.secateur.train;

import io.secateur.model.TrainingState;
import io.secateur.spi.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of the epochs so far: those that are over, and the sums of the one under way, which
 * travel with the training state so that a cut within an epoch does not show in its mean loss.
 */
final class History {
  private static final String TRAIN_LOSS = "train loss";
  private static final String REVIVED = "revived";
  private static final String LOSS_SUM = "loss sum";
  private static final String EXAMPLES = "examples";

  private final Examination examination;
  private final int epochs;
  private final List<TrainingState.Epoch> over = new ArrayList<>();
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
        over.add(epoch);
      }
    }
  }

  /** Adds a batch of the epoch under way. */
  void add(double meanLoss, int batch) {
    lossSum += meanLoss * batch;
    examples += batch;
  }

  /** Ends the epoch under way. */
  TrainingState.Epoch end(double score, long revived) {
    Map<String, Double> numbers = new TreeMap<>();
    numbers.put(TRAIN_LOSS, lossSum / examples);
    numbers.put(REVIVED, (double) revived);
    // Without test examples there is no score.
    if (!Double.isNaN(score)) {
      numbers.put(examination.key(), score);
    }
    TrainingState.Epoch epoch = new TrainingState.Epoch(over.size() + 1, numbers);
    over.add(epoch);
    lossSum = 0;
    examples = 0;
    return epoch;
  }

  /** Returns what a training state keeps. */
  List<TrainingState.Epoch> toList() {
    List<TrainingState.Epoch> all = new ArrayList<>(over);
    if (examples > 0) {
      all.add(
          new TrainingState.Epoch(
              over.size() + 1, Map.of(LOSS_SUM, lossSum, EXAMPLES, (double) examples)));
    }
    return all;
  }

  /** Returns the measurements of an epoch that is over. */
  List<Stage.Row> rows(TrainingState.Epoch epoch) {
    List<Stage.Row> rows = new ArrayList<>();
    int number = epoch.epoch();
    rows.add(new Stage.Row("loss", number(epoch, TRAIN_LOSS), "", "train", number, ""));
    if (epoch.numbers().containsKey(examination.key())) {
      rows.add(
          new Stage.Row(
              examination.metric(),
              number(epoch, examination.key()),
              "",
              "test",
              number,
              examination.unit()));
    }
    rows.add(new Stage.Row("revived", number(epoch, REVIVED), "", "", number, ""));
    return rows;
  }

  /** Returns the epochs that are over. */
  List<TrainingState.Epoch> over() {
    return List.copyOf(over);
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
    if (epoch.numbers().containsKey(examination.key())) {
      TrainingState.Epoch best = best();
      line.append("  ").append(examination.metric()).append(' ');
      line.append(examination.text(number(epoch, examination.key()))).append(" (test)  best ");
      line.append(examination.text(number(best, examination.key())));
      line.append(" (epoch ").append(best.epoch()).append(')');
    }
    return line.append("  revived ").append((long) number(epoch, REVIVED)).toString();
  }

  /** Of equals the first. */
  private TrainingState.Epoch best() {
    TrainingState.Epoch best = over.get(0);
    for (TrainingState.Epoch epoch : over) {
      double lead = number(epoch, examination.key()) - number(best, examination.key());
      best = (examination.higherIsBetter() ? lead > 0 : lead < 0) ? epoch : best;
    }
    return best;
  }

  private static double number(TrainingState.Epoch epoch, String key) {
    Double number = epoch.numbers().get(key);
    if (number == null) {
      throw new IllegalArgumentException(
          "the training state's epoch %d has no '%s'".formatted(epoch.epoch(), key));
    }
    return number;
  }
}
