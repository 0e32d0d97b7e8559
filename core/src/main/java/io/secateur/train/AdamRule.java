package io.secateur.train;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Adam and AdamW, their bias corrections taken out of the loop as PyTorch does.
 *
 * @param decay added to the gradient
 * @param shrinking by which weights lose before the step, times the rate
 */
record AdamRule(double beta1, double beta2, double epsilon, double decay, double shrinking)
    implements Rule {
  AdamRule(Optimizer.Adam adam) {
    this(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay(), 0);
  }

  AdamRule(Optimizer.Adamw adamw) {
    this(adamw.beta1(), adamw.beta2(), adamw.epsilon(), 0, adamw.weightDecay());
  }

  @Override
  public List<String> slots() {
    return List.of("m", "v");
  }

  @Override
  public void update(
      float[] weights, float[] gradients, float[][] slots, int length, double rate, long step) {
    if (shrinking != 0) {
      shrink(weights, length, (float) (1 - rate * shrinking));
    }
    loop(
        weights,
        gradients,
        slots[0],
        slots[1],
        length,
        (float) decay,
        (float) (1 - beta1),
        (float) beta2,
        (float) (1 - beta2),
        (float) stride(rate, step),
        (float) spread(step),
        (float) epsilon);
  }

  // Every array is indexed by the loop variable alone: such a loop becomes vectors.
  private static void shrink(float[] w, int length, float factor) {
    for (int i = 0; i < length; i++) {
      w[i] *= factor;
    }
  }

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
      float mean = m[i] + new1 * (gradient - m[i]) + FLOOR - FLOOR;
      float square = old2 * v[i] + new2 * (gradient * gradient) + FLOOR - FLOOR;
      m[i] = mean;
      v[i] = square;
      w[i] -= stride * (mean / ((float) Math.sqrt(square) / spread + epsilon));
    }
  }

  @Override
  public void update(
      NDArray weight, NDArray gradient, List<NDArray> slots, double rate, long step) {
    if (shrinking != 0) {
      weight.muli(1 - rate * shrinking);
    }
    NDArray direction = decay == 0 ? gradient : gradient.add(weight.mul(decay));
    NDArray mean = slots.get(0);
    NDArray square = slots.get(1);
    mean.addi(direction.sub(mean).mul(1 - beta1));
    square.muli(beta2).addi(direction.square().mul(1 - beta2));
    NDArray width = square.sqrt().div(spread(step)).add(epsilon);
    weight.subi(mean.div(width).mul(stride(rate, step)));
  }

  private double stride(double rate, long step) {
    return rate / (1 - StrictMath.pow(beta1, (double) step));
  }

  private double spread(long step) {
    return StrictMath.sqrt(1 - StrictMath.pow(beta2, (double) step));
  }
}
