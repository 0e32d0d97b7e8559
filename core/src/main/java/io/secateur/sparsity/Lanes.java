package io.secateur.sparsity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Work side by side on the processor's cores, in shares that touch different words of a mask. */
public final class Lanes {
  /** Less than this is not worth a second lane. */
  private static final long UNITS_PER_LANE = 1 << 18;

  private Lanes() {}

  /** Returns how many lanes so many units are worth. */
  static int worth(long units) {
    return (int) Math.max(1, Math.min(units / UNITS_PER_LANE, most()));
  }

  /**
   * Returns how many threads may compute: as many as the engine was told to use, for beside this
   * process others may be at work; else as many as there are processors.
   */
  public static int most() {
    int processors = Runtime.getRuntime().availableProcessors();
    return Math.max(1, Integer.getInteger("ai.djl.pytorch.num_threads", processors));
  }

  /** Returns the numbers of shares of so many units each, to be worked on side by side. */
  public static IntStream shares(long units, int each) {
    IntStream shares = IntStream.range(0, Math.toIntExact((units + each - 1) / each));
    return most() == 1 ? shares : shares.parallel();
  }

  /**
   * Returns the ends of {@code lanes} about equal shares of 0 to {@code size}, each but the last a
   * multiple of 64.
   */
  static long end(int lane, int lanes, long size) {
    return lane + 1 == lanes ? size : (size / lanes * (lane + 1)) & -Bits.WORD;
  }

  /**
   * Works on all shares and returns what came of each, in order. When some fail, the first share's
   * exception is thrown, as one thread alone would.
   */
  static <S, T> List<T> each(List<S> shares, Function<S, T> work) {
    if (shares.size() == 1) {
      return List.of(work.apply(shares.get(0)));
    }
    List<Supplier<T>> outcomes =
        IntStream.range(0, shares.size())
            .parallel()
            .mapToObj(i -> attempt(shares.get(i), work))
            .toList();
    List<T> results = new ArrayList<>();
    outcomes.forEach(outcome -> results.add(outcome.get()));
    return results;
  }

  private static <S, T> Supplier<T> attempt(S share, Function<S, T> work) {
    try {
      T result = work.apply(share);
      return () -> result;
    } catch (RuntimeException e) {
      return () -> {
        throw e;
      };
    }
  }
}
