package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import io.secateur.spi.TrainingStage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The beginning of a training, up to a step that a later rewind goes back to. Planning makes these;
 * a study file cannot write one.
 *
 * @param step optimiser steps after which it ends, its optimiser's state kept
 */
record CutTraining(Train training, long step) implements TrainingStage {
  CutTraining {
    if (step < 0) {
      throw new IllegalArgumentException("a training stops after 0 or more steps, was " + step);
    }
  }

  @Override
  public String name() {
    return training.name();
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    return training.run(input, OptionalLong.of(step), context);
  }

  @Override
  public long stepsPerEpoch(int examples) {
    return training.stepsPerEpoch(examples);
  }

  @Override
  public long steps(int examples) {
    return training.steps(examples);
  }

  @Override
  public TrainingStage until(long earlier) {
    return training.until(earlier);
  }

  @Override
  public int ordinal(int round) {
    return training.ordinal(round);
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    return training.faults(architecture, task);
  }

  @Override
  public Set<Split> reads() {
    return training.reads();
  }

  @Override
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    return training.foresee(architecture, before);
  }
}
