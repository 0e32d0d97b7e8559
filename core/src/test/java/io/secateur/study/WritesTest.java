package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WritesTest {
  private final Set<Integer> written = ConcurrentHashMap.newKeySet();

  @Test
  void allIsWrittenWhenItIsClosed() throws IOException {
    try (Writes writes = new Writes()) {
      for (int i = 0; i < 20; i++) {
        int number = i;
        writes.begin(() -> written.add(number));
      }
    }
    assertThat(written).hasSize(20);
  }

  @Test
  void theFirstThatFailedIsToldAfterTheOthersAreWritten() throws Exception {
    CountDownLatch later = new CountDownLatch(1);
    Writes writes = new Writes();
    writes.begin(
        () -> {
          await(later);
          throw new IOException("first");
        });
    writes.begin(
        () -> {
          later.countDown();
          throw new IOException("second");
        });
    writes.begin(() -> written.add(3));
    assertThatThrownBy(writes::close).isExactlyInstanceOf(IOException.class).hasMessage("first");
    assertThat(written).containsExactly(3);
    writes.close();
  }

  @Test
  void whatIsNoFaultOfTheDiskIsToldAsItIs() {
    Writes writes = new Writes();
    writes.begin(
        () -> {
          throw new IllegalStateException("broken");
        });
    assertThatThrownBy(writes::close).isInstanceOf(IllegalStateException.class).hasMessage("broken");
    Writes spent = new Writes();
    spent.begin(
        () -> {
          throw new OutOfMemoryError("no heap");
        });
    assertThatThrownBy(spent::close).isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aThreadThatWasInterruptedStillWaits() throws IOException {
    try (Writes writes = new Writes()) {
      Thread.currentThread().interrupt();
      writes.begin(() -> written.add(1));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(written).containsExactly(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
