package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {
  @Test
  void showsEveryExampleOnceTheShortLastBatchIncluded() {
    Order order = new Order(10, 4, 1, 0);

    assertThat(order.batch(2)).hasSize(2);
    assertThat(all(order, 3)).containsExactlyInAnyOrderElementsOf(firstNumbers(10));
  }

  @Test
  void isTheSameForTheSameSeedAndEpoch() {
    assertThat(new Order(100, 100, 7, 3).batch(0)).isEqualTo(new Order(100, 100, 7, 3).batch(0));
  }

  @Test
  void differsBetweenEpochsAndSeeds() {
    int[] order = new Order(100, 100, 7, 3).batch(0);

    assertThat(new Order(100, 100, 7, 4).batch(0)).isNotEqualTo(order);
    assertThat(new Order(100, 100, 8, 3).batch(0)).isNotEqualTo(order);
    assertThat(order).isNotEqualTo(IntStream.range(0, 100).toArray());
  }

  @Test
  void everyExampleComesFirstAboutAsOften() {
    int[] first = new int[5];
    for (int epoch = 0; epoch < 5000; epoch++) {
      first[new Order(5, 1, 11, epoch).batch(0)[0]]++;
    }

    // 1000 expected, deviation 28: five of them.
    assertThat(Arrays.stream(first)).allMatch(count -> Math.abs(count - 1000) < 140);
  }

  private static List<Integer> all(Order order, int batches) {
    List<Integer> all = new ArrayList<>();
    for (int batch = 0; batch < batches; batch++) {
      Arrays.stream(order.batch(batch)).forEach(all::add);
    }
    return all;
  }

  private static List<Integer> firstNumbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
