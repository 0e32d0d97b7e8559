package io.secateur.train;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Adadelta: steps as long as those before, by gradients as large as those before. */
record AdadeltaRule(Optimizer.Adadelta settings) implements Rule {
  @Override
  public List<String> slots() {
    return List.of("square", "delta");
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
        (float) settings.rho(),
        (float) (1 - settings.rho()),
        (float) settings.epsilon(),
        (float) rate);
  }

  // Every array is indexed by the loop variable alone: such a loop becomes vectors.
  private static void loop(
      float[] w,
      float[] g,
      float[] v,
      float[] u,
      int length,
      float decay,
      float kept,
      float fresh,
      float epsilon,
      float rate) {
    for (int i = 0; i < length; i++) {
      float gradient = g[i] + decay * w[i];
      float square = kept * v[i] + fresh * (gradient * gradient) + FLOOR - FLOOR;
      float width = (float) Math.sqrt(square + epsilon);
      float delta = (float) Math.sqrt(u[i] + epsilon) / width * gradient;
      v[i] = square;
      u[i] = kept * u[i] + fresh * (delta * delta) + FLOOR - FLOOR;
      w[i] -= rate * delta;
    }
  }

  @Override
  public void update(
      NDArray weight, NDArray gradient, List<NDArray> slots, double rate, long step) {
    NDArray direction =
        settings.weightDecay() == 0 ? gradient : gradient.add(weight.mul(settings.weightDecay()));
    NDArray square = slots.get(0);
    NDArray length = slots.get(1);
    square.muli(settings.rho()).addi(direction.square().mul(1 - settings.rho()));
    NDArray width = square.add(settings.epsilon()).sqrt();
    NDArray delta = length.add(settings.epsilon()).sqrt().div(width).mul(direction);
    length.muli(settings.rho()).addi(delta.square().mul(1 - settings.rho()));
    weight.subi(delta.mul(rate));
  }
}
