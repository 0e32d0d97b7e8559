package io.secateur.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.secateur.spi.Examples;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void takesExamplesFromTheWholeSplit() {
    Spread some = new Spread(new Hundred(), 8);

    assertThat(IntStream.range(0, 8).map(some::place).toArray())
        .containsExactly(0, 12, 25, 37, 50, 62, 75, 87);
  }

  private record Hundred() implements Examples {
    @Override
    public int size() {
      return 100;
    }

    @Override
    public Batch batch(int[] indices, NDManager manager) {
      throw new UnsupportedOperationException();
    }
  }
}
