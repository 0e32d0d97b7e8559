package io.secateur.train;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Gradient descent. A momentum that starts at 0 becomes the first gradient, as in PyTorch. */
record SgdRule(Optimizer.Sgd settings) implements Rule {
  @Override
  public List<String> slots() {
    return settings.momentum() == 0 ? List.of() : List.of("momentum");
  }

  @Override
  public void update(
      float[] weights, float[] gradients, float[][] slots, int length, double rate, long step) {
    float decay = (float) settings.weightDecay();
    if (slots.length == 0) {
      plain(weights, gradients, length, decay, (float) rate);
    } else if (settings.nesterov()) {
      nesterov(
          weights, gradients, slots[0], length, decay, (float) settings.momentum(), (float) rate);
    } else {
      momentum(
          weights, gradients, slots[0], length, decay, (float) settings.momentum(), (float) rate);
    }
  }

  // One loop per kind, every array indexed by the loop variable alone: such loops become vectors.

  private static void plain(float[] w, float[] g, int length, float decay, float rate) {
    for (int i = 0; i < length; i++) {
      w[i] -= rate * (g[i] + decay * w[i]);
    }
  }

  private static void momentum(
      float[] w, float[] g, float[] b, int length, float decay, float momentum, float rate) {
    for (int i = 0; i < length; i++) {
      float moved = momentum * b[i] + (g[i] + decay * w[i]) + FLOOR - FLOOR;
      b[i] = moved;
      w[i] -= rate * moved;
    }
  }

  private static void nesterov(
      float[] w, float[] g, float[] b, int length, float decay, float momentum, float rate) {
    for (int i = 0; i < length; i++) {
      float gradient = g[i] + decay * w[i];
      float moved = momentum * b[i] + gradient + FLOOR - FLOOR;
      b[i] = moved;
      w[i] -= rate * (gradient + momentum * moved);
    }
  }

  @Override
  public void update(
      NDArray weight, NDArray gradient, List<NDArray> slots, double rate, long step) {
    NDArray direction =
        settings.weightDecay() == 0 ? gradient : gradient.add(weight.mul(settings.weightDecay()));
    if (!slots.isEmpty()) {
      NDArray momentum = slots.get(0);
      momentum.muli(settings.momentum()).addi(direction);
      direction = settings.nesterov() ? direction.add(momentum.mul(settings.momentum())) : momentum;
    }
    weight.subi(direction.mul(rate));
  }
}
