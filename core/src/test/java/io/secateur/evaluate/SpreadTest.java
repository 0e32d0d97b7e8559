package io.secateur.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.secateur.spi.Examples;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void takesOneExampleOfEachStretch() {
    Spread some = new Spread(new Many(100), 8);

    for (int i = 0; i < 8; i++) {
      assertThat(some.place(i)).isBetween(100 * i / 8, 100 * (i + 1) / 8 - 1);
      assertThat(some.place(i)).isEqualTo(new Spread(new Many(100), 8).place(i));
    }
    assertThat(new Spread(new Many(8), 8).place(7)).isEqualTo(7);
  }

  @Test
  void takesAllClassesWhetherTheyAreSortedOrTakeTurns() {
    Spread some = new Spread(new Many(10_000), 1000);
    int[] sorted = new int[10];
    int[] turns = new int[10];
    for (int i = 0; i < 1000; i++) {
      sorted[some.place(i) / 1000]++;
      turns[some.place(i) % 10]++;
    }

    assertThat(sorted).containsOnly(100);
    // A class in ten of a thousand: deviation 9.5.
    for (int count : turns) {
      assertThat(count).isBetween(62, 138);
    }
  }

  private record Many(int size) implements Examples {
    @Override
    public Batch batch(int[] indices, NDManager manager) {
      throw new UnsupportedOperationException();
    }
  }
}
