package io.secateur.train;

import io.secateur.model.TrainingState;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;

/** Says and records how a training ended: after how many epochs, and which one it returns. */
record Ending(Course course, History history) {

  void stopped(long step) {
    course
        .stopping()
        .ifPresent(
            stopping -> {
              int run = history.over().size();
              record("epochs-run", run, "");
              if (step < course.total()) {
                stopping
                    .verdict(history.over())
                    .ifPresent(best -> course.context().say(early(stopping, run, best)));
              }
            });
  }

  private String early(Stopping stopping, int run, TrainingState.Epoch best) {
    Watched watched = stopping.watched();
    return "stopped after epoch %d of %d: %s (%s) did not improve on %s of epoch %d for %d epochs"
        .formatted(
            run,
            history.epochs(),
            watched.quantity().name(),
            watched.part(),
            watched.text(best),
            best.epoch(),
            stopping.settings().patience());
  }

  void kept(Kept kept) {
    course
        .examination()
        .choosing()
        .ifPresent(
            watched ->
                kept.epoch(history.over())
                    .ifPresent(
                        best -> {
                          record("kept-epoch", best.epoch(), watched.part());
                          course.context().say(kept(watched, best));
                        }));
  }

  private static String kept(Watched watched, TrainingState.Epoch best) {
    String line =
        "kept epoch %d: the best %s (%s), %s"
            .formatted(best.epoch(), watched.quantity().name(), watched.part(), watched.text(best));
    return watched.split() == Split.TEST
        ? line + "; chosen on test, so its test results are no longer those of unseen examples"
        : line;
  }

  private void record(String metric, double value, String split) {
    course.context().record(new Stage.Row(metric, value, "", split, 0, ""));
  }
}
