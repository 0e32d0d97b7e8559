package io.secateur.study;

/**
 * A checkpoint of a run, as {@code checkpoints.jsonl} lists them and the command line names them:
 * {@code RUN#arm/seed/round}.
 *
 * @param stage the stage that left it
 * @param label that stage's label, or empty
 * @param branch the branch it stands on, or empty
 * @param key the step in the store
 * @param store the store's folder, relative to the run's where it lies in it
 */
public record CheckpointRef(
    String arm,
    long seed,
    int round,
    String stage,
    String label,
    String branch,
    String key,
    String store) {

  static CheckpointRef of(Plan.Place place, String store) {
    return new CheckpointRef(
        place.arm(),
        place.seed(),
        place.round(),
        place.stage(),
        place.label(),
        place.branch(),
        place.checkpoint(),
        store);
  }

  /** Returns the same checkpoint of another store. */
  CheckpointRef in(String folder) {
    return new CheckpointRef(arm, seed, round, stage, label, branch, key, folder);
  }

  /** Returns what stands behind the {@code #}: {@code imp/1/3}. */
  public String name() {
    return arm + "/" + seed + "/" + round;
  }
}
