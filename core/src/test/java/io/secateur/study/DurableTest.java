package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableTest {
  @TempDir Path folder;

  @Test
  void refusesWhatTheDiskCannotHoldBeforeItWritesAnything() {
    Path file = folder.resolve("huge");
    assertThatThrownBy(
            () ->
                Durable.write(file, Collections.nCopies(100_000_000, ByteBuffer.allocate(1 << 24))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no space left: " + folder + " takes 1,677,721,600,000,000 bytes")
        .hasMessageContaining("--store");
    assertThat(file).doesNotExist();
  }

  @Test
  void replacesAFileAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("results.jsonl");
    Durable.replace(file, "old");
    Durable.replace(file, "new");
    assertThat(file).hasContent("new");
    assertThat(folder.toFile().list()).containsExactly("results.jsonl");
  }
}
