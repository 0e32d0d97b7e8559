package io.secateur.train;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistic;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * What interrupts a training at some of its steps and hands it back changed: pruning while training
 * goes on. Masks that it sets hold from then on, in the optimiser's state too.
 */
public interface Interlude {
  /** Nothing interrupts. */
  Interlude NONE =
      new Interlude() {
        @Override
        public List<Long> steps(long perEpoch, long total) {
          return List.of();
        }

        @Override
        public Outcome at(Checkpoint model, long step, long perEpoch, long total) {
          throw new IllegalStateException("nothing interrupts at step " + step);
        }
      };

  /**
   * Returns the steps after which the training is interrupted, ascending, from 0 to {@code total}.
   *
   * @throws IllegalArgumentException when they do not fit the training
   */
  List<Long> steps(long perEpoch, long total);

  /** Changes a model; its training state stays as it is. */
  Outcome at(Checkpoint model, long step, long perEpoch, long total) throws IOException;

  /** Returns what is to be summed at every step, for {@link #weights}. */
  default Set<Statistic.OfTraining> gathers() {
    return Set.of();
  }

  /** Returns the names of the weights that are watched at every step. */
  default Set<String> weights() {
    return Set.of();
  }

  /**
   * What an interruption gave.
   *
   * @param rows what it recorded, of no split and epoch
   */
  record Outcome(Checkpoint model, List<Stage.Row> rows) {
    public Outcome {
      rows = List.copyOf(rows);
    }
  }
}
