package io.secateur.spi;

import ai.djl.Device;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One step of a pipeline: a checkpoint in, a checkpoint out, nothing else kept. */
public non-sealed interface Stage extends Step {
  /** What the names of groups of coupled units stand behind where units are counted. */
  String UNITS_OF = "units of ";

  /** How many units of such groups go where only a run can tell. */
  long UNKNOWN = -1;

  /** Runs the step. What it allocates natively it frees. */
  Checkpoint run(Checkpoint input, Context context) throws IOException;

  /**
   * Returns this stage as it is in one round of a pipeline, its schedules evaluated to numbers.
   *
   * @param round from 1 to {@code rounds}; 0 of 0 outside rounds
   */
  default Stage at(int round, int rounds) {
    return this;
  }

  /**
   * Returns this stage with the fractions of the remaining that it prunes multiplied by {@code
   * factor}, as rounds ask that go on more slowly after one that did not hold; itself when it has
   * none.
   */
  default Stage eased(double factor) {
    return this;
  }

  /** Returns the earlier checkpoints this stage asks {@link Context#recall} for. */
  default Set<Point> recalls() {
    return Set.of();
  }

  /**
   * Returns whether the checkpoint that this stage is given is measured too, so that a report can
   * set it beside what the stage leaves.
   */
  default boolean measuresBefore() {
    return false;
  }

  /**
   * Returns the splits that this stage cannot do without; a data set that has none of one is
   * refused when planning.
   */
  default Set<Split> reads() {
    return Set.of();
  }

  /**
   * Returns whether this stage asks for {@link Context#fresh}; a model that reads its first
   * parameters from a file has no others, and is refused with it when planning.
   */
  default boolean opensFresh() {
    return false;
  }

  /**
   * Returns where the masks lie that this stage asks {@link Context#storedMasks} for: the folder or
   * file of a checkpoint, a file of masks alone, or {@code RUN#arm/seed/round}. When planning they
   * are looked for, and their contents are part of the step's key; whether they fit is told then
   * too, unless a stage before {@link #reshapes} the model.
   */
  default Set<String> storedMasks() {
    return Set.of();
  }

  /**
   * Returns whether what this stage leaves may have layers of other shapes, or fewer of them, than
   * what it was given.
   */
  default boolean reshapes() {
    return false;
  }

  /**
   * Returns what makes this stage impossible on a model and task, one line each; none when fine.
   */
  default List<String> faults(Architecture architecture, Task task) {
    return List.of();
  }

  /**
   * Returns why this stage cannot be given a model that is quantized, or one that is not; nothing
   * when it can. What moves weights, or gives layers other shapes, takes them off the integers that
   * they were rounded to: by default quantized models are refused. A stage that sets weights to 0
   * and leaves all else as it is may take them.
   *
   * @param quantized whether the model that it would be given is quantized
   */
  default Optional<String> refusal(boolean quantized) {
    return quantized
        ? Optional.of(
            "%s changes weights or layers, and quantize has rounded them to integers before; put %s before it"
                .formatted(name(), name()))
        : Optional.empty();
  }

  /** Returns whether what this stage leaves is quantized, whatever it was given. */
  default boolean quantizes() {
    return false;
  }

  /**
   * Returns which of the seeds of {@link Context#seed} this stage draws in a round: the round's own
   * by default; a training that a rewind repeats returns 0, to repeat its order too.
   */
  default int ordinal(int round) {
    return round;
  }

  /**
   * Returns how many cells weights will have lost after this stage, as far as shapes tell before
   * anything is run; plans show it.
   *
   * @param before the same before this stage: by weight, or by the names of weights that lose
   *     together, joined by {@code ", "}; units lost of groups that are pruned as one stand under
   *     {@link #UNITS_OF} and their names, {@link #UNKNOWN} or not; what else is absent is known
   *     when run
   */
  default Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    return before;
  }

  /** What a stage may use. */
  interface Context {
    /** Returns a split of the study's data set. */
    Examples data(Split split) throws IOException;

    /** Returns the task of the study's data set. */
    Task task();

    /** Returns the device to compute on. */
    Device device();

    /**
     * Returns the seed of this replicate for a purpose ({@code train}, {@code calibrate}, {@code
     * random fc1.weight}, …) in this round: equal across the arms of a study.
     */
    long seed(String purpose);

    /** Returns an earlier checkpoint of this pipeline, one of {@link Stage#recalls}. */
    Checkpoint recall(Point point) throws IOException;

    /** Returns the study's model as it opens with another seed: a fresh initialisation. */
    default Checkpoint fresh(long seed) throws IOException {
      throw new UnsupportedOperationException("no model can be opened here");
    }

    /**
     * Returns masks that lie outside the pipeline, by the names of the parameters that they are of.
     *
     * @param place one of {@link Stage#storedMasks}
     * @param architecture whose parameters they must fit
     * @throws IllegalArgumentException when there are none, or names or shapes differ: all
     *     differences at once
     */
    default Map<String, Mask> storedMasks(String place, Architecture architecture)
        throws IOException {
      throw new UnsupportedOperationException("no stored masks can be read here");
    }

    /** Records a measurement of this stage. */
    void record(Row row);

    /** Says one line about progress, shown as it happens: an epoch's loss, a layer's counts. */
    void say(String line);

    /** Reports progress, {@code done} of {@code total} units of work; throws when cancelled. */
    void progress(long done, long total);
  }

  /**
   * A number recorded while a stage ran.
   *
   * @param metric the quantity: {@code loss}, {@code pruned}, {@code requested}
   * @param layer the parameter it belongs to, or empty
   * @param split the split it was measured on in lower case, or empty
   * @param epoch the epoch it belongs to, from 1; 0 for none
   * @param unit the unit, or empty
   */
  record Row(String metric, double value, String layer, String split, int epoch, String unit) {}
}
