package io.secateur.train;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * RMSprop. Centred, a variance that rounding brings below 0 counts as 0, where PyTorch's root is
 * NaN.
 */
record RmspropRule(Optimizer.Rmsprop settings) implements Rule {
  @Override
  public List<String> slots() {
    List<String> slots = new ArrayList<>(List.of("square"));
    if (settings.centered()) {
      slots.add("mean");
    }
    if (settings.momentum() != 0) {
      slots.add("momentum");
    }
    return slots;
  }

  @Override
  public void update(
      float[] weights, float[] gradients, float[][] slots, int length, double rate, long step) {
    float decay = (float) settings.weightDecay();
    float kept = (float) settings.alpha();
    float fresh = (float) (1 - settings.alpha());
    float epsilon = (float) settings.epsilon();
    // From here on the gradients hold the directions of the steps.
    if (settings.centered()) {
      centered(weights, gradients, slots[0], slots[1], length, decay, kept, fresh, epsilon);
    } else {
      plain(weights, gradients, slots[0], length, decay, kept, fresh, epsilon);
    }
    if (settings.momentum() != 0) {
      float[] momentum = slots[slots.length - 1];
      momentum(gradients, momentum, length, (float) settings.momentum());
    }
    move(weights, gradients, length, (float) rate);
  }

  // One loop per part, every array indexed by the loop variable alone: such loops become vectors.

  private static void plain(
      float[] w,
      float[] g,
      float[] v,
      int length,
      float decay,
      float kept,
      float fresh,
      float epsilon) {
    for (int i = 0; i < length; i++) {
      float gradient = g[i] + decay * w[i];
      float square = kept * v[i] + fresh * (gradient * gradient) + FLOOR - FLOOR;
      v[i] = square;
      g[i] = gradient / ((float) Math.sqrt(square) + epsilon);
    }
  }

  private static void centered(
      float[] w,
      float[] g,
      float[] v,
      float[] m,
      int length,
      float decay,
      float kept,
      float fresh,
      float epsilon) {
    for (int i = 0; i < length; i++) {
      float gradient = g[i] + decay * w[i];
      float square = kept * v[i] + fresh * (gradient * gradient) + FLOOR - FLOOR;
      float mean = kept * m[i] + fresh * gradient + FLOOR - FLOOR;
      v[i] = square;
      m[i] = mean;
      g[i] = gradient / ((float) Math.sqrt(Math.max(0, square - mean * mean)) + epsilon);
    }
  }

  private static void momentum(float[] g, float[] b, int length, float momentum) {
    for (int i = 0; i < length; i++) {
      float moved = momentum * b[i] + g[i] + FLOOR - FLOOR;
      b[i] = moved;
      g[i] = moved;
    }
  }

  private static void move(float[] w, float[] g, int length, float rate) {
    for (int i = 0; i < length; i++) {
      w[i] -= rate * g[i];
    }
  }

  @Override
  public void update(
      NDArray weight, NDArray gradient, List<NDArray> slots, double rate, long step) {
    NDArray slope =
        settings.weightDecay() == 0 ? gradient : gradient.add(weight.mul(settings.weightDecay()));
    NDArray square = slots.get(0);
    square.muli(settings.alpha()).addi(slope.square().mul(1 - settings.alpha()));
    NDArray variance = square;
    if (settings.centered()) {
      NDArray mean = slots.get(1);
      mean.muli(settings.alpha()).addi(slope.mul(1 - settings.alpha()));
      variance = square.sub(mean.square()).maximum(0);
    }
    NDArray direction = slope.div(variance.sqrt().add(settings.epsilon()));
    if (settings.momentum() != 0) {
      NDArray momentum = slots.get(slots.size() - 1);
      momentum.muli(settings.momentum()).addi(direction);
      direction = momentum;
    }
    weight.subi(direction.mul(rate));
  }
}
