package io.secateur.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.sparsity.Amount;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BudgetTest {

  @Test
  void accumulatesRoundedCountsOfADenseWeight() {
    // 3 rows, 5 columns in blocks of 2, 2, 1 at 50 %: rint of 3, 6, 7.5
    Budget budget = new Budget("w", new Amount.OfAll(.5), 15, 0);
    assertThat(budget.next(6, false)).isEqualTo(3);
    assertThat(budget.next(6, false)).isEqualTo(3);
    assertThat(budget.next(3, true)).isEqualTo(2);
  }

  @Test
  void endsOnTheExactCountHoweverBlocksAndEarlierPruningsLie() {
    long seed = 4_711;
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 5000; trial++) {
      int blocks = 1 + random.nextInt(8);
      long[] cells = new long[blocks];
      long[] left = new long[blocks];
      long all = 0;
      long remaining = 0;
      for (int i = 0; i < blocks; i++) {
        cells[i] = random.nextLong(1, 41);
        left[i] = trial % 2 == 0 ? cells[i] : random.nextLong(cells[i] + 1);
        all += cells[i];
        remaining += left[i];
      }
      double fraction = random.nextInt(5) == 0 ? random.nextInt(2) : random.nextDouble();
      long pruned = all - remaining;
      Amount amount;
      long asked;
      switch (random.nextInt(3)) {
        case 0 -> {
          amount = new Amount.OfAll(fraction);
          asked = Math.max(0, (long) Math.rint(fraction * all) - pruned);
        }
        case 1 -> {
          amount = new Amount.OfRemaining(fraction);
          asked = (long) Math.rint(fraction * remaining);
        }
        default -> {
          asked = random.nextLong(remaining + 1);
          amount = new Amount.Count(asked);
        }
      }
      Budget budget = new Budget("w", amount, all, pruned);
      long gone = 0;
      for (int i = 0; i < blocks; i++) {
        long next = budget.next(left[i], i == blocks - 1);
        assertThat(next).as("seed %d, trial %d", seed, trial).isBetween(0L, left[i]);
        gone += next;
      }
      assertThat(gone).as("seed %d, trial %d, %s", seed, trial, amount).isEqualTo(asked);
    }
  }

  @Test
  void refusesMoreThanIsLeft() {
    assertThatThrownBy(() -> new Budget("fc.weight", new Amount.Count(6), 10, 5))
        .hasMessage("a count of 6 units was asked of fc.weight, which has 5 left");
  }
}
