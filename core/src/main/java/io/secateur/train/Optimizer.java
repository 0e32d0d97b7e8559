package io.secateur.train;

/**
 * The rule by which gradients move weights, with its settings. Numbers and defaults are PyTorch's;
 * weight decay is added to the gradient, and what is pruned neither moves nor decays.
 */
public sealed interface Optimizer {

  /** Returns the factor of its steps. */
  LearningRate learningRate();

  /**
   * Stochastic gradient descent: {@code d = g + λw; b ← μb + d; w ← w − ηb}, as torch.optim.SGD
   * without dampening; with Nesterov momentum {@code w ← w − η(d + μb)}.
   */
  record Sgd(LearningRate learningRate, double momentum, double weightDecay, boolean nesterov)
      implements Optimizer {
    /** Plain descent at a rate of 0.01. */
    public Sgd() {
      this(LearningRate.of(0.01), 0, 0, false);
    }

    public Sgd {
      below1("momentum", momentum);
      notNegative("weight decay", weightDecay);
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("Nesterov momentum needs a momentum above 0, was 0.0");
      }
    }
  }

  /**
   * Adam (Kingma and Ba, 2015), as torch.optim.Adam: {@code m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²;
   * w ← w − η · m/(1−β₁ᵗ) / (√v/√(1−β₂ᵗ) + ε)}.
   */
  record Adam(
      LearningRate learningRate, double beta1, double beta2, double epsilon, double weightDecay)
      implements Optimizer {
    /** PyTorch's defaults: a rate of 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    public Adam() {
      this(LearningRate.of(0.001), 0.9, 0.999, 1e-8, 0);
    }

    public Adam {
      below1("beta1", beta1);
      below1("beta2", beta2);
      notNegative("weight decay", weightDecay);
      // A pruned weight's 0 / (0 + epsilon) must be 0; as a float32 it must not vanish.
      if (!(epsilon >= Float.MIN_NORMAL && epsilon < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "epsilon must be a float32 number above 0, was " + epsilon);
      }
    }
  }

  private static void below1(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be at least 0 and below 1, was " + value);
    }
  }

  private static void notNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be at least 0 and finite, was " + value);
    }
  }
}
