package io.secateur.train;

/** A training whose loss is no longer a number; the message says where, and what to try. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(int epoch, long step, double loss, double rate) {
    super(
        "training diverged in epoch %d at step %d: the loss is %s; try a smaller learning rate than %s"
            .formatted(epoch, step, loss, rate));
  }
}
