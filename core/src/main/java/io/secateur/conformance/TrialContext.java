package io.secateur.conformance;

import ai.djl.Device;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.spi.Examples;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The surroundings of a stage on trial: made-up examples, and earlier checkpoints as far as it has
 * said that it asks for them.
 *
 * @param examples how many every split has
 * @param recalls the earlier checkpoints that may be asked for: all are the trial's model
 * @param fresh whether a fresh initialisation may be asked for
 */
record TrialContext(Trial trial, int examples, Set<Point> recalls, boolean fresh)
    implements Stage.Context {

  /** For a method: nothing earlier, nothing fresh. */
  TrialContext(Trial trial, int examples) {
    this(trial, examples, Set.of(), false);
  }

  @Override
  public Examples data(Split split) {
    return trial.examples(split, examples);
  }

  @Override
  public Task task() {
    return trial.task();
  }

  @Override
  public Device device() {
    return Device.cpu();
  }

  @Override
  public long seed(String purpose) {
    return purpose.hashCode();
  }

  @Override
  public Checkpoint recall(Point point) {
    if (!recalls.contains(point)) {
      throw new IllegalStateException(
          "asks for %s, which its recalls() leave out".formatted(point));
    }
    return trial.model();
  }

  @Override
  public Checkpoint fresh(long seed) {
    if (!fresh) {
      throw new IllegalStateException("asks for a fresh model, and its opensFresh() says no");
    }
    Checkpoint model = trial.model();
    return new Checkpoint(
        model.architecture(),
        model.architecture().initialise(Initialisation.PYTORCH, seed),
        Map.of(),
        Optional.empty(),
        model.attachments());
  }

  @Override
  public void record(Stage.Row row) {}

  @Override
  public void say(String line) {}

  @Override
  public void progress(long done, long total) {
    if (done < 0 || done > total) {
      throw new IllegalStateException("reports progress %d of %d".formatted(done, total));
    }
  }
}
