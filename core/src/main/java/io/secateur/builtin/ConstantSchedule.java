package io.secateur.builtin;

import io.secateur.spi.Schedule;

/** The target from the start on. */
public record ConstantSchedule() implements Schedule {
  @Override
  public String name() {
    return "constant";
  }

  @Override
  public String description() {
    return """
        The whole target from the start on: s(p) = target.
        Over rounds this is one-shot. While training, the target holds from the first update of \
        the masks, as with ConstantSparsity of Keras.""";
  }

  @Override
  public double sparsity(double progress, double target) {
    Ramp.check("constant", 0, progress, target);
    return target;
  }
}
