package io.secateur.model;

/** How parameters start. */
public enum Initialisation {
  /** PyTorch's default for linear and convolution layers: uniform in ±1/√fan-in, biases too. */
  PYTORCH,
  /** Normal with variance 2 / (fan-in + fan-out), biases 0 (Glorot and Bengio, 2010). */
  GLOROT_NORMAL,
  /** Normal with variance 2 / fan-in, biases 0, for layers before a ReLU (He et al., 2015). */
  HE_NORMAL
}
