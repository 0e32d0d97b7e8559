package io.secateur.train;

/**
 * The rule by which gradients move weights, with its settings. Numbers and defaults are PyTorch's;
 * weight decay is added to the gradient (but for AdamW), and what is pruned neither moves nor
 * decays.
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
      notVanishing("epsilon", epsilon);
    }
  }

  /**
   * AdamW (Loshchilov and Hutter, 2019), as torch.optim.AdamW: Adam whose decay leaves the gradient
   * alone, {@code w ← (1 − ηλ)w} before its step.
   */
  record Adamw(
      LearningRate learningRate, double beta1, double beta2, double epsilon, double weightDecay)
      implements Optimizer {
    /** PyTorch's defaults: those of Adam, and a decay of 0.01. */
    public Adamw() {
      this(LearningRate.of(0.001), 0.9, 0.999, 1e-8, 0.01);
    }

    public Adamw {
      below1("beta1", beta1);
      below1("beta2", beta2);
      notNegative("weight decay", weightDecay);
      notVanishing("epsilon", epsilon);
    }
  }

  /**
   * Adadelta (Zeiler, 2012), as torch.optim.Adadelta: {@code v ← ρv + (1−ρ)g²; δ = g · √(u+ε) /
   * √(v+ε); u ← ρu + (1−ρ)δ²; w ← w − ηδ}.
   */
  record Adadelta(LearningRate learningRate, double rho, double epsilon, double weightDecay)
      implements Optimizer {
    /** PyTorch's defaults: a rate of 1, ρ = 0.9, ε = 1e-6. */
    public Adadelta() {
      this(LearningRate.of(1), 0.9, 1e-6, 0);
    }

    public Adadelta {
      below1("rho", rho);
      notNegative("weight decay", weightDecay);
      notVanishing("epsilon", epsilon);
    }
  }

  /**
   * RMSprop (Hinton, 2012), as torch.optim.RMSprop: {@code v ← αv + (1−α)g²; w ← w − ηg/(√v + ε)}.
   * Centred, the squared mean of the gradients is taken from v; with momentum {@code b ← μb + g/(√v
   * + ε); w ← w − ηb}.
   */
  record Rmsprop(
      LearningRate learningRate,
      double alpha,
      double epsilon,
      double momentum,
      boolean centered,
      double weightDecay)
      implements Optimizer {
    /** PyTorch's defaults: a rate of 0.01, α = 0.99, ε = 1e-8, no momentum, not centred. */
    public Rmsprop() {
      this(LearningRate.of(0.01), 0.99, 1e-8, 0, false, 0);
    }

    public Rmsprop {
      below1("alpha", alpha);
      below1("momentum", momentum);
      notNegative("weight decay", weightDecay);
      notVanishing("epsilon", epsilon);
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

  /** A pruned weight's 0 / (0 + epsilon) must be 0; as a float32 it must not vanish. */
  private static void notVanishing(String name, double value) {
    if (!(value >= Float.MIN_NORMAL && value < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be a float32 number above 0, was " + value);
    }
  }
}
