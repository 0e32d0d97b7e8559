package io.secateur.data;

/**
 * A stream of random numbers (splitmix64; Steele, Lea, Flood 2014) that is the same with every
 * release of Java: those of {@code java.util} may change theirs, and generated data may not.
 */
final class SplitMix {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;
  private static final double ULP = 0x1p-53;

  private long state;

  /** A stream that differs in every key: of two that share all but one, nothing is shared. */
  SplitMix(long... keys) {
    for (long key : keys) {
      state = mix(state + GAMMA + key);
    }
  }

  long next() {
    state += GAMMA;
    return mix(state);
  }

  /** Returns one of 0 … bound − 1. */
  int below(int bound) {
    return (int) (uniform() * bound);
  }

  /** Returns a number in [0, 1). */
  double uniform() {
    return (next() >>> 11) * ULP;
  }

  double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  /**
   * Returns a bell-shaped number of mean 0 and deviation 1, never beyond 3.47: the sum of four
   * uniform ones, which needs no function whose last digit differs between machines.
   */
  double bell() {
    long bits = next();
    long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
    return (sum - 2 * 65535) * (1.7320508075688772 / 65536);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
