package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.spi.Task;
import io.secateur.train.Optimizer;
import io.secateur.train.Trainer;
import java.util.List;

/** What {@link Train} and {@link FineTune} check alike. */
final class Trainings {
  private Trainings() {}

  /** Refuses settings that no training can have. */
  static void check(int epochs, Optimizer optimizer, int batch) {
    var unused = new Trainer(epochs, optimizer, batch);
  }

  static List<String> faults(Architecture architecture, Task task) {
    long outputs = architecture.output().get(architecture.output().dimension() - 1);
    return outputs == task.outputs()
        ? List.of()
        : List.of(
            "the model gives %d outputs, the data set asks for %d"
                .formatted(outputs, task.outputs()));
  }
}
