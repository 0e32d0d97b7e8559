package io.secateur.train;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Adam, its bias corrections taken out of the loop as PyTorch does. */
record AdamRule(Optimizer.Adam settings) implements Rule {
  @Override
  public List<String> slots() {
    return List.of("m", "v");
  }

  @Override
  public void update(
      float[] weights, float[] gradients, float[][] slots, int length, double rate, long step) {
    loop(
        weights,
        gradients,
        slots[0],
        slots[1],
        length,
        (float) settings.weightDecay(),
        (float) (1 - settings.beta1()),
        (float) settings.beta2(),
        (float) (1 - settings.beta2()),
        (float) stride(rate, step),
        (float) spread(step),
        (float) settings.epsilon());
  }

  // Every array is indexed by the loop variable alone: such a loop becomes vectors.
  private static void loop(
      float[] w,
      float[] g,
      float[] m,
      float[] v,
      int length,
      float decay,
      float new1,
      float old2,
      float new2,
      float stride,
      float spread,
      float epsilon) {
    for (int i = 0; i < length; i++) {
      float gradient = g[i] + decay * w[i];
      float mean = m[i] + new1 * (gradient - m[i]);
      float square = old2 * v[i] + new2 * (gradient * gradient);
      m[i] = mean;
      v[i] = square;
      w[i] -= stride * (mean / ((float) Math.sqrt(square) / spread + epsilon));
    }
  }

  @Override
  public void update(
      NDArray weight, NDArray gradient, List<NDArray> slots, double rate, long step) {
    NDArray direction =
        settings.weightDecay() == 0 ? gradient : gradient.add(weight.mul(settings.weightDecay()));
    NDArray mean = slots.get(0);
    NDArray square = slots.get(1);
    mean.addi(direction.sub(mean).mul(1 - settings.beta1()));
    square.muli(settings.beta2()).addi(direction.square().mul(1 - settings.beta2()));
    NDArray width = square.sqrt().div(spread(step)).add(settings.epsilon());
    weight.subi(mean.div(width).mul(stride(rate, step)));
  }

  private double stride(double rate, long step) {
    return rate / (1 - StrictMath.pow(settings.beta1(), (double) step));
  }

  private double spread(long step) {
    return StrictMath.sqrt(1 - StrictMath.pow(settings.beta2(), (double) step));
  }
}
